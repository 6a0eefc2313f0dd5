// A worker at which an attempt failed by its fault gets no new task of the job for a while, longer each time: without it,
// one that is left alone would use up all tries of a task within seconds, for a disk that was full for a moment.

import type { WorkerId } from "../model/ids.ts";
import { isFit } from "./avoid-worker.ts";
import type { JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** How a worker failed lately. */
export interface WorkerRest {
  /** Rests in a row. */
  readonly times: number;
  readonly untilMs: number;
  /** What the last attempt failed with. */
  readonly code: string;
}

/** An attempt of the job failed by its worker's fault. Others that did at the same time make the rest no longer. */
export function restWorker(turn: Turn, job: JobRun, worker: WorkerId, code: string): void {
  const last = job.resting.get(worker);
  if (last !== undefined && last.untilMs > turn.atMs) return;
  const { failureRestMs, failureRestMsMax } = turn.reign.settings;
  const times = (last?.times ?? 0) + 1;
  const untilMs = turn.atMs + Math.min(failureRestMs * 2 ** Math.min(times - 1, 30), failureRestMsMax);
  job.resting.set(worker, { times, untilMs, code });
  turn.wakeBy(untilMs);
}

/** An attempt of the job ended well there: the next rest is a short one again. */
export function endRest(turn: Turn, job: JobRun, worker: WorkerId): void {
  const last = job.resting.get(worker);
  if (last !== undefined && last.untilMs <= turn.atMs) job.resting.delete(worker);
}

/** Tell whether a worker is fit for the job and may begin something of it now; a tick comes when it may again. */
export function mayTake(turn: Turn, job: JobRun, row: WorkerRow): boolean {
  if (!isFit(turn, job, row)) return false;
  const rest = job.resting.get(row.worker);
  if (rest === undefined) return true;
  const untilMs = Math.max(rest.untilMs, triedUntilMs(turn, job, row, rest));
  if (untilMs <= turn.atMs) return true;
  turn.wakeBy(untilMs);
  return false;
}

/**
 * Until when an attempt that began after the rest is awaited before another begins: else every free slot would use up a try
 * after each rest. One that has run for the longest rest is no longer awaited, as its end may be hours away. Nor is a
 * gather, which may wait for what has yet to run here.
 */
function triedUntilMs({ reign }: Turn, job: JobRun, row: WorkerRow, rest: WorkerRest): number {
  const tried = [...row.attempts.values()].filter(
    ({ ref, phase, sinceMs }) => ref.job === job.state.job && phase === "running" && sinceMs >= rest.untilMs,
  );
  return Math.max(0, ...tried.map(({ sinceMs }) => sinceMs + reign.settings.failureRestMsMax));
}
