// Who lives: leases, suspicion and loss. A worker is given up when its lease ends, or at once on proof that its process
// is gone. What ran there runs again, and segments that are still needed are made again.

import { findTask, segmentsNeeded } from "../journal/job-state.ts";
import type { CoordinatorEvent } from "../model/coordinator-events.ts";
import type { SessionId } from "../model/ids.ts";
import { clearStopping } from "./attempt-places.ts";
import { endIfExhausted, loseAttempt } from "./end-attempt.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { compareAttempts, maybeEnqueue } from "./job-run.ts";
import { retractPlaces } from "./segment-places.ts";
import { noteAtRest, noteGone } from "./sweep-job.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";
import { sortedWorkers } from "./worker-table.ts";

/** There is news of a worker. */
export function extendLease(turn: Turn, row: WorkerRow): void {
  row.lastHeardMs = turn.atMs;
  row.leaseUntilMs = turn.atMs + turn.reign.settings.leaseMs;
  turn.wakeBy(row.leaseUntilMs);
}

/** A stream broke: no launches there, and a look whether the process is gone. */
export function hearSessionClosed(turn: Turn, session: SessionId): void {
  const worker = turn.reign.sessions.get(session);
  const row = worker === undefined ? undefined : turn.reign.workers.get(worker);
  turn.reign.sessions.delete(session);
  if (row === undefined || row.session !== session) return turn.stale();
  row.session = undefined;
  row.briefed.clear();
  row.standing = "suspect";
  turn.wakeBy(row.leaseUntilMs);
  probe(turn, row);
}

function probe(turn: Turn, row: WorkerRow): void {
  row.probeAtMs = undefined;
  if (row.description === undefined) return;
  turn.effect({
    kind: "probe-worker",
    worker: row.worker,
    incarnation: row.incarnation,
    address: row.description.shuffleAddress,
  });
}

/** Take in what the look found. Only a refusal proves anything. */
export function hearProbed(
  turn: Turn,
  { worker, incarnation, answer }: Extract<CoordinatorEvent, { kind: "worker-probed" }>,
): void {
  const row = turn.reign.workers.get(worker);
  if (row === undefined || row.standing !== "suspect" || row.incarnation !== incarnation) return turn.stale();
  if (answer === "refused") {
    row.gone = true;
    loseWorker(turn, row, "its process is gone");
    return noteAtRest(turn, worker);
  }
  row.probeAtMs = turn.atMs + turn.reign.settings.probeRetryMs;
  turn.wakeBy(row.probeAtMs);
}

/**
 * Time passed: a late tick extends all leases by as much, then those that have ended are drawn. A tick is often asked for
 * at the very end of a lease, which its own lateness would then extend to this moment and no further; so after a stall
 * that may have kept heartbeats out, every worker has a whole lease to be heard again.
 */
export function expireLeases(turn: Turn, lateMs: number): void {
  const { heartbeatMs, leaseMs } = turn.reign.settings;
  forgetLostWorkers(turn);
  const rows = sortedWorkers(turn.reign.workers).filter((row) => row.standing !== "lost");
  for (const row of rows) {
    row.leaseUntilMs += Math.max(0, lateMs);
    if (lateMs > heartbeatMs) row.leaseUntilMs = Math.max(row.leaseUntilMs, turn.atMs + leaseMs);
  }
  for (const row of rows) {
    if (row.leaseUntilMs <= turn.atMs)
      loseWorker(
        turn,
        row,
        row.standing === "expected" ? "it did not come back after the coordinator's restart" : "its lease has ended",
      );
    else {
      turn.wakeBy(row.leaseUntilMs);
      probeWhenDue(turn, row);
    }
  }
}

/** A worker that was lost a day ago is no longer shown; should it come back, it registers like any other. */
function forgetLostWorkers(turn: Turn): void {
  for (const [worker, row] of turn.reign.workers) {
    const unused = row.attempts.size === 0 && row.stopping.size === 0;
    if (row.standing === "lost" && unused && row.leaseUntilMs + turn.reign.settings.sweepAfterMs <= turn.atMs)
      turn.reign.workers.delete(worker);
  }
}

