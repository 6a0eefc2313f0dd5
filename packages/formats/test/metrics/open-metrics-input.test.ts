import { openMetrics } from "@millrace/formats";
import { describe, expect, it } from "vitest";
import { readEach, readOne } from "../read-records.ts";

const sampleOf = (line: string) => readOne(openMetrics(), line);
const badOf = (line: string): unknown => {
  const [read] = readEach(openMetrics(), [line]);
  return read !== undefined && "bad" in read ? read.bad : read;
};

describe("openMetrics() as input", () => {
  it("reads name, labels, value and time", () => {
    const sample = sampleOf('http_requests_total{method="post",code="200"} 1027 1395066363000');
    expect(sample.name).toBe("http_requests_total");
    expect(sample.series).toBe('http_requests_total{code="200",method="post"}');
    expect(Object.entries(sample.labels)).toEqual([
      ["code", "200"],
      ["method", "post"],
    ]);
    expect([sample.value, sample.time, sample.exemplar]).toEqual([1027, 1395066363000, null]);
    expect([sample.label("code"), sample.label("method"), sample.label("cod"), sample.label("x")]).toEqual([
      "200",
      "post",
      null,
      null,
    ]);
  });

  // The examples of Prometheus' page on its text format.
  it.each([
    ["metric_without_timestamp_and_labels 12.47", "metric_without_timestamp_and_labels", 12.47, null],
    [
      'something_weird{problem="division by zero"} +Inf -3982045',
      'something_weird{problem="division by zero"}',
      Infinity,
      -3982045000,
    ],
    [
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9',
      'msdos_file_access_time_seconds{error="Cannot find file:\\n\\"FILE.TXT\\"",path="C:\\\\DIR\\\\FILE.TXT"}',
      1.458255915e9,
      null,
    ],
    [
      'http_request_duration_seconds_bucket{le="+Inf"} 144320',
      'http_request_duration_seconds_bucket{le="+Inf"}',
      144320,
      null,
    ],
    ['rpc_duration_seconds{quantile="0.01"} 3102', 'rpc_duration_seconds{quantile="0.01"}', 3102, null],
  ])("reads %s", (line, series, value, time) => {
    const sample = sampleOf(line);
    expect([sample.series, sample.value, sample.time]).toEqual([series, value, time]);
  });

  it("undoes escapes in label values, and leaves other backslashes", () => {
    const sample = sampleOf(String.raw`a{b="C:\\x\"y\"\nz\q"} 1`);
    expect(sample.label("b")).toBe('C:\\x"y"\nz\\q');
    expect(sample.series).toBe(String.raw`a{b="C:\\x\"y\"\nz\\q"}`);
  });

  it.each([
    '  a{b="1",c="2"} 5 7',
    'a {b="1",c="2"} 5 7',
    'a{ b="1" , c="2" } 5 7',
    'a{c="2",b="1"} 5 7',
    'a{b="1",c="2",} 5 7',
    '\ta\t{\tb\t=\t"1",c = "2"\t,\t}\t5\t7\t ',
    'a{b="1",c="2"}5 7',
    'a{b="1",c="2",d=""} 5 7.000',
  ])("gives one series for %j", (line) => {
    const sample = sampleOf(line);
    expect([sample.name, sample.series, sample.value, sample.time]).toEqual(["a", 'a{b="1",c="2"}', 5, 7000]);
    expect([sample.label("b"), sample.label("c"), sample.label("d")]).toEqual(["1", "2", null]);
    expect({ ...sample.labels }).toEqual({ b: "1", c: "2" });
  });

  it.each(["a 1", "a{} 1", "a{ } 1", 'a{x=""} 1', 'a{x="",} 1'])("has no labels in %s", (line) => {
    expect([sampleOf(line).series, Object.keys(sampleOf(line).labels)]).toEqual(["a", []]);
  });

  it.each([
    ["0", 0],
    ["-0", -0],
    ["+5", 5],
    ["007", 7],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["1E-3", 0.001],
    ["-1.5e+2", -150],
    ["0.1", 0.1],
    ["123456789012345", 123456789012345],
    ["9007199254740993", 9007199254740992],
    ["1.7976931348623157e308", Number.MAX_VALUE],
    ["5e-324", 5e-324],
    ["1e-400", 0],
    ["3.141592653589793238", Math.PI],
    ["0.30000000000000004", 0.30000000000000004],
    ["123456.789012345", 123456.789012345],
    ["NaN", Number.NaN],
    ["nan", Number.NaN],
    ["Inf", Infinity],
    ["+inf", Infinity],
    ["-Infinity", -Infinity],
  ])("reads the value %s", (text, value) => {
    expect(sampleOf(`a ${text}`).value).toBe(value);
  });

  it.each([
    "0x10",
    "0x1p-2",
    "1_000",
    "1e",
    "e5",
    ".",
    "+",
    "-",
    "--1",
    "1,5",
    "+NaN",
    "-nan",
    "1e400",
    "true",
    "Infin",
    "1e5.5",
    "\u0661",
  ])("refuses the value %s", (text) => {
    expect(badOf(`a ${text}`)).toBe("the value is no number");
  });

  it.each([
    ["1395066363000", 1395066363000],
    ["1395066363", 1395066363000],
    ["1395066363.5", 1395066363500],
    ["1395066363.123", 1395066363123],
    ["1395066363.1235", 1395066363124],
    ["1395066363.000000001", 1395066363000],
    ["1.395066363123e9", 1395066363123],
    ["99999999999", 99999999999000],
    ["100000000000", 100000000000],
    ["0", 0],
    ["-0", 0],
    ["-1.5", -1500],
    ["-0.0001", 0],
  ])("takes the time %s for %s ms", (text, ms) => {
    expect(sampleOf(`a 1 ${text}`).time).toBe(ms);
  });

  it("takes times as it is told", () => {
    expect(readOne(openMetrics({ timestamps: "milliseconds" }), "a 1 5").time).toBe(5);
    expect(readOne(openMetrics({ timestamps: "seconds" }), "a 1 1395066363000").time).toBe(1395066363000000);
    expect(readEach(openMetrics({ timestamps: "milliseconds" }), ["a 1 5.5"])).toEqual([{ bad: "the time is none" }]);
  });

  it.each(["x", "NaN", "Inf", "1.5.5", "", "99999999999999999999", "1e300", "-"].filter((text) => text !== ""))(
    "refuses the time %s",
    (text) => {
      expect(badOf(`a 1 ${text}`)).toBe("the time is none");
    },
  );

  it("reads an exemplar", () => {
    const sample = sampleOf(
      'foo_bucket{le="10"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o",b="\\"\\n"} 0.67 1520879606.5',
    );
    expect(sample.exemplar).toEqual({
      labels: { b: '"\n', trace_id: "KOO5S4vxi0o" },
      value: 0.67,
      time: 1520879606500,
    });
    expect([sample.value, sample.time]).toEqual([17, 1520879607789]);
    expect(sampleOf("a 1 # {} 2").exemplar).toEqual({ labels: {}, value: 2, time: null });
    expect(sampleOf("a 1 2 # {} NaN").exemplar).toEqual({ labels: {}, value: Number.NaN, time: null });
  });

  it.each([
    ["a 1 # ", "no labels in the exemplar"],
    ["a 1 # 5", "no labels in the exemplar"],
    ['a 1 # {b="1"', "in the exemplar: no comma or closing brace after a label"],
    ["a 1 # {} ", "the value of the exemplar is no number"],
    ["a 1 # {} 1 x", "the time of the exemplar is none"],
    ["a 1 # {} 1 2 3", "something after the exemplar"],
    [`a 1 # {b="${"x".repeat(128)}"} 1`, "the labels of the exemplar have more than 128 characters"],
  ])("refuses the exemplar of %s", (line, reason) => {
    expect(badOf(line)).toBe(reason);
  });

  it.each(["", "  ", "\t", "# HELP a b", "#", "# TYPE a counter", "# UNIT a seconds", "# EOF", "  # TYPE", "#a 1"])(
    "finds no sample in %j",
    (line) => {
      expect(readEach(openMetrics(), [line])).toEqual([{ none: true }]);
    },
  );

  it.each([
    ["a", "no value"],
    ["a ", "no value"],
    ['a{b="1"}', "no value"],
    ["1a 5", "no metric name where one must be"],
    ["\u00e4 5", "no metric name where one must be"],
    ["a-b 5", "the name holds a character that names do not have"],
    ["a\u00e4 5", "the name holds a character that names do not have"],
    ["a 1 2 3", "something after the time"],
    ["a{b} 1", "a label has no quoted value"],
    ["a{b=1} 1", "a label has no quoted value"],
    ["a{b=} 1", "a label has no quoted value"],
    ['a{b="1} 1', "a label's value has no closing quote"],
    ['a{b="1\\', "a label's value has no closing quote"],
    ['a{b="1\\"', "a label's value has no closing quote"],
    ['a{b="1"', "no comma or closing brace after a label"],
    ['a{b="1",', "the labels have no closing brace"],
    ['a{b="1" c="2"} 1', "no comma or closing brace after a label"],
    ['a{,b="1"} 1', "no label name where one must be"],
    ['a{b="1",,c="1"} 1', "no label name where one must be"],
    ['a{b:c="1"} 1', "a label has no quoted value"],
    ['a{1b="1"} 1', "no label name where one must be"],
    ['a{b="1",b="1"} 1', "the label b stands twice"],
    ['a{c="1",b="2",c="3"} 1', "the label c stands twice"],
    ['a{"b c"="1"} 1', "a quoted name among the labels, which these formats do not have"],
    ['{"a.b"} 1', "a series without a name before its labels, which these formats do not have"],
    ["{} 1", "a series without a name before its labels, which these formats do not have"],
  ])("gives a bad record for %s: %s", (line, reason) => {
    expect(badOf(line)).toBe(reason);
  });

  it("reads labels that are named as properties of objects", () => {
    const sample = sampleOf('a{__proto__="1",constructor="2",toString="3"} 1');
    expect(Object.keys(sample.labels)).toEqual(["__proto__", "constructor", "toString"]);
    expect(sample.labels["__proto__"]).toBe("1");
    expect(sampleOf("a 1").labels["toString"]).toBeUndefined();
    expect(sample.label("__proto__")).toBe("1");
  });

  it("bears a line of 8 MiB and one of 100,000 labels", () => {
    const long = sampleOf(`a{b="${"x".repeat(8 * 1024 * 1024)}"} 1`);
    expect(long.label("b")).toHaveLength(8 * 1024 * 1024);
    const labels = Array.from({ length: 100_000 }, (_, index) => `l${index}="v"`).join(",");
    expect(Object.keys(sampleOf(`a{${labels}} 1`).labels)).toHaveLength(100_000);
  });

  it("refuses 4 MiB of digits that are no number in the time that reading them takes", () => {
    // A pattern that could take digits in two ways would try all of them: hours.
    expect(badOf(`a ${"1".repeat(4 * 1024 * 1024)}x`)).toBe("the value is no number");
    expect(badOf(`a 1 ${"1".repeat(4 * 1024 * 1024)}x`)).toBe("the time is none");
    expect(sampleOf(`a ${"0".repeat(4 * 1024 * 1024)}7`).value).toBe(7);
  });

  it("keeps text in any script, and counts bytes that are no UTF-8", () => {
    expect(sampleOf('a{b="\u00e4\u{1f642}"} 1').label("b")).toBe("\u00e4\u{1f642}");
    const counters = new Map<string, number>();
    readEach(openMetrics(), [Uint8Array.of(0x61, 0x7b, 0x62, 0x3d, 0x22, 0xff, 0x22, 0x7d, 0x20, 0x31)], counters);
    expect([...counters]).toEqual([["millrace.invalidUtf8Records", 1]]);
  });

  it("passes over a byte order mark", () => {
    expect(sampleOf("\ufeffa 1").series).toBe("a");
    expect(readEach(openMetrics(), ["\ufeff# TYPE a counter", "\ufeff"])).toEqual([{ none: true }, { none: true }]);
  });

  it("shows all of a sample as JSON, which has no NaN", () => {
    expect(JSON.stringify(sampleOf('a{b="1"} NaN 5 # {t="x"} +Inf'))).toBe(
      '{"name":"a","labels":{"b":"1"},"value":"NaN","time":5000,"exemplar":{"labels":{"t":"x"},"value":"+Inf","time":null}}',
    );
  });
});

