// The shipped jobs for metrics over generated metrics with resets, churn, gaps and NaN: against brute-force twins that
// share nothing with the engine, in one process and on a cluster, byte for byte the same.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
let cluster: TestCluster;

/** More and smaller splits than a job of this size would have, and several reducers. */
const shape = ["--split-bytes", "1MiB", "--reduces", "3"];

beforeAll(async () => {
  cluster = await startTestCluster({ workers: 2, slots: 1 });
  const made = await millrace(["gen", "openmetrics", "metrics", "--bytes", "6MiB", "--files", "2", "--seed", "11"], {
    cwd: directory.path,
  });
  expect(made.exit, made.stderr).toBe(0);
});
afterAll(async () => {
  await cluster.stop();
  directory.remove();
});

/** Run a job in one process and on the cluster, and hold the bytes against each other. @returns the output. */
async function runBoth(job: readonly string[], name: string): Promise<string> {
  const options = { cwd: directory.path, env: cluster.env };
  const embedded = await millrace(["run", ...job, "metrics", `${name}-embedded`, ...shape], options);
  expect(embedded.exit, embedded.stderr).toBe(0);
  const submitted = await millrace(["submit", ...job, "metrics", `${name}-cluster`, ...shape], options);
  expect(submitted.exit, submitted.stderr).toBe(0);
  const digests = digestParts(join(directory.path, `${name}-embedded`));
  expect(Object.keys(digests).length).toBeGreaterThan(2);
  expect(digestParts(join(directory.path, `${name}-cluster`))).toEqual(digests);
  return join(directory.path, `${name}-cluster`);
}

const rowsOf = (folder: string): readonly Record<string, string | number | null>[] =>
  readParts(folder)
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => JSON.parse(row) as Record<string, string | number | null>);

type Row = { readonly series: string; readonly window: number; readonly increase: number | null };

interface Sample {
  readonly series: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
  readonly ms: number;
}

