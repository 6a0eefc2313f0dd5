// Many seeds on several threads. Each seed is a world of its own, so how they are shared out changes nothing.

import { Worker } from "node:worker_threads";
import type { MarkName } from "./marks.ts";
import type { SeedResult } from "./run-seed.ts";

/** A stretch of seeds for one thread. */
export interface SeedRange {
  readonly first: number;
  readonly count: number;
}

/** What a thread found in its stretch. */
export interface RangeReport {
  readonly seeds: number;
  readonly events: number;
  /** Seeds that were run a second time to compare their hashes. */
  readonly twice: number;
  readonly marks: Partial<Record<MarkName, number>>;
  readonly failed: readonly SeedResult[];
}

/** What all threads found. */
export interface Summary {
  seeds: number;
  events: number;
  twice: number;
  readonly marks: Partial<Record<MarkName, number>>;
  readonly failed: SeedResult[];
}

/** Seeds handed to a thread at a time: a second of work or so. */
const stretch = 20;

/** Run `count` seeds from `first` on, fewer once `failuresMax` have failed. */
export async function runMany(
  first: number,
  count: number,
  options: { readonly threads: number; readonly failuresMax: number },
): Promise<Summary> {
  const summary: Summary = { seeds: 0, events: 0, twice: 0, marks: {}, failed: [] };
  let next = first;
  const take = (): SeedRange | undefined => {
    if (next >= first + count || summary.failed.length >= options.failuresMax) return undefined;
    const range = { first: next, count: Math.min(stretch, first + count - next) };
    next += range.count;
    return range;
  };
  await Promise.all(
    Array.from({ length: options.threads }, () => runThread(take, (report) => addReport(summary, report))),
  );
  return summary;
}

function runThread(take: () => SeedRange | undefined, report: (report: RangeReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./seed-thread.js", import.meta.url));
    const give = (): void => {
      const range = take();
      if (range === undefined) void thread.terminate().then(() => resolve());
      else thread.postMessage(range);
    };
    thread.on("message", (found: RangeReport) => {
      report(found);
      give();
    });
    thread.on("error", reject);
    give();
  });
}

function addReport(summary: Summary, report: RangeReport): void {
  summary.seeds += report.seeds;
  summary.events += report.events;
  summary.twice += report.twice;
  summary.failed.push(...report.failed);
  for (const [name, count] of Object.entries(report.marks) as [MarkName, number][])
    summary.marks[name] = (summary.marks[name] ?? 0) + count;
}
