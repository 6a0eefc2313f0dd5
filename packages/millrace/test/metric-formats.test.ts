// Formats of metrics, rows, numbers and files as an author uses them: in jobs of each form, through `testJob`.

import {
  bytes,
  count,
  defineAggregation,
  defineJob,
  fields,
  floorTime,
  greaterThan,
  influxLine,
  int,
  jsonLines,
  max,
  mean,
  numbers,
  openMetrics,
  sum,
  teraRecords,
  testJob,
  textTable,
  wholeFile,
} from "millrace";
import { describe, expect, it } from "vitest";

const exposition = [
  "# TYPE a counter",
  'a_total{job="x",instance="1"} 1 60',
  'a_total{instance="2",job="x"} 3 61.5',
  'a_total{job="y"} 5 119.999',
  'a_total{job="x"} 7 120',
  "a_total 9",
  "a_total{",
];

describe("openMetrics()", () => {
  const metrics = openMetrics({ labels: ["job"] });

  it("has columns for aggregations, labels among them", async () => {
    const job = defineAggregation({
      name: "by-job",
      input: metrics,
      where: greaterThan(metrics.value, 0),
      aggregations: {
        minutes: {
          groupBy: { job: metrics.job, minute: floorTime(metrics.time, "1m") },
          reduce: { samples: count(), total: sum(metrics.value), greatest: max(metrics.series) },
          output: jsonLines(),
        },
      },
    });
    const { outputs, badRecords } = await testJob(job, { input: exposition });
    expect(outputs.minutes.toSorted((a, b) => a.samples * 10 + a.total - (b.samples * 10 + b.total))).toEqual([
      { job: "y", minute: 60_000, samples: 1, total: 5, greatest: 'a_total{job="y"}' },
      { job: "x", minute: 120_000, samples: 1, total: 7, greatest: 'a_total{job="x"}' },
      { job: null, minute: null, samples: 1, total: 9, greatest: "a_total" },
      { job: "x", minute: 60_000, samples: 2, total: 4, greatest: 'a_total{instance="2",job="x"}' },
    ]);
    expect(badRecords.map(({ reason }) => reason)).toEqual(["the labels have no closing brace"]);
  });

  it("is written in the order of families by a job that groups by name", async () => {
    const job = defineJob({
      name: "sums",
      input: metrics,
      map: ({ name, value }, emit) => emit(name, value),
      reduce: (name, values, emit) => {
        let total = 0;
        for (const value of values) total += value;
        emit({ name, value: total, type: "counter", time: null });
      },
      value: int(),
      output: openMetrics(),
    });
    const { records } = await testJob(job, { input: ["b_total 1", "a_total 2", "b_total 3", "a_total 5"] });
    expect(records.toSorted((a, b) => a.value - b.value)).toEqual([
      { name: "b_total", value: 4, type: "counter", time: null },
      { name: "a_total", value: 7, type: "counter", time: null },
    ]);
  });
});

describe("influxLine()", () => {
  it("has columns for aggregations", async () => {
    const points = influxLine({ precision: "s", tags: ["host"], fields: ["usage"] });
    const job = defineAggregation({
      name: "usage",
      input: points,
      aggregations: {
        hosts: { groupBy: { host: points.host }, reduce: { usage: mean(points.usage) }, output: jsonLines() },
      },
    });
    const { outputs } = await testJob(job, {
      input: ["cpu,host=a usage=1 5", "cpu,host=a usage=2i 6", 'cpu,host=a usage="x"'],
    });
    expect(outputs.hosts).toEqual([{ host: "a", usage: 1.5 }]);
  });
});

describe("teraRecords()", () => {
  it("sorts rows by their keys", async () => {
    const job = defineJob({
      name: "rows",
      input: teraRecords(),
      key: bytes(),
      value: bytes(),
      map: (row, emit) => emit(row.key, row.value),
      reduce: (key, values, emit) => {
        for (const value of values) emit({ key, value });
      },
      reduces: 1,
      output: teraRecords(),
    });
    const row = (first: number): Uint8Array => new Uint8Array(100).fill(first, 0, 10).fill(255 - first, 10);
    const { records } = await testJob(job, { input: [row(200), row(3), row(127)] });
    expect(records.map(({ key, value }) => [key[0], key.length, value[0], value.length])).toEqual([
      [3, 10, 252, 90],
      [127, 10, 128, 90],
      [200, 10, 55, 90],
    ]);
  });
});

describe("numbers()", () => {
  it("counts to the value of a parameter", async () => {
    const job = defineJob({
      name: "remainders",
      params: { n: int({ default: 10, min: 0 }) },
      input: numbers("n"),
      key: int(),
      map: (n, emit) => emit(n % 3, { hits: null, total: n }),
      reduce: fields({ hits: count(), total: sum(int()) }),
      output: textTable(),
    });
    const { records } = await testJob(job, { params: { n: "1000" } });
    expect(records.toSorted((a, b) => a.key - b.key).map(({ key, value }) => [key, value.total])).toEqual([
      [0, 166_833],
      [1, 166_167],
      [2, 166_500],
    ]);
  });
});

describe("wholeFile()", () => {
  it("gives each file as one record", async () => {
    const job = defineJob({
      name: "files",
      input: wholeFile(),
      map: (file, emit) => emit([file.text.length, file.bytes.length, file.uri === "" ? 0 : 1]),
      output: textTable(),
    });
    const { records } = await testJob(job, { input: ["a\nb", "\u00e4"] });
    expect(records).toEqual([
      [3, 3, 1],
      [1, 2, 1],
    ]);
  });
});
