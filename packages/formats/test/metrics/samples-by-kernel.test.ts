// Samples of metrics by kernels against the record-by-record path: the same run file, byte for byte, of aggregations and
// of pairs of columns.

import {
  and,
  atLeast,
  atMost,
  count,
  defineAggregation,
  defineJob,
  distinct,
  double,
  floorTime,
  greaterThan,
  isMissing,
  max,
  mean,
  min,
  not,
  object,
  quantile,
  sum,
  text,
  time,
} from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { jsonLines, openMetrics } from "../../src/index.ts";
import { encoder, expectSame, kernelMemory, run, textsOf } from "../kernel/rows-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const output = jsonLines();
type Timestamps = "milliseconds" | "seconds";

function metricsOf(timestamps: Timestamps | undefined) {
  return openMetrics({ labels: ["job", "code"], ...(timestamps === undefined ? {} : { timestamps }) });
}

function aggregationOf(timestamps: Timestamps | undefined) {
  const samples = metricsOf(timestamps);
  return defineAggregation({
    name: "samples",
    input: samples,
    counters: { late: isMissing(samples.time) },
    aggregations: {
      series: {
        groupBy: { series: samples.series, minute: floorTime(samples.time, "1m") },
        reduce: { n: count(), sum: sum(samples.value), mean: mean(samples.value), p50: quantile(samples.value, 0.5) },
        output,
      },
      names: {
        where: not(isMissing(samples.job)),
        groupBy: { name: samples.name, job: samples.job },
        reduce: { least: min(samples.value), greatest: max(samples.time), codes: distinct(samples.code) },
        output,
      },
      values: { groupBy: { code: samples.code, value: samples.value }, reduce: { n: count() }, output },
    },
  });
}

/** As metric-rollup has it. */
function orderedJobOf(timestamps: Timestamps | undefined) {
  const samples = metricsOf(timestamps);
  return defineJob({
    name: "ordered",
    input: samples,
    key: text(),
    value: object({ time: time(), value: double(), code: text() }),
    orderBy: time(),
    emits: () => ({
      where: and(atLeast(samples.value, -Number.MAX_VALUE), atMost(samples.value, Number.MAX_VALUE)),
      key: samples.series,
      value: { time: samples.time, value: samples.value, code: samples.name },
      order: samples.time,
    }),
    map: (sample, emit, { count: raise }) => {
      if (sample.time === null) raise("without-time");
      else emit(`left ${sample.series}`, { time: sample.time, value: 0, code: "" }, sample.time);
    },
    reduce: (key, _values, emit) => emit(key),
    output: jsonLines(),
  });
}

function plainJobOf(timestamps: Timestamps | undefined) {
  const samples = metricsOf(timestamps);
  return defineJob({
    name: "plain",
    input: samples,
    key: object({ job: text(), minute: time() }),
    value: double(),
    emits: () => ({
      where: greaterThan(samples.value, 0.5),
      key: { job: samples.job, minute: floorTime(samples.time, "1m") },
      value: samples.value,
    }),
    map: (sample, emit) => emit({ job: sample.name, minute: 0 }, sample.value),
    reduce: (key, _values, emit) => emit(key),
    output: jsonLines(),
  });
}

const names = fc.constantFrom(
  "up",
  "http_requests_total",
  "a:b:c",
  "_x",
  "9up",
  "",
  "d\u00e9",
  "go_gc_duration_seconds_bucket",
);
const labelNames = fc.constantFrom("job", "code", "instance", "le", "a", "ab", "_", "9", "", "co-de", "path");
const labelValues = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("api", "200", "x", "/a/b?c=d", "a".repeat(40), "0.5", "+Inf", "a}b", "a,b=c", "{"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      '\\"',
      'net \\"eth0\\"',
      "a\\\\",
      "a\\nb",
      "a\\tb",
      "\\",
      '"',
      "\u00fc",
      "\0",
      "#",
      " ",
    ),
  },
);
const label = fc.tuple(labelNames, labelValues).map(([name, value]) => `${name}="${value}"`);
/** In order, mostly. */
const sortedLabels = fc
  .tuple(
    fc.subarray(["a", "ab", "code", "instance", "job", "le"]),
    fc.array(labelValues, { minLength: 6, maxLength: 6 }),
  )
  .map(([keys, values]) => keys.map((key, index) => `${key}="${values[index]}"`));