function probeWhenDue(turn: Turn, row: WorkerRow): void {
  if (row.standing !== "suspect" || row.probeAtMs === undefined) return;
  if (row.probeAtMs <= turn.atMs) probe(turn, row);
  else turn.wakeBy(row.probeAtMs);
}

/** Give a worker up. Should it come back, its inventory is judged. */
export function loseWorker(turn: Turn, row: WorkerRow, reason: string): void {
  if (row.session !== undefined) {
    turn.effect({ kind: "close-session", session: row.session });
    turn.reign.sessions.delete(row.session);
    row.session = undefined;
  }
  row.standing = "lost";
  row.probeAtMs = undefined;
  row.briefed.clear();
  noteGone(turn, row.worker);
  clearStopping(turn, row);
  loseAttempts(turn, row, reason);
  for (const job of jobsInOrder(turn)) loseHomes(turn, job, row, reason);
  turn.assignDue = true;
}

/** Lose the live attempts of a worker. A result that is in hand and has no segments needs its worker no more. */
export function loseAttempts(turn: Turn, row: WorkerRow, reason: string): void {
  const lost = [...row.attempts.values()].sort((a, b) => compareAttempts(a.ref, b.ref));
  for (const attempt of lost) {
    const job = turn.reign.jobs.get(attempt.ref.job);
    if (job === undefined || job.live.size === 0 || isComplete(job, attempt)) continue;
    if (row.attempts.has(`${attempt.ref.job}/${attempt.ref.stage}-${attempt.ref.task}.${attempt.ref.attempt}`))
      loseAttempt(turn, job, attempt, `worker ${row.worker} is lost: ${reason}`);
  }
}

function isComplete(job: JobRun, attempt: AttemptRun): boolean {
  return attempt.phase === "measuring" && (job.state.stages[attempt.ref.stage]?.plan.partitions ?? 0) === 0;
}

/** Note that the segments which a worker had are gone, where somebody still needs them. */
function loseHomes(turn: Turn, job: JobRun, row: WorkerRow, reason: string): void {
  if (job.state.outcome !== undefined) return;
  job.state.stages.forEach((stage, index) => {
    if (stage.homedTasks === 0 || !segmentsNeeded(job.state, index)) return;
    const lost = stage.tasks.flatMap((task, number) => (task.home?.worker === row.worker ? [number] : []));
    loseSegments(turn, job, { stage: index, tasks: lost, reason: `worker ${row.worker} is lost: ${reason}` });
  });
}

/** Note that segments of some tasks of a stage are gone: their readers are told, and the tasks run again. */
export function loseSegments(
  turn: Turn,
  job: JobRun,
  { stage, tasks, reason }: { readonly stage: number; readonly tasks: readonly number[]; readonly reason: string },
): void {
  for (const task of tasks) {
    const home = findTask(job.state, stage, task)?.home;
    if (home === undefined) continue;
    turn.recordJob(job, {
      kind: "segments-lost",
      attempt: { stage, task, attempt: home.attempt },
      worker: home.worker,
      reason,
    });
    job.verifying.delete(`${stage}-${task}.${home.attempt}`);
    const failure = { code: "E_WORKER_LOST", message: `its segments are gone: ${reason}` };
    if (endIfExhausted(turn, job, { ref: { stage, task }, last: { worker: home.worker, failure } })) return;
    maybeEnqueue(job, stage, task);
  }
  retractPlaces(turn, job, stage, tasks);
  if (tasks.length > 0) turn.assignDue = true;
}

/** Jobs in the order of submission. */
export function jobsInOrder(turn: Turn): readonly JobRun[] {
  return [...turn.reign.jobs.values()].sort((a, b) => a.order - b.order);
}
