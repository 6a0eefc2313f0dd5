// What the demo shows of its outputs: a few rows of each, read from the part files.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { formatTable } from "../output/table.ts";
import { formatBytes, formatCount } from "../output/units.ts";

/** Give the most frequent words of `word-count`. */
export function topWords(output: string): string {
  const rows = readRows(output).map((row) => row.split("\t") as [string, string]);
  const top = rows.toSorted((a, b) => Number(b[1]) - Number(a[1])).slice(0, 5);
  return formatTable(
    ["WORD", "COUNT"],
    top.map(([word, count]) => [word, formatCount(Number(count))]),
  );
}

interface MinuteRow {
  readonly status: number;
  readonly hits: number;
  readonly bytes: number;
}

/** Give what `traffic` says of each status, all minutes together. */
export function statuses(output: string): string {
  const byStatus = new Map<number, { hits: number; bytes: number; minutes: number }>();
  for (const text of readRows(join(output, "minutes"))) {
    const row = JSON.parse(text) as MinuteRow;
    const sum = byStatus.get(row.status) ?? { hits: 0, bytes: 0, minutes: 0 };
    byStatus.set(row.status, { hits: sum.hits + row.hits, bytes: sum.bytes + row.bytes, minutes: sum.minutes + 1 });
  }
  const rows = [...byStatus].toSorted(([a], [b]) => a - b);
  return formatTable(
    ["STATUS", "HITS", "BYTES", "MINUTES"],
    rows.map(([status, sum]) => [String(status), formatCount(sum.hits), formatBytes(sum.bytes), String(sum.minutes)]),
  );
}

interface PathRow {
  readonly path: string;
  readonly hits: number;
  readonly bytes: number;
}

/** Give the paths for which most bytes were sent, as `traffic` ranks them. */
export function topPaths(output: string): string {
  const rows = readRows(join(output, "paths")).map((text) => JSON.parse(text) as PathRow);
  return formatTable(
    ["PATH", "HITS", "BYTES"],
    rows.slice(0, 3).map(({ path, hits, bytes }) => [path, formatCount(hits), formatBytes(bytes)]),
  );
}

interface DayRow {
  readonly day: number;
  readonly hits: number;
  readonly visitors: number;
}

/** Give the different visitors of each day. */
export function dailyVisitors(output: string): string {
  const rows = readRows(join(output, "visitors")).map((text) => JSON.parse(text) as DayRow);
  return formatTable(
    ["DAY", "HITS", "VISITORS"],
    rows
      .toSorted((a, b) => a.day - b.day)
      .map(({ day, hits, visitors }) => [
        new Date(day).toISOString().slice(0, 10),
        formatCount(hits),
        formatCount(visitors),
      ]),
  );
}

interface RollupRow {
  readonly series: string;
  readonly window: number;
  readonly count: number;
  readonly increase: number;
}

/** Give the requests of each hour and code that `metric-rollup` found in the counters of all processes. */
export function hourlyRequests(output: string): string {
  const groups = new Map<string, { requests: number; series: number; samples: number }>();
  for (const text of readRows(join(output, "1h"))) {
    const row = JSON.parse(text) as RollupRow;
    const code = /^http_requests_total\{code="(\d+)"/u.exec(row.series)?.[1];
    if (code === undefined) continue;
    const group = `${new Date(row.window).toISOString().slice(0, 16)}\t${code}`;
    const sum = groups.get(group) ?? { requests: 0, series: 0, samples: 0 };
    groups.set(group, {
      requests: sum.requests + row.increase,
      series: sum.series + 1,
      samples: sum.samples + row.count,
    });
  }
  const rows = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return formatTable(
    ["HOUR", "CODE", "REQUESTS", "SERIES", "SAMPLES"],
    rows.map(([group, sum]) => [
      ...(group.split("\t") as [string, string]),
      formatCount(sum.requests),
      formatCount(sum.series),
      formatCount(sum.samples),
    ]),
  );
}

function readRows(output: string): readonly string[] {
  return readdirSync(output)
    .filter((name) => name.startsWith("part-"))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((name) =>
      readFileSync(join(output, name), "utf8")
        .split("\n")
        .filter((row) => row !== ""),
    );
}