describe("openMetrics({ labels })", () => {
  it("makes labels columns and properties", () => {
    const table = openMetrics({ labels: ["job", "le"] });
    const sample = readOne(table, 'a{job="x"} 1');
    expect([sample.job, sample.le, sample.value]).toEqual(["x", null, 1]);
    expect([table.job.kind, table.value.kind, table.time.kind]).toEqual(["text", "number", "time"]);
  });

  it.each([["name"], ["1a"], [""], ["a-b"], ["__proto__"], ["a", "a"]])("refuses %j", (...labels) => {
    expect(() => openMetrics({ labels })).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });

  it.each<[unknown, string]>([
    [null, "Cannot make openMetrics(): its options are null; give an object of timestamps, labels"],
    [{ labels: "job" }, '"labels" is a string; give a list of names'],
    [{ labels: ["a", 1] }, '"labels" is a list of more than texts; give a list of names'],
    [{ label: ["job"] }, 'it has no property "label"; did you mean "labels"?'],
    [
      { timestamps: "second" },
      '"timestamps" is "second" (did you mean "seconds"?); use milliseconds, seconds, or leave it out',
    ],
    [{ timestamps: "minutes" }, '"timestamps" is "minutes"; use'],
    [{ timestamps: "detect" }, '"timestamps" is "detect"; use'],
    [{ timestamps: 1 }, '"timestamps" is a number; use'],
  ])("refuses the options %j", (options, reason) => {
    const make = (): unknown => openMetrics(options as never);
    expect(make).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
    expect(make).toThrow(reason);
  });
});
