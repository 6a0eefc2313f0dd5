import { type InfluxPoint, influxLine } from "@millrace/formats";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";

const pointOf = (line: string) => readOne(influxLine(), line);
const badOf = (line: string): unknown => {
  const [read] = readEach(influxLine(), [line]);
  return read !== undefined && "bad" in read ? read.bad : read;
};
const write = (...points: readonly InfluxPoint[]): string => writeAll(influxLine(), points);

describe("influxLine() as input", () => {
  it("reads measurement, tags, fields and time", () => {
    const point = pointOf(
      'cpu,host=a,region=eu-1 usage=0.5,n=3i,u=4u,on=true,why="it is, \\"so\\"" 1700000000123456789',
    );
    expect(point.measurement).toBe("cpu");
    expect({ ...point.tags }).toEqual({ host: "a", region: "eu-1" });
    expect({ ...point.fields }).toEqual({ usage: 0.5, n: 3n, u: { unsigned: 4n }, on: true, why: 'it is, "so"' });
    expect([point.time, point.timestamp]).toEqual([1700000000123, 1700000000123456789n]);
    expect([point.tag("host"), point.tag("hos"), point.tag("usage")]).toEqual(["a", null, null]);
    expect([point.field("n"), point.field("x"), point.field("host")]).toEqual([3n, null, null]);
    expect(["usage", "n", "u", "on", "why", "x"].map((key) => point.number(key))).toEqual([
      0.5,
      3,
      4,
      null,
      null,
      null,
    ]);
  });

  it("reads a point without tags and time", () => {
    const point = pointOf("m f=1");
    expect([point.measurement, Object.keys(point.tags), point.time, point.timestamp]).toEqual(["m", [], null, null]);
  });

  // The examples of InfluxData's page on its line protocol.
  it.each([
    [String.raw`my\ measurement fieldKey="string value"`, "my measurement", {}, { fieldKey: "string value" }],
    [
      String.raw`myMeasurement fieldKey="\"string\" within a string"`,
      "myMeasurement",
      {},
      { fieldKey: '"string" within a string' },
    ],
    [
      String.raw`myMeasurement,tag\ Key1=tag\ Value1,tag\ Key2=tag\ Value2 fieldKey=100`,
      "myMeasurement",
      { "tag Key1": "tag Value1", "tag Key2": "tag Value2" },
      { fieldKey: 100 },
    ],
    [
      'myMeasurement,tagKey=🍭 fieldKey="Launch 🚀" 1556813561098000000',
      "myMeasurement",
      { tagKey: "🍭" },
      { fieldKey: "Launch 🚀" },
    ],
    ["myMeasurement fieldKey=1.0", "myMeasurement", {}, { fieldKey: 1 }],
    ["myMeasurement fieldKey=-1.234456e+78", "myMeasurement", {}, { fieldKey: -1.234456e78 }],
    ["myMeasurement fieldKey=12485903u", "myMeasurement", {}, { fieldKey: { unsigned: 12485903n } }],
    [String.raw`a\,b,c\=d=e\,f g\,h=1`, "a,b", { "c=d": "e,f" }, { "g,h": 1 }],
    [String.raw`a\b,c=C:\dir f="x\y\\z"`, String.raw`a\b`, { c: String.raw`C:\dir` }, { f: String.raw`x\y\z` }],
    ["a=b f=1", "a=b", {}, { f: 1 }],
  ])("reads %s", (line, measurement, tags, fields) => {
    const point = pointOf(line);
    expect([point.measurement, { ...point.tags }, { ...point.fields }]).toEqual([measurement, tags, fields]);
    for (const [key, value] of Object.entries(tags)) expect(point.tag(key)).toBe(value);
    for (const [key, value] of Object.entries(fields)) expect(point.field(key)).toEqual(value);
  });

  it.each([
    ["t", true],
    ["TRUE", true],
    ["True", true],
    ["f", false],
    ["false", false],
    ["-0", -0],
    [".5", 0.5],
    ["5.", 5],
    ["-12.75", -12.75],
    ["0.30000000000000004", 0.30000000000000004],
    ["1e3", 1000],
    ["9223372036854775807i", 9223372036854775807n],
    ["-9223372036854775808i", -9223372036854775808n],
    ["18446744073709551615u", { unsigned: 18446744073709551615n }],
  ])("reads the value %s", (text, value) => {
    expect(pointOf(`m f=${text}`).field("f")).toEqual(value);
  });

  it.each([
    "NaN",
    "Inf",
    "tRUE",
    "1x",
    "i",
    "-",
    "1.5i",
    "-1u",
    "9223372036854775808i",
    "18446744073709551616u",
    "0x1",
    "1e400",
    "--1",
    "",
  ])("refuses the value %j", (text) => {
    expect(badOf(`m f=${text}`)).toBe("a field's value is none");
  });

  it.each([
    ["ns", "1700000000123999999", 1700000000123],
    ["us", "1700000000123999", 1700000000123],
    ["ms", "1700000000123", 1700000000123],
    ["s", "1700000000", 1700000000000],
    ["ns", "999999", 0],
    ["ns", "0", 0],
    ["ns", "-1", -1],
    ["ns", "-1000000", -1],
    ["us", "-1001", -2],
    ["s", "-5", -5000],
    ["ns", "9223372036854775807", 9223372036854],
  ] as const)("takes %s of %s for %s ms", (precision, text, ms) => {
    expect(readOne(influxLine({ precision }), `m f=1 ${text}`).time).toBe(ms);
  });

  it("refuses a time beyond what milliseconds can be", () => {
    expect(readEach(influxLine({ precision: "s" }), ["m f=1 9223372036854775807"])).toEqual([
      { bad: "the time is beyond what milliseconds can be" },
    ]);
  });

  it.each(["", "   ", "# a comment", "#m f=1", "  # x"])("finds no point in %j", (line) => {
    expect(readEach(influxLine(), [line])).toEqual([{ none: true }]);
  });

  it.each([
    ["m", "no fields"],
    ["m ", "no fields"],
    ["m,a=b", "no fields"],
    [",a=b f=1", "no measurement"],
    ["m, f=1", "a tag has no key"],
    ["m,a f=1", "a tag has no value"],
    ["m,a= f=1", "a tag has no value"],
    ["m,=b f=1", "a tag has no key"],
    ["m,a=b=c f=1", "an = in a tag's value without a backslash before it"],
    ["m =1", "no fields"],
    ["m f", "a field has no value"],
    ["m f=1,", "a field has no key"],
    ["m f=1,g", "a field has no value"],
    ['m f="a', "a text has no closing quote, or goes on in the next line"],
    ['m f="a\\"', "a text has no closing quote, or goes on in the next line"],
    ['m f="a"b', "the time is none"],
    ["m f=1 x", "the time is none"],
    ["m f=1 1 2", "the time is none"],
    ["m f=1 1.5", "the time is none"],
    ["m f=1 12345678901234567890", "the time is none"],
  ])("gives a bad record for %s: %s", (line, reason) => {
    expect(badOf(line)).toBe(reason);
  });

  it("refuses 4 MiB of digits that are no number in the time that reading them takes", () => {
    expect(badOf(`m f=${"1".repeat(4 * 1024 * 1024)}x`)).toBe("a field's value is none");
    expect(badOf(`m f=${"1".repeat(4 * 1024 * 1024)}i`)).toBe("a field's value is none");
  });

  it("passes over a byte order mark", () => {
    expect(pointOf("\ufeffm f=1").measurement).toBe("m");
  });

  it("makes tags and fields columns and properties", () => {
    const table = influxLine({ tags: ["host"], fields: ["usage", "n"] });
    const point = readOne(table, "cpu,host=a n=3i");
    expect([point.host, point.usage, point.n]).toEqual(["a", null, 3]);
    expect([table.host.kind, table.usage.kind, table.time.kind]).toEqual(["text", "number", "time"]);
    expect(() => influxLine({ precision: "minutes" as never })).toThrow(
      'Cannot make influxLine(): "precision" is "minutes"',
    );
    expect(() => influxLine({ tags: "host" as never })).toThrow('"tags" is a string; give a list of names');
    expect(() => influxLine({ field: ["a"] } as never)).toThrow('did you mean "fields"');
    expect(() => influxLine({ tags: ["time"] })).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
    expect(() => influxLine({ tags: ["a"], fields: ["a"] })).toThrow(
      expect.objectContaining({ code: "E_JOB_INVALID" }),
    );
  });

  it("shows all of a point as JSON", () => {
    expect(JSON.stringify(pointOf("m,a=b f=1,i=2i,big=9223372036854775807i 5000000"))).toBe(
      '{"measurement":"m","tags":{"a":"b"},"fields":{"f":1,"i":2,"big":"9223372036854775807"},"time":5}',
    );
  });
});

