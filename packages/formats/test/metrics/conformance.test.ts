// The formats of metrics, rows and files under the kit that every format must pass.

import {
  checkInputFormat,
  checkOutputFormat,
  gzip,
  influxLine,
  openMetrics,
  teraRecords,
  textLines,
  wholeFile,
  zstd,
} from "@millrace/formats";
import { describe, expect, it } from "vitest";

const exposition = [
  "# HELP a Something.",
  "# TYPE a counter",
  'a_total{b="x\\\\y\\"z\\n",c="\u00e4"} 1.5 1700000000.123 # {trace_id="t"} 0.5 1700000000',
  "",
  "cut{",
  'b{le="+Inf",a="1",} +Inf 1700000000123',
  "\tc NaN",
  "# EOF",
].join("\n");

const points = [
  "cpu,host=a\\ b usage=0.5,n=3i 1700000000123456789",
  "# comment",
  "cpu",
  'mem free=1u,why="a \\"b\\""',
  "",
].join("\r\n");

describe("checkInputFormat()", () => {
  it("holds for openMetrics()", () => {
    const report = checkInputFormat(openMetrics({ labels: ["b"] }), [{ bytes: exposition, bad: 1 }, { bytes: "" }]);
    expect(report).toMatchObject({ records: 3, badRecords: 1 });
  });

  it("holds for influxLine()", () => {
    const report = checkInputFormat(influxLine({ tags: ["host"], fields: ["n"] }), [{ bytes: points, bad: 1 }]);
    expect(report).toMatchObject({ records: 2, badRecords: 1 });
  });

  it("holds for teraRecords()", () => {
    const rows = Uint8Array.from({ length: 350 }, (_, index) => index & 255);
    expect(checkInputFormat(teraRecords(), [{ bytes: rows, bad: 1 }])).toMatchObject({ records: 3, badRecords: 1 });
  });

  it("holds for wholeFile()", () => {
    expect(checkInputFormat(wholeFile(), [{ bytes: "a\nb" }, { bytes: "c" }])).toMatchObject({ records: 2 });
  });
});

describe("checkOutputFormat()", () => {
  it("holds for openMetrics()", () => {
    checkOutputFormat(openMetrics(), {
      records: [
        { name: "a_total", labels: { b: "x" }, value: 1, time: 1500, type: "counter" },
        { name: "c", value: Number.NaN },
      ],
      refused: [
        null,
        5,
        {},
        { name: "a b", value: 1 },
        { name: "a", value: "1" },
        { name: "a", value: 1, type: "counter" },
      ],
    });
  });

  it("holds for influxLine()", () => {
    checkOutputFormat(influxLine(), {
      records: [{ measurement: "a", tags: { b: "c" }, fields: { d: 1, e: 2n }, time: 5 }],
      refused: [null, 5, {}, { measurement: "a", fields: {} }, { measurement: "a", fields: { b: Number.NaN } }],
    });
  });

  it("holds for teraRecords()", () => {
    const row = { key: new Uint8Array(10), value: new Uint8Array(90).fill(7) };
    checkOutputFormat(teraRecords(), { records: [row, row], refused: [null, {}, { key: row.key, value: row.key }] });
  });

  it.each([gzip(textLines()), zstd(textLines())])("holds for compressed outputs", (output) => {
    checkOutputFormat(output, { records: ["a", "b"], refused: [5, "a\nb"] });
  });
});
