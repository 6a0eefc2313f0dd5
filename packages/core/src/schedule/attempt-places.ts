// Where attempts stand on workers: which hold slots and gathering places. All counting of both is here.

import type { AttemptRef, JobId } from "../model/ids.ts";
import { attemptKey, attemptName } from "../model/ids.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** Put a live attempt on its worker. */
export function placeAttempt(job: JobRun, row: WorkerRow, attempt: AttemptRun): void {
  job.live.set(attemptName(attempt.ref), attempt);
  row.attempts.set(attemptKey(attempt.ref), attempt);
  if (attempt.phase === "running") takeSlot(job, row);
  if (attempt.holdsPlace) row.placesUsed++;
}

function takeSlot(job: JobRun, row: WorkerRow): void {
  row.slotsUsed++;
  job.running++;
}

/** Give a gathering attempt a place. */
export function takePlace(row: WorkerRow, attempt: AttemptRun): void {
  if (attempt.holdsPlace) return;
  attempt.holdsPlace = true;
  row.placesUsed++;
}

/** Take an attempt's place away: it keeps its files. */
export function yieldPlace(row: WorkerRow, attempt: AttemptRun): void {
  if (!attempt.holdsPlace) return;
  attempt.holdsPlace = false;
  row.placesUsed--;
}

/** Move a gathered attempt from its place to a slot. */
export function slotAttempt(turn: Turn, job: JobRun, attempt: AttemptRun): void {
  const row = turn.reign.workers.get(attempt.worker);
  if (row === undefined) return;
  yieldPlace(row, attempt);
  attempt.phase = "running";
  attempt.sinceMs = turn.atMs;
  takeSlot(job, row);
}

/** Free the slot of an attempt whose result is in, while its files are measured. */
export function leaveSlot(turn: Turn, job: JobRun, attempt: AttemptRun): void {
  const row = turn.reign.workers.get(attempt.worker);
  if (row !== undefined) {
    if (attempt.phase === "running") row.slotsUsed--;
    yieldPlace(row, attempt);
  }
  if (attempt.phase === "running") job.running--;
  attempt.phase = "measuring";
  attempt.sinceMs = turn.atMs;
  turn.assignDue = true;
}

/** Take an attempt off its worker and out of the live ones. A slot stays taken when `keepSlot` says that it still runs. */
export function removeAttempt(turn: Turn, job: JobRun, attempt: AttemptRun, keepSlot = false): void {
  const row = turn.reign.workers.get(attempt.worker);
  job.live.delete(attemptName(attempt.ref));
  if (attempt.phase === "running") job.running--;
  turn.assignDue = true;
  if (row === undefined) return;
  row.attempts.delete(attemptKey(attempt.ref));
  if (attempt.phase === "running" && !keepSlot) row.slotsUsed--;
  yieldPlace(row, attempt);
}

/** Tell a connected worker to end an attempt, and keep its slot until it says that nothing runs any more. */
export function stopOnWorker(turn: Turn, job: JobRun, attempt: AttemptRun, reason: string): void {
  const row = turn.reign.workers.get(attempt.worker);
  const connected = row?.session !== undefined;
  const holdsSlot = connected && attempt.phase === "running";
  removeAttempt(turn, job, attempt, holdsSlot);
  if (row === undefined || !connected || attempt.phase === "measuring") return;
  row.stopping.set(attemptKey(attempt.ref), { ref: attempt.ref, holdsSlot });
  turn.send(row, { kind: "kill", attempt: attempt.ref, reason });
}

/** Note that a worker has ended an attempt which it was told to stop. @returns whether it was one. */
export function noteStopped(turn: Turn, row: WorkerRow, ref: AttemptRef): boolean {
  const key = attemptKey(ref);
  const stopping = row.stopping.get(key);
  if (stopping === undefined) return false;
  row.stopping.delete(key);
  if (stopping.holdsSlot) row.slotsUsed--;
  turn.assignDue = true;
  maybeForgetJob(turn, row, ref.job);
  return true;
}

/** Tell a worker to delete all that belongs to a job that is over, once nothing of it is being stopped there. */
export function maybeForgetJob(turn: Turn, row: WorkerRow, job: JobId): void {
  const found = turn.reign.jobs.get(job);
  if (found !== undefined && found.state.outcome === undefined) return;
  if ([...row.stopping.values()].some(({ ref }) => ref.job === job)) return;
  row.briefed.delete(job);
  turn.send(row, { kind: "forget-job", job });
}

/** Forget what a worker was told to stop: it is gone, or its inventory says anew what it has. */
export function clearStopping(turn: Turn, row: WorkerRow): void {
  for (const { ref } of row.stopping.values()) noteStopped(turn, row, ref);
}
