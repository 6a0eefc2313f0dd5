// Aggregations of JSON lines by kernels against the record-by-record path: the same run file, byte for byte.

import {
  atLeast,
  boolean,
  count,
  defineAggregation,
  distinct,
  double,
  equals,
  floorTime,
  int,
  isMissing,
  max,
  mean,
  min,
  not,
  object,
  optional,
  quantile,
  sum,
  text,
  time,
} from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { inputFormatOf } from "@millrace/sdk/engine";
import { jsonLines } from "../../src/index.ts";
import { expectSame, textsOf } from "../kernel/rows-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const rows = jsonLines(
  object({
    endpoint: text(),
    status: int(),
    ms: double(),
    at: optional(time()),
    user: optional(text()),
    bytes: optional(int()),
    cached: optional(boolean()),
    load: optional(double()),
  }),
);
const output = jsonLines();
const job = defineAggregation({
  name: "test",
  input: rows,
  aggregations: {
    endpoints: {
      groupBy: { endpoint: rows.endpoint, hour: floorTime(rows.at, "1h") },
      reduce: { hits: count(), ms: mean(rows.ms), p99: quantile(rows.ms, 0.99), load: sum(rows.load) },
      output,
    },
    users: {
      where: not(isMissing(rows.user)),
      groupBy: { user: rows.user, bytes: rows.bytes },
      reduce: { sum: sum(rows.bytes), statuses: distinct(rows.status, rows.endpoint) },
      output,
    },
    loads: {
      groupBy: { load: rows.load, endpoint: rows.endpoint },
      reduce: {
        least: min(rows.ms),
        most: max(rows.load),
        loads: distinct(rows.load),
        last: max(rows.at),
        user: min(rows.user),
      },
      output,
    },
    slow: { where: atLeast(rows.ms, 1.5), groupBy: { status: rows.status }, reduce: { hits: count() }, output },
    root: { where: equals(rows.endpoint, "/"), groupBy: {}, reduce: { low: quantile(rows.load, 0.1) }, output },
  },
});

const names = fc.constantFrom(
  "endpoint",
  "status",
  "ms",
  "at",
  "user",
  "bytes",
  "cached",
  "load",
  "other",
  "",
  "msg",
  "m",
);
const plainValues: Readonly<Record<string, fc.Arbitrary<string>>> = {
  endpoint: fc.constantFrom('"/"', '"/a"', '"/b?c=d"', '"a long text of more than 16 bytes"', '""'),
  status: fc.constantFrom("200", "404", "-1", "0"),
  ms: fc.integer({ min: 0, max: 100_000 }).map((value) => String(value / 1000)),
  at: fc.integer({ min: -10_000_000, max: 2_000_000_000 }).map((value) => String(value * 1000)),
  user: fc.constantFrom('"ann"', '"bob"', "null"),
  bytes: fc.constantFrom("1", "999999999999999", "-5", "null", "3.0"),
  cached: fc.constantFrom("true", "false", "null"),
  load: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }).map((value) => value.toFixed(3)),
    fc.constantFrom("0", "-1.5", "2.5"),
  ),
};
const oddValues = fc.constantFrom(
  "null",
  "true",
  "false",
  "tru",
  "nulll",
  "{}",
  "[]",
  '{"a":1}',
  "[1]",
  "1e3",
  "1.5E-2",
  "-0",
  "0.0",
  "-0.0",
  "00",
  "01",
  "1.",
  ".5",
  "-",
  "+1",
  "1.0",
  "12.50",
  "1234567890123456",
  "0.12345678901234567",
  '"a\\"b"',
  '"\\u0041"',
  '"\u00e9"',
  '"\t"',
  '"\u007f"',
  "'a'",
  "",
  "NaN",
  '"x',
  "9007199254740993",
  "1 2",
);
const member = fc.oneof(
  {
    weight: 12,
    arbitrary: names.chain((name) => (plainValues[name] ?? fc.constant('"x"')).map((value) => [name, value] as const)),
  },
  { weight: 1, arbitrary: fc.tuple(names, oddValues) },
);
const blanks = fc.constantFrom("", "", "", " ", "  ", "\t");
/** All fields in order, as programs write them. */
const wholeLines = fc.record(plainValues).map(
  (values) =>
    `{${Object.entries(values)
      .map(([name, value]) => `"${name}":${value}`)
      .join(",")}}`,
);
const required = fc
  .tuple(
    plainValues["endpoint"]!,
    plainValues["status"]!,
    plainValues["ms"]!,
    fc.array(member, { maxLength: 5 }),
    blanks,
  )
  .map(
    ([endpoint, status, ms, more, blank]) =>
      `{${[["status", status], ...more, ["endpoint", endpoint], ["ms", ms]].map(([name, value]) => `${blank}"${name}"${blank}:${blank}${value}`).join(`${blank},`)}${blank}}`,
  );
const loose = fc
  .tuple(fc.array(member, { maxLength: 8 }), blanks)
  .map(
    ([members, blank]) => `${blank}{${members.map(([name, value]) => `"${name}":${blank}${value}`).join(",")}}${blank}`,
  );
const broken = fc
  .tuple(
    fc.oneof(wholeLines, required),
    fc.nat(),
    fc.constantFrom("", " ", '"', "{", "}", ",", ":", "-", "0", "\\", "\0", "\u00e9", "\ufeff"),
  )
  .map(([line, place, by]) => `${line.slice(0, place % line.length)}${by}${line.slice((place % line.length) + 1)}`);
const lines = fc.oneof(
  { weight: 4, arbitrary: wholeLines },
  { weight: 4, arbitrary: required },
  { weight: 2, arbitrary: loose },
  { weight: 2, arbitrary: broken },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "{}", "{ }", "[]", "null", "{", '{"ms"', '{"ms":', '{"ms":1', '{"ms":1,', "}"),
  },
);

describe("addRows()", () => {
  it("writes of JSON lines what the record-by-record path writes", () => {
    let [byKernels, all] = [0, 0];
    fc.assert(
      fc.property(
        textsOf(lines),
        fc.record({ chunkBytes: fc.integer({ min: 1, max: 5000 }), partitions: fc.integer({ min: 1, max: 5 }) }),
        (bytes, options) => {
          const [records, done] = expectSame(job, bytes, options);
          all += records;
          byKernels += done;
        },
      ),
      { numRuns: 1000 },
    );
    expect(byKernels / all).toBeGreaterThan(0.3);
  });
});

describe("jsonLines()", () => {
  it("says where columns lie when all fields are scalars whose absence is seen", () => {
    expect(inputFormatOf(jsonLines(object({ a: text(), b: optional(int()) }))).layout).toEqual({
      kind: "json",
      fields: [
        { name: "a", wire: "text", optional: false },
        { name: "b", wire: "int", optional: true },
      ],
    });
    expect(inputFormatOf(jsonLines(object({ a: object({ b: text() }) }))).layout).toBeUndefined();
    expect(inputFormatOf(jsonLines(object({ a: text(), toString: optional(text()) }))).layout).toBeUndefined();
    expect(inputFormatOf(jsonLines(text())).layout).toBeUndefined();
    expect(inputFormatOf(jsonLines()).layout).toBeUndefined();
  });
});