/** All samples, by a regular expression. */
function readSamples(): readonly Sample[] {
  const line = /^([a-z_]+)\{(.*?)\} (\S+) (\d+)\.(\d{3})(?: # .*)?$/u;
  return readdirSync(join(directory.path, "metrics"))
    .toSorted()
    .flatMap((name) => readFileSync(join(directory.path, "metrics", name), "utf8").split("\n"))
    .filter((text) => text !== "" && !text.startsWith("#"))
    .map((text) => {
      const match = line.exec(text);
      if (match === null) throw new Error(`no sample: ${text}`);
      const [, name = "", set = "", value = "", seconds = "", fraction = ""] = match;
      const labels = [...set.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gu)]
        .map(([, label = "", written = ""]) => [label, written] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
      const series = `${name}{${labels.map(([label, written]) => `${label}="${written}"`).join(",")}}`;
      return { series, labels, value: Number(value), ms: Number(seconds + fraction) };
    });
}

const seriesOf = (samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> =>
  Map.groupBy(samples, ({ series }) => series);

/** Rows of one width as someone would reckon them who has all samples in memory. */
function rollByHand(samples: readonly Sample[], width: number): readonly unknown[] {
  const rows = [...seriesOf(samples)].flatMap(([series, all]) => {
    const good = all.filter(({ value }) => !Number.isNaN(value)).toSorted((a, b) => a.ms - b.ms);
    const isCounter = /_(?:total|bucket|sum)\{/u.test(series);
    const windows = Map.groupBy(
      good.map((sample, index) => ({ ...sample, before: good[index - 1] })),
      ({ ms }) => ms - (ms % width),
    );
    return [...windows].map(([window, inside]) => {
      const values = inside.map(({ value }) => value);
      const steps = inside.map(({ value, before }) =>
        before === undefined ? 0 : value < before.value ? value : value - before.value,
      );
      return {
        series,
        window,
        count: values.length,
        sum: values.reduce((sum, value) => sum + value, 0),
        min: Math.min(...values),
        max: Math.max(...values),
        last: values.at(-1),
        increase: isCounter ? steps.reduce((sum, step) => sum + step, 0) : null,
      };
    });
  });
  return sortRows(rows);
}

const sortRows = <R extends { readonly series: string; readonly window: number }>(rows: readonly R[]): readonly R[] =>
  rows.toSorted((a, b) => (a.series === b.series ? a.window - b.window : a.series < b.series ? -1 : 1));

describe("metric-rollup", () => {
  it("equals what a brute-force computation gives, for each width, with resets", async () => {
    const output = await runBoth(["metric-rollup"], "rollup");
    const samples = readSamples();
    const falls = [...seriesOf(samples)]
      .filter(([series]) => series.startsWith("http_requests_total"))
      .flatMap(([, all]) => all.filter(({ value }, index) => value < (all[index - 1]?.value ?? 0)));
    expect(falls.length).toBeGreaterThan(10);
    expect(samples.some(({ value }) => Number.isNaN(value))).toBe(true);
    const widths = { "5m": 300_000, "1h": 3_600_000, "1d": 86_400_000 };
    const increases: number[] = [];
    for (const [name, width] of Object.entries(widths)) {
      const rows = rowsOf(join(output, name)) as readonly Row[];
      expect(sortRows(rows)).toEqual(rollByHand(samples, width));
      increases.push(
        rows
          .filter(({ series }) => series.startsWith("http_requests_total"))
          .reduce((sum, row) => sum + (row.increase ?? 0), 0),
      );
    }
    // Windows of any width add up to the same.
    expect(new Set(increases).size).toBe(1);
    expect(increases[0]).toBeGreaterThan(0);
  });

  it("refuses a width that it does not have before anything runs", async () => {
    const result = await millrace(["run", "metric-rollup", "metrics", "none", "-p", "window=2h"], {
      cwd: directory.path,
    });
    expect(result.exit).toBe(2);
    expect(result.stderr).toMatch(/2h/u);
  });
});

describe("cardinality", () => {
  it("equals a count by hand of series, samples and values", async () => {
    const output = await runBoth(["cardinality"], "cardinality");
    const samples = readSamples();
    const metrics = [...Map.groupBy(samples, ({ series }) => series.split("{")[0] ?? "")].map(([metric, all]) => ({
      metric,
      series: seriesOf(all).size,
      samples: all.length,
    }));
    const labelled = samples.flatMap((sample) =>
      sample.labels.map(([label, value]) => ({ ...sample, label, text: value })),
    );
    const labels = [...Map.groupBy(labelled, ({ label }) => label)].map(([label, all]) => ({
      label,
      series: seriesOf(all).size,
      values: new Set(all.map(({ text }) => text)).size,
      samples: all.length,
    }));
    const byName = (rows: readonly Record<string, string | number | null>[], name: string): unknown =>
      rows.toSorted((a, b) => (String(a[name]) < String(b[name]) ? -1 : 1));
    expect(byName(rowsOf(join(output, "metrics")), "metric")).toEqual(byName(metrics, "metric"));
    expect(byName(rowsOf(join(output, "labels")), "label")).toEqual(byName(labels, "label"));
  });
});

describe("compressed outputs", () => {
  it("are read by gzip, by the engine itself, and as the same metrics", async () => {
    const job = fileURLToPath(new URL("./fixtures/compressed.ts", import.meta.url));
    const output = await runBoth([job], "compressed");
    const parts = readdirSync(output).filter((name) => name.endsWith(".prom.gz"));
    expect(parts.length).toBeGreaterThan(4);
    const lines = parts.flatMap((name) =>
      gunzipSync(readFileSync(join(output, name)))
        .toString()
        .split("\n"),
    );
    const samples = readSamples();
    const kept = samples.filter(({ labels }) => labels.every(([label]) => label !== "le"));
    expect(lines.filter((text) => text !== "" && !text.startsWith("#"))).toHaveLength(kept.length);
    expect(lines.filter((text) => text === "# EOF")).toHaveLength(parts.length);

    const options = { cwd: directory.path };
    const again = await millrace(
      ["run", "metric-rollup", "compressed-cluster/part-*", "again", ...shape, "-p", "window=1d"],
      options,
    );
    expect(again.exit, again.stderr).toBe(0);
    expect(sortRows(rowsOf(join(directory.path, "again/1d")) as readonly Row[])).toEqual(rollByHand(kept, 86_400_000));
    const series = await millrace(["run", "distinct", "compressed-cluster/buckets", "series"], options);
    expect(series.exit, series.stderr).toBe(0);
    const buckets = samples.filter(({ labels }) => labels.some(([label]) => label === "le"));
    expect(readParts(join(directory.path, "series")).trimEnd().split("\n")).toHaveLength(seriesOf(buckets).size);
  });
});

describe("whole files", () => {
  it("are one record each, however small splits may be", async () => {
    const output = await runBoth([fileURLToPath(new URL("./fixtures/whole-files.ts", import.meta.url))], "whole");
    const expected = readdirSync(join(directory.path, "metrics")).map((name) => {
      const bytes = readFileSync(join(directory.path, "metrics", name));
      return `${name}\t${bytes.length} ${bytes.toString().split("\n").length - 1}`;
    });
    expect(readParts(output).trimEnd().split("\n").toSorted()).toEqual(expected.toSorted());
  });
});
