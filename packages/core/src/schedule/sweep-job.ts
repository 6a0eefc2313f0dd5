// After the end: the staging directory goes at once, and again when nothing of the job can write any more, that is when
// every worker that ran something of it has said that it stopped, or was seen again, or is proven to be gone, or a day has
// passed since the end.

import { finalSweepUris } from "../commit/commit-progress.ts";
import type { WorkerId } from "../model/ids.ts";
import { askStorage } from "./ask-storage.ts";
import type { JobRun } from "./job-run.ts";
import { hasOpenCall } from "./storage-desk.ts";
import type { Turn } from "./turn.ts";

/** Begin to wind up an ended job, or go on after a restart. */
export function beginWinding(turn: Turn, job: JobRun): void {
  const absent = new Set<WorkerId>();
  for (const worker of suspectedWriters(job)) {
    const row = turn.reign.workers.get(worker);
    if (row?.session === undefined && row?.gone !== true) absent.add(worker);
  }
  const untilMs = turn.atMs + untilOverdueMs(turn, job);
  job.winding = { absent, untilMs, last: false };
  turn.wakeBy(untilMs);
  if (!maybeSweepLast(turn, job))
    askStorage(turn, owner(job), { kind: "sweep", last: false }, { kind: "remove", uri: job.state.stagingUri });
}

/** The day counts from the job's end, in whichever reign that was. A clock that was set back makes it no longer than one. */
function untilOverdueMs({ wallMs, reign }: Turn, { state }: JobRun): number {
  const { sweepAfterMs } = reign.settings;
  const passedMs = wallMs - (state.endedMs ?? wallMs);
  return Math.min(Math.max(sweepAfterMs - passedMs, 0), sweepAfterMs);
}

/** Workers that may still run an attempt of the job, as its journal says: those that were lost or cut off by its end. */
function suspectedWriters(job: JobRun): readonly WorkerId[] {
  const workers = new Set<WorkerId>();
  for (const stage of job.state.stages) {
    for (const task of stage.tasks) {
      for (const attempt of task.attempts) {
        if (attempt.status !== "accepted" && attempt.status !== "supplied" && attempt.status !== "failed")
          workers.add(attempt.worker);
      }
    }
  }
  return [...workers].sort((a, b) => (a < b ? -1 : 1));
}

/** A worker has come back, and its inventory was judged: what it still ran is being stopped. Or nothing runs there any more. */
export function noteAtRest(turn: Turn, worker: WorkerId): void {
  for (const job of turn.reign.jobs.values()) job.winding?.absent.delete(worker);
}

/** A worker is gone without having said that it stopped: what it ran may be writing. */
export function noteGone(turn: Turn, worker: WorkerId): void {
  const row = turn.reign.workers.get(worker);
  for (const { ref } of row?.stopping.values() ?? []) turn.reign.jobs.get(ref.job)?.winding?.absent.add(worker);
}

/** Ask for the removal that counts, when nothing can write any more. @returns whether it was asked for, now or before. */
export function maybeSweepLast(turn: Turn, job: JobRun): boolean {
  const { winding } = job;
  if (winding === undefined) return false;
  if (winding.last) return true;
  const overdue = winding.untilMs <= turn.atMs;
  const uris = finalSweepUris({ stagingUri: job.state.stagingUri, progress: job.state.commit });
  const busy = winding.absent.size > 0 || stillStopping(turn, job) || hasOpenCall(job.desk, "outlived");
  // An old output that was moved aside goes only when no lost rename can need its name any more.
  if (!overdue && (busy || uris.length > 1)) {
    turn.wakeBy(winding.untilMs);
    return false;
  }
  winding.last = true;
  for (const uri of uris) askStorage(turn, owner(job), { kind: "sweep", last: true }, { kind: "remove", uri });
  return true;
}

function stillStopping(turn: Turn, job: JobRun): boolean {
  for (const row of turn.reign.workers.values()) {
    for (const { ref } of row.stopping.values()) if (ref.job === job.state.job) return true;
  }
  return false;
}

/** A removal is done. The job is forgotten when it was the last one. */
export function noteSwept(turn: Turn, job: JobRun, last: boolean): void {
  if (!last) return;
  if ([...job.desk.open.values()].some(({ purpose }) => purpose.kind === "sweep" && purpose.last)) return;
  turn.recordJob(job, { kind: "swept" });
  turn.reign.jobs.delete(job.state.job);
}

function owner(job: JobRun): { readonly job: JobRun["state"]["job"]; readonly desk: JobRun["desk"] } {
  return { job: job.state.job, desk: job.desk };
}
