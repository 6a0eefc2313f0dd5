// The beginning of a reign: durable state was replayed, everything else begins anew. Workers are expected back until a
// lease has passed and their segments count as alive as long; what was asked of storage is asked again.

import { findAttempt, findTask, isLive } from "../journal/job-state.ts";
import { invariant } from "../errors/invariant.ts";
import type { AttemptRef, Epoch, Incarnation, WorkerId } from "../model/ids.ts";
import { placeAttempt } from "./attempt-places.ts";
import { recoverCommit } from "./commit-job.ts";
import { endJob } from "./end-job.ts";
import { endExhausted } from "./end-attempt.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { makeStaging, maybeComplete } from "./job-stages.ts";
import { beginWinding } from "./sweep-job.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";
import { createWorkerRow } from "./worker-table.ts";
import { jobsInOrder } from "./worker-liveness.ts";

/** Begin to reign. Jobs that the cluster's journal does not know were never submitted, and are dropped. */
export function recover(turn: Turn, epoch: Epoch): void {
  const { reign } = turn;
  if (reign.begun) return turn.stale();
  reign.begun = true;
  turn.recordCluster({ kind: "reign", epoch, wallMs: turn.wallMs });
  for (const job of jobsInOrder(turn)) {
    if (reign.cluster.jobs.has(job.state.job)) continue;
    reign.jobs.delete(job.state.job);
    turn.effect({ kind: "discard-job", job: job.state.job });
  }
  for (const { job, outcome } of reign.cluster.jobs.values()) {
    // Its journal was damaged and somebody moved it away: nobody can go on with it, and its output is free again.
    if (outcome === undefined && !reign.jobs.has(job))
      turn.recordCluster({ kind: "job-ended", job, outcome: "failed" });
  }
  for (const job of jobsInOrder(turn)) expectWorkers(turn, job);
  for (const job of jobsInOrder(turn)) recoverJob(turn, job);
  turn.assignDue = true;
}

/** Every worker that the job may need to hear of gets a lease. */
function expectWorkers(turn: Turn, job: JobRun): void {
  job.state.stages.forEach((stage, index) => {
    stage.tasks.forEach((task, number) => {
      if (task.home !== undefined && job.state.outcome === undefined)
        expectWorker(turn, task.home.worker, findAttempt(task, task.home.attempt)?.incarnation);
      for (const attempt of task.attempts) {
        if (!isLive(attempt)) continue;
        const row = expectWorker(turn, attempt.worker, attempt.incarnation);
        placeAttempt(
          job,
          row,
          recoveredAttempt(turn, job, { job: job.state.job, stage: index, task: number, attempt: attempt.attempt }),
        );
      }
    });
  });
}

/** @param lived a life of it that the job knows of: among very many workers the cluster's journal may have forgotten it. */
function expectWorker(turn: Turn, worker: WorkerId, lived = 0 as Incarnation): WorkerRow {
  const found = turn.reign.workers.get(worker);
  if (found !== undefined) {
    if (lived > found.incarnation) found.incarnation = lived;
    return found;
  }
  const leaseUntilMs = turn.atMs + turn.reign.settings.leaseMs;
  const remembered = turn.reign.cluster.incarnations.get(worker) ?? (0 as Incarnation);
  const row = createWorkerRow(worker, lived > remembered ? lived : remembered, leaseUntilMs);
  turn.reign.workers.set(worker, row);
  turn.wakeBy(leaseUntilMs);
  return row;
}

/** A reduce that has not taken its slot gathers, as far as is known; it gets its place back in its turn. */
function recoveredAttempt(turn: Turn, job: JobRun, ref: AttemptRef): AttemptRun {
  const kind = job.state.stages[ref.stage]?.plan.kind ?? "map";
  const attempt = findTask(job.state, ref.stage, ref.task)?.attempts.find((other) => other.attempt === ref.attempt);
  invariant(attempt !== undefined, `attempt ${ref.stage}-${ref.task}.${ref.attempt} is live and unknown`);
  const phase = kind !== "reduce" || attempt.status === "slotted" ? "running" : "gathering";
  return {
    ref,
    kind,
    worker: attempt.worker,
    phase,
    holdsPlace: false,
    sinceMs: turn.atMs,
    progress: undefined,
    complaints: 0,
    report: undefined,
  };
}

function recoverJob(turn: Turn, job: JobRun): void {
  const { state } = job;
  const ended = turn.reign.cluster.jobs.get(state.job)?.outcome;
  if (state.outcome !== undefined) {
    if (ended === undefined) turn.recordCluster({ kind: "job-ended", job: state.job, outcome: state.outcome });
    return beginWinding(turn, job);
  }
  checkVectors(job);
  switch (state.phase) {
    case "planning":
      // The cluster's journal names a job only after its plan is durable, so a disk has lost what it had synced.
      return endJob(turn, job, {
        outcome: "failed",
        failure: {
          code: "E_STATE_DAMAGED",
          message: `Cannot go on with "${state.job}": its journal ends before its plan; submit it again`,
        },
      });
    case "committing":
    case "published":
      return recoverCommit(turn, job);
    case "staging":
    case "running":
      if (state.killReason !== undefined)
        return endJob(turn, job, {
          outcome: "killed",
          failure: { code: "E_KILLED", message: `Job "${state.spec.name}" was killed: ${state.killReason}` },
        });
      if (state.phase === "staging") return makeStaging(turn, job);
      endExhausted(turn, job);
      return maybeComplete(turn, job);
    case "ended":
  }
}

/** The driver must have handed in the vector of every accepted task: without them nothing can be checked. */
function checkVectors(job: JobRun): void {
  job.state.stages.forEach((stage, index) => {
    const sums = job.stages[index]?.sums;
    invariant(
      sums === undefined || sums.maps === stage.acceptedTasks,
      `stage ${index} of ${job.state.job} was recovered without its vectors: ${sums?.maps ?? 0} of ${stage.acceptedTasks}`,
    );
  });
}
