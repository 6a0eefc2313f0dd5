// A worker whose disk is full gets no new task of the job for a while, longer each time: without it, one worker that is
// left alone would use up all tries of a task within seconds, for a disk that was full for a moment.

import type { WorkerId } from "../model/ids.ts";
import { isFit } from "./avoid-worker.ts";
import type { JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** How a worker's disk was found full. */
export interface DiskRest {
  /** Rests in a row. */
  readonly times: number;
  readonly untilMs: number;
}

/** An attempt of the job met a full disk. Others that met it at the same time make the rest no longer. */
export function restFullWorker(turn: Turn, job: JobRun, worker: WorkerId): void {
  const last = job.fullDisks.get(worker);
  if (last !== undefined && last.untilMs > turn.atMs) return;
  const { fullDiskRestMs, fullDiskRestMsMax } = turn.reign.settings;
  const times = (last?.times ?? 0) + 1;
  const untilMs = turn.atMs + Math.min(fullDiskRestMs * 2 ** Math.min(times - 1, 30), fullDiskRestMsMax);
  job.fullDisks.set(worker, { times, untilMs });
  turn.wakeBy(untilMs);
}

/** An attempt of the job found room: the next rest is a short one again. */
export function noteRoom(turn: Turn, job: JobRun, worker: WorkerId): void {
  const last = job.fullDisks.get(worker);
  if (last !== undefined && last.untilMs <= turn.atMs) job.fullDisks.delete(worker);
}

/** Tell whether a worker is fit for the job and may begin something of it now; a tick comes when its rest is over. */
export function mayTake(turn: Turn, job: JobRun, row: WorkerRow): boolean {
  if (!isFit(turn, job, row)) return false;
  const rest = job.fullDisks.get(row.worker);
  if (rest === undefined || rest.untilMs <= turn.atMs) return true;
  turn.wakeBy(rest.untilMs);
  return false;
}