describe("influxLine() as output", () => {
  it("writes tags sorted, types of values, and the time in the unit", () => {
    const point = {
      measurement: "my m",
      tags: { z: "1", "a b": "x,=y" },
      fields: { f: 1, i: 2n, u: { unsigned: 3n }, s: 'a"b\\', b: false },
      time: 1500,
    };
    expect(write(point)).toBe('my\\ m,a\\ b=x\\,\\=y,z=1 f=1,i=2i,u=3u,s="a\\"b\\\\",b=false 1500000000\n');
    expect(writeAll(influxLine({ precision: "s" }), [point])).toMatch(/ 1\n$/u);
  });

  it("writes points that were read, to the nanosecond", () => {
    const line = 'cpu,host=a f=0.5,n=3i,u=4u,on=true,why="so" 1700000000123456789';
    expect(write(pointOf(line))).toBe(`${line}\n`);
  });

  it.each([
    ["no fields", { measurement: "m", fields: {} }],
    ["no measurement", { fields: { f: 1 } }],
    ["a comment as measurement", { measurement: "#m", fields: { f: 1 } }],
    ["an empty tag", { measurement: "m", tags: { a: "" }, fields: { f: 1 } }],
    ["NaN", { measurement: "m", fields: { f: Number.NaN } }],
    ["an integer of 65 bits", { measurement: "m", fields: { f: 2n ** 63n } }],
    ["a negative unsigned", { measurement: "m", fields: { f: { unsigned: -1n } } }],
    ["a line feed in a text", { measurement: "m", fields: { f: "a\nb" } }],
    ["a line feed in a key", { measurement: "m", fields: { "a\nb": 1 } }],
    ["a backslash at the end of a key", { measurement: "m\\", fields: { f: 1 } }],
    ["a list", { measurement: "m", fields: { f: [1] } }],
    ["nothing", null],
    ["half a millisecond", { measurement: "m", fields: { f: 1 }, time: 0.5 }],
  ])("refuses %s", (_what, point) => {
    expect(() => write(point as unknown as InfluxPoint)).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
  });

  it("reads back what it wrote, whatever is in it", () => {
    const key = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 6 })
      .filter((text) => !/[\\\n\r]|^#/u.test(text));
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((unsigned) => ({ unsigned })),
      fc.boolean(),
      fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !text.includes("\n")),
    );
    const point = fc.record({
      measurement: key.filter((text) => !text.startsWith(" ")),
      tags: fc.dictionary(key, key, { maxKeys: 3 }),
      fields: fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 }),
      time: fc.option(fc.integer({ min: -9e12, max: 9e12 })),
    });
    fc.assert(
      fc.property(point, (given) => {
        // The framing of lines takes one CR at the end away, which no line here has.
        const read = pointOf(write(given).slice(0, -1));
        expect(read.measurement).toBe(given.measurement);
        expect(Object.entries(read.tags)).toEqual(Object.entries(given.tags).toSorted(([a], [b]) => (a < b ? -1 : 1)));
        expect(Object.entries(read.fields)).toEqual(Object.entries(given.fields));
        expect(read.time).toBe(given.time === null ? null : given.time + 0);
      }),
    );
  });
});
