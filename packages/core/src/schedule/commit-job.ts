// Where the JobMachine hands over to the commit: events in, records and one storage call out. All decisions about
// storage are in core/commit; here is only the plumbing.

import { createCommitOrder } from "../commit/commit-order.ts";
import { stepCommit } from "../commit/commit-machine.ts";
import type { CommitEvent } from "../commit/commit-state.ts";
import { createCommitState } from "../commit/commit-state.ts";
import { outputsOf } from "../job/stage-writes.ts";
import type { JobState } from "../journal/job-state.ts";
import { limits } from "../limits.ts";
import { askStorage } from "./ask-storage.ts";
import { endJob } from "./end-job.ts";
import type { JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";

/** Begin to commit a job whose laws all hold. */
export function beginCommit(turn: Turn, job: JobRun): void {
  prepare(job);
  advanceCommit(turn, job, { kind: "begin", wallMs: turn.wallMs });
}

/** Go on with a commit that the journal says has begun. */
export function recoverCommit(turn: Turn, job: JobRun): void {
  prepare(job);
  advanceCommit(turn, job, { kind: "recovered", wallMs: turn.wallMs });
}

function prepare(job: JobRun): void {
  const { state } = job;
  const accepted = state.stages.flatMap((stage, index) =>
    stage.tasks.flatMap((task, number) =>
      task.accepted === undefined || task.accepted.result.files.length === 0
        ? []
        : [
            {
              attempt: { stage: index, task: number, attempt: task.accepted.attempt },
              files: task.accepted.result.files,
            },
          ],
    ),
  );
  const order = createCommitOrder({
    job: state.job,
    name: state.spec.name,
    planHash: state.totals?.hash ?? "",
    stagingUri: state.stagingUri,
    outputUri: state.spec.output.uri,
    overwrite: state.spec.output.overwrite,
    partFiles: state.spec.options.partFiles,
    stages: state.spec.stages.map((stage) => ({ kind: stage.kind, outputs: outputsOf(stage) })),
    accepted,
    counters: countersOf(state),
  });
  job.commit = { order, state: createCommitState(state.commit), waitUntilMs: undefined };
}

/** Counters by name, sorted, as the manifest and the view show them. */
export function countersOf(state: JobState): Readonly<Record<string, number>> {
  return Object.fromEntries([...state.counters].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Hand the commit an event and do what it decides. */
export function advanceCommit(turn: Turn, job: JobRun, event: CommitEvent): void {
  const { commit } = job;
  if (commit === undefined) return turn.stale();
  const { storageTriesMax, storageRetryMs } = turn.reign.settings;
  const decision = stepCommit(commit.order, commit.state, event, { ...limits, storageTriesMax, storageRetryMs });
  commit.state = decision.state;
  commit.waitUntilMs = undefined;
  for (const record of decision.records) turn.recordJob(job, record);
  if (decision.call !== undefined)
    askStorage(turn, { job: job.state.job, desk: job.desk }, { kind: "commit" }, decision.call);
  if (decision.waitMs !== undefined) {
    commit.waitUntilMs = turn.atMs + decision.waitMs;
    turn.wakeBy(commit.waitUntilMs);
  }
  if (decision.outcome === undefined) return;
  if (decision.outcome.kind === "published") endJob(turn, job, { outcome: "succeeded" });
  else endJob(turn, job, { outcome: "failed", failure: decision.outcome.failure });
}

/** Send `waited` when the commit's wait is over. */
export function wakeCommit(turn: Turn, job: JobRun): void {
  const until = job.commit?.waitUntilMs;
  if (until === undefined) return;
  if (until <= turn.atMs) advanceCommit(turn, job, { kind: "waited", wallMs: turn.wallMs });
  else turn.wakeBy(until);
}