const labelSets = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 8, arbitrary: sortedLabels.map((all) => (all.length === 0 ? "" : `{${all.join(",")}}`)) },
  { weight: 2, arbitrary: fc.array(label, { maxLength: 4 }).map((all) => `{${all.join(",")}}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "{",
      "}",
      "{}",
      ' {a="1"}',
      '{ a="1"}',
      '{a ="1"}',
      '{a="1",}',
      '{a="1"',
      '{a="1" ,b="2"}',
      "{a=1}",
      '{"a"="1"}',
    ),
  },
);
const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom("0", "1", "2", "5", "9"), { minLength: 0, maxLength }).map((all) => all.join(""));
const decimals = fc
  .tuple(
    fc.constantFrom("", "", "", "-", "+"),
    digits(17),
    fc.constantFrom("", ".", "."),
    digits(9),
    fc.constantFrom(
      "",
      "",
      "",
      "e5",
      "E+09",
      "e-7",
      "e22",
      "e23",
      "e-22",
      "e-30",
      "e309",
      "e",
      "e+",
      "e1.5",
      "e0005",
      "e-400",
    ),
  )
  .map((all) => all.join(""));
const values = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -10_000, max: 1_000_000 }).map(String) },
  { weight: 3, arbitrary: fc.integer({ min: -10_000, max: 1_000_000 }).map((n) => String(n / 1000)) },
  { weight: 3, arbitrary: decimals },
  { weight: 2, arbitrary: fc.double({ noDefaultInfinity: false, noNaN: true }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "NaN",
      "+Inf",
      "-Inf",
      "inf",
      "-0",
      "0",
      ".",
      ".5",
      "5.",
      "0x10",
      "1_0",
      "",
      "1e3",
      "-1.5e-05",
    ),
  },
);
const times = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1_767_225_600_000, max: 1_767_226_600_000 }).map((ms) => String(ms / 1000)),
  },
  { weight: 3, arbitrary: fc.integer({ min: 1_767_225_600_000, max: 1_767_226_600_000 }).map(String) },
  { weight: 2, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: fc.tuple(digits(16), fc.constantFrom(".", ""), digits(12)).map((all) => all.join("")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "-1.5",
      "-0",
      "+1",
      "-0.0005",
      "0.0005",
      "0.0004999999999999999",
      "99999999999",
      "100000000000",
      "9007199254740.991",
      "9007199254740.9915",
      "9007199254740992",
      "1.767e9",
      "x",
      "1.",
      ".5",
      "1.2.3",
    ),
  },
);
const tails = fc.oneof(
  { weight: 12, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(" ", "\t", ' # {trace_id="x"} 1', ' # {trace_id="x"} 1 2', " # x", " 5", "\r"),
  },
);
const blanks = fc.constantFrom(" ", " ", " ", " ", "  ", "\t", "");
const samplesOfLines = fc.tuple(names, labelSets, blanks, values, blanks, times, tails).map((all) => all.join(""));
const usual = fc
  .tuple(
    fc.constantFrom("up", "http_requests_total", "a:b"),
    sortedLabels.map((all) => (all.length === 0 ? "" : `{${all.join(",")}}`)),
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.integer({ min: 1_767_225_600_000, max: 1_767_226_600_000 }),
  )
  .map(([name, labels, value, ms]) => `${name}${labels} ${value / 100} ${ms / 1000}`);
const broken = fc
  .tuple(
    usual,
    fc.nat(),
    fc.constantFrom("", " ", '"', "{", "}", ",", "=", "\\", "\0", "\u00e9", "\u{1f642}", "9", "\ufeff", "\r", "#", "e"),
  )
  .map(([line, place, by]) => `${line.slice(0, place % line.length)}${by}${line.slice((place % line.length) + 1)}`);
const lines = fc.oneof(
  { weight: 8, arbitrary: usual },
  { weight: 8, arbitrary: samplesOfLines },
  { weight: 4, arbitrary: broken },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "# HELP up Whether.",
      "# TYPE up gauge",
      "# UNIT up seconds",
      "# EOF",
      " ",
      " up 1",
      "\ufeffup 1",
      `up{a="${"y".repeat(9000)}"} 1 1767225600`,
    ),
  },
);
const bytesOfLines = textsOf(lines);
const units = fc.constantFrom<Timestamps | undefined>(undefined, "milliseconds", "seconds");
const options = fc.record({
  chunkBytes: fc.integer({ min: 1, max: 5000 }),
  partitions: fc.integer({ min: 1, max: 5 }),
});

describe("findSamples()", () => {
  it.each([
    ["aggregations", aggregationOf],
    ["ordered pairs", orderedJobOf],
    ["pairs", plainJobOf],
  ])("gives %s what the record-by-record path gives them", (_name, jobOf) => {
    let [byKernels, all] = [0, 0];
    fc.assert(
      fc.property(bytesOfLines, units, options, (bytes, unit, how) => {
        const [records, done] = expectSame(jobOf(unit) as never, bytes, how);
        all += records;
        byKernels += done;
      }),
      { numRuns: 700 },
    );
    expect(byKernels / all).toBeGreaterThan(0.2);
  });
});

describe("addPairsOfRows()", () => {
  it("goes on where the buffer was full, with values of a key in the order of their records", () => {
    const line = (index: number): string => {
      const series = `a{job="${"j".repeat((index * 7) % 90)}x",n="${(index * 7919) % 97}"}`;
      const tail = index % 501 === 0 ? ' # {trace_id="1"} 1' : "";
      return `${series} ${index} ${1_767_225_600 + ((index * 31) % 7)}${tail}\n`;
    };
    const bytes = encoder.encode(Array.from({ length: 20_000 }, (_, index) => line(index)).join(""));
    for (const job of [orderedJobOf(undefined), plainJobOf(undefined)] as never[])
      for (const chunkBytes of [100_000, 1777]) {
        const byKernel = run(job, bytes, { memory: kernelMemory, chunkBytes, partitions: 3 });
        const byRecord = run(job, bytes, { chunkBytes, partitions: 3 });
        expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
        expect(byKernel).toMatchObject({ pairsEmitted: 20_000, spills: byRecord.spills, left: 40 });
        expect(byRecord.spills).toBeGreaterThan(10);
      }
  });
});
