import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import metricRollup from "../src/metric-rollup.ts";

interface Row {
  readonly series: string;
  readonly window: number;
  readonly count: number;
  readonly sum: number | null;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly increase: number | null;
}

const rollup = async (lines: readonly string[], params: Readonly<Record<string, string>> = {}) => {
  const result = await testJob(metricRollup, { input: lines, params });
  return { ...result, rows: result.outputs as unknown as Readonly<Record<"5m" | "1h" | "1d", readonly Row[]>> };
};
const sorted = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (a.series === b.series ? a.window - b.window : a.series < b.series ? -1 : 1));

// 2026-01-01T00:00:00Z.
const day = 1_767_225_600;
const at = (seconds: number): string => String(day + seconds);

describe("metric-rollup", () => {
  it("gives count, sum, min, max and last of each window", async () => {
    const { rows } = await rollup([`a 3 ${at(0)}`, `a 1 ${at(299.999)}`, `a 5 ${at(60)}`, `a 7 ${at(300)}`]);
    const ms = day * 1000;
    expect(sorted(rows["5m"])).toEqual([
      { series: "a", window: ms, count: 3, sum: 9, min: 1, max: 5, last: 1, increase: null },
      { series: "a", window: ms + 300_000, count: 1, sum: 7, min: 7, max: 7, last: 7, increase: null },
    ]);
    expect(rows["1h"]).toEqual([
      { series: "a", window: ms, count: 4, sum: 16, min: 1, max: 7, last: 7, increase: null },
    ]);
    expect(rows["1d"]).toEqual(rows["1h"]);
  });

  it("adds up a counter's steps, those to the first sample of a window too, and takes a fall for a new beginning", async () => {
    const { rows } = await rollup([
      `c_total 100 ${at(10)}`,
      `c_total 130 ${at(290)}`,
      `c_total 140 ${at(310)}`,
      `c_total 5 ${at(400)}`,
      `c_total 5 ${at(500)}`,
      `c_total 9 ${at(3700)}`,
    ]);
    expect(sorted(rows["5m"]).map(({ window, increase }) => [window / 1000 - day, increase])).toEqual([
      [0, 30],
      [300, 15],
      [3600, 4],
    ]);
    expect(sorted(rows["1h"]).map(({ increase }) => increase)).toEqual([45, 4]);
    expect(rows["1d"].map(({ increase }) => increase)).toEqual([49]);
  });

  it("takes series with labels in another order for one, and others apart", async () => {
    const { rows } = await rollup([
      `c_total{a="1",b="2"} 1 ${at(0)}`,
      `c_total{b="2",a="1"} 3 ${at(1)}`,
      `c_total{a="1",b="3"} 8 ${at(1)}`,
    ]);
    expect(sorted(rows["1d"]).map(({ series, count, increase }) => [series, count, increase])).toEqual([
      ['c_total{a="1",b="2"}', 2, 2],
      ['c_total{a="1",b="3"}', 1, 0],
    ]);
  });

  it("skips and counts NaN, infinities, samples without a time and with a time again", async () => {
    const { rows, counters } = await rollup([
      `c_total 1 ${at(0)}`,
      `c_total NaN ${at(1)}`,
      `c_total +Inf ${at(2)}`,
      `c_total 4 ${at(3)}`,
      `c_total 9 ${at(3)}`,
      "c_total 5",
      "# EOF",
    ]);
    expect(rows["1d"]).toEqual([
      { series: "c_total", window: day * 1000, count: 2, sum: 5, min: 1, max: 4, last: 4, increase: 3 },
    ]);
    expect(counters).toMatchObject({
      "metric-rollup.not-finite": 2,
      "metric-rollup.without-time": 1,
      "metric-rollup.duplicates": 1,
    });
  });

  it("has no sum beyond the range of numbers", async () => {
    const { rows } = await rollup([`a 1.7e308 ${at(0)}`, `a 1.7e308 ${at(1)}`]);
    expect(rows["1d"]).toMatchObject([{ count: 2, sum: null, max: 1.7e308 }]);
  });

  it("takes times before 1970", async () => {
    const { rows } = await rollup(["a 1 -1.5", "a 2 -299.999", "a 3 -300"], { window: "5m" });
    expect(sorted(rows["5m"]).map(({ window, count }) => [window, count])).toEqual([[-300_000, 3]]);
  });

  it("makes one width, and only metrics and counters whose names match", async () => {
    const lines = [`a_total 1 ${at(0)}`, `a_total 2 ${at(1)}`, `b 1 ${at(0)}`, `b 5 ${at(9)}`];
    const { rows } = await rollup(lines, { window: "1h", metric: "^b$", counters: "_total,b" });
    expect(rows["1h"].map(({ series, increase }) => [series, increase])).toEqual([["b", 4]]);
    expect([rows["5m"] ?? [], rows["1d"] ?? []]).toEqual([[], []]);
  });

  it("takes no metric for a counter when told of none", async () => {
    const { rows } = await rollup([`a_total 1 ${at(0)}`, `a_total 2 ${at(1)}`], { window: "1d", counters: "" });
    expect(rows["1d"].map(({ increase }) => increase)).toEqual([null]);
  });
});
