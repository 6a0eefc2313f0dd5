import { type MetricPoint, openMetrics } from "@millrace/formats";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";

const write = (...points: readonly MetricPoint[]): string => writeAll(openMetrics(), points);

describe("openMetrics() as output", () => {
  it("writes labels sorted, times in seconds, and the end", () => {
    expect(write({ name: "a", labels: { z: "1", b: "2", none: "" }, value: 1.5, time: 1395066363123 })).toBe(
      'a{b="2",z="1"} 1.5 1395066363.123\n# EOF\n',
    );
  });

  it.each([
    [0, "0"],
    [1000, "1"],
    [1500, "1.5"],
    [1010, "1.01"],
    [-1, "-0.001"],
    [-1500, "-1.5"],
  ])("writes the time %s ms as %s", (time, text) => {
    expect(write({ name: "a", value: 1, time })).toBe(`a 1 ${text}\n# EOF\n`);
  });

  it.each([
    [Number.NaN, "NaN"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
    [-0, "-0"],
    [1e21, "1e+21"],
    [5e-324, "5e-324"],
  ])("writes the value %s as %s", (value, text) => {
    expect(write({ name: "a", value, time: null })).toBe(`a ${text}\n# EOF\n`);
  });

  it("announces each typed family once", () => {
    expect(
      write(
        { name: "a_total", value: 1, type: "counter" },
        { name: "a_created", value: 1, type: "counter" },
        { name: "b_bucket", labels: { le: "+Inf" }, value: 1, type: "histogram" },
        { name: "b_sum", value: 1, type: "histogram" },
        { name: "c", value: 1, type: "gauge" },
        { name: "d", value: 1 },
      ),
    ).toBe(
      '# TYPE a counter\na_total 1\na_created 1\n# TYPE b histogram\nb_bucket{le="+Inf"} 1\nb_sum 1\n# TYPE c gauge\nc 1\nd 1\n# EOF\n',
    );
  });

  it("refuses a typed family that begins again", () => {
    expect(() =>
      write(
        { name: "a_total", value: 1, type: "counter" },
        { name: "b", value: 1, type: "gauge" },
        { name: "a_total", value: 2, type: "counter" },
      ),
    ).toThrow(
      expect.objectContaining({
        code: "E_VALUE_INVALID",
        message:
          'Cannot write the sample "a_total": its family "a" has begun before in this file; sort samples by name',
      }),
    );
  });

  it.each([
    ["a counter without its suffix", { name: "a", value: 1, type: "counter" }],
    ["a suffix alone", { name: "_total", value: 1, type: "counter" }],
    ["an unknown type", { name: "a", value: 1, type: "toString" }],
    ["a name with a blank", { name: "a b", value: 1 }],
    ["no name", { value: 1 }],
    ["a label that is no name", { name: "a", labels: { "b-c": "1" }, value: 1 }],
    ["a label that is no text", { name: "a", labels: { b: 1 }, value: 1 }],
    ["a lone surrogate", { name: "a", labels: { b: "\ud800" }, value: 1 }],
    ["a text as value", { name: "a", value: "1" }],
    ["half a millisecond", { name: "a", value: 1, time: 0.5 }],
    ["a long exemplar", { name: "a", value: 1, exemplar: { labels: { t: "x".repeat(128) }, value: 1, time: null } }],
    ["nothing", null],
  ])("refuses %s", (_what, point) => {
    expect(() => write(point as unknown as MetricPoint)).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
  });

  it("writes the end of a file without samples", () => {
    expect(write()).toBe("# EOF\n");
  });

  it("writes samples that were read", () => {
    const lines = ['a{b="x\\\\\\"\\n"} 1 2.5 # {t="1"} 5 6', "c NaN", 'd{e="\u00e4"} -Inf 0'];
    const samples = lines.map((line) => readOne(openMetrics(), line));
    expect(write(...samples)).toBe(`${lines.join("\n")}\n# EOF\n`);
  });

  it("reads back what it wrote, whatever is in it", () => {
    const label = fc.tuple(
      fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/u),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    );
    const point = fc.record({
      name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/u),
      labels: fc.array(label, { maxLength: 5 }).map((pairs) => new Map(pairs)),
      value: fc.double(),
      // `+ 0` makes 0 of −0.
      time: fc.option(fc.integer({ min: -1e14, max: 1e14 }).map((ms) => ms + 0)),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 5 }), (points) => {
        const written = points.map((each) => ({ ...each, labels: Object.fromEntries(each.labels) }));
        // A label may hold any line break but LF, at which the file is cut.
        const lines = write(...written).split("\n");
        expect(lines.slice(-2)).toEqual(["# EOF", ""]);
        const read = readEach(openMetrics({ timestamps: "seconds" }), lines.slice(0, -2));
        expect(read).toHaveLength(points.length);
        for (const [index, { name, labels, value, time }] of points.entries()) {
          const got = read[index];
          if (got === undefined || !("record" in got)) throw new Error(`not read: ${lines[index]}`);
          const kept = [...labels].filter(([, text]) => text !== "").toSorted(([a], [b]) => (a < b ? -1 : 1));
          expect([got.record.name, got.record.value, got.record.time]).toEqual([name, value, time]);
          expect(Object.entries(got.record.labels)).toEqual(kept);
          for (const [wanted, text] of labels) expect(got.record.label(wanted)).toBe(text === "" ? null : text);
          // Written in its canonical way, so the series is the line's beginning.
          expect(lines[index]?.startsWith(`${got.record.series} `)).toBe(true);
        }
      }),
    );
  });
});
