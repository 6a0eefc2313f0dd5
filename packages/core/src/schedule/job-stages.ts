// A job's way between its attempts: staging is made before the first launch, and when every task is accepted the laws
// are checked and the commit begins. Each step is asked for again after a restart.

import { ownerName } from "../commit/commit-names.ts";
import { quote, unquoted } from "../errors/millrace-error.ts";
import type { JobState } from "../journal/job-state.ts";
import { allAccepted, segmentsNeeded, stageAccepted } from "../journal/job-state.ts";
import type { AttemptFailure } from "../model/attempt-result.ts";
import type { StorageReply } from "../model/storage-call.ts";
import { askStorage } from "./ask-storage.ts";
import { badRecordsFailure } from "./bad-records.ts";
import { beginCommit } from "./commit-job.ts";
import { conservationFailure } from "./check-conservation.ts";
import { supersedeAttempt } from "./end-attempt.ts";
import { endJob } from "./end-job.ts";
import type { JobRun } from "./job-run.ts";
import { liveAttempts } from "./job-run.ts";
import { makeDueRanges } from "./make-ranges.ts";
import { dequeueTask } from "./task-queue.ts";
import type { Turn } from "./turn.ts";

/** Ask for the staging directory. */
export function makeStaging(turn: Turn, job: JobRun): void {
  const owner = `${job.state.job}\n`;
  askStorage(
    turn,
    { job: job.state.job, desk: job.desk },
    { kind: "make-staging" },
    { kind: "make-staging", uri: job.state.stagingUri, owner },
  );
}

/** Take in how the making of the staging directory went. */
export function hearStaging(turn: Turn, job: JobRun, reply: StorageReply): void {
  if (job.state.phase !== "staging") return turn.stale();
  if (reply.kind !== "ok") {
    return endJob(turn, job, { outcome: "failed", failure: stagingFailure(job.state, reply) });
  }
  turn.recordJob(job, { kind: "staged" });
  turn.assignDue = true;
  maybeComplete(turn, job);
}

function stagingFailure({ spec, stagingUri }: JobState, reply: StorageReply): AttemptFailure {
  // Some places look writable until something is made there: the submission was not refused for it.
  if (reply.kind === "refused" && reply.reason === "denied") {
    const said = unquoted(reply.message.startsWith("Cannot ") ? `c${reply.message.slice(1)}` : reply.message);
    const mend = `${said.includes("; ") ? ", or" : ";"} choose another output`;
    return { code: "E_OUTPUT_DENIED", message: `Cannot write ${quote(spec.output.uri)}: ${said}${mend}` };
  }
  const why =
    reply.kind === "refused" || reply.kind === "unknown" ? reply.message : `storage answered with ${reply.kind}`;
  const message = `Cannot make ${quote(stagingUri)} (with ${quote(ownerName)}): ${why}; check the storage`;
  return { code: "E_STORAGE", message };
}

/** See what follows from an acceptance: key ranges, the limit of bad records, segments that nobody needs, the commit. */
export function maybeComplete(turn: Turn, job: JobRun): void {
  if (job.state.phase !== "running") return;
  makeDueRanges(turn, job);
  const mapsIn = job.state.stages.every((stage) => stage.plan.kind !== "map" || stageAccepted(stage));
  const tooBad = mapsIn ? badRecordsFailure(job.state) : undefined;
  if (tooBad !== undefined) return endJob(turn, job, { outcome: "failed", failure: tooBad });
  endUnneeded(turn, job);
  if (!allAccepted(job.state)) return releaseUnneeded(turn, job);
  const failure = conservationFailure(job);
  if (failure !== undefined) return endJob(turn, job, { outcome: "failed", failure });
  beginCommit(turn, job);
}

/** Stop what only makes lost segments again, once nobody needs them any more. */
function endUnneeded(turn: Turn, job: JobRun): void {
  job.state.stages.forEach((stage, index) => {
    const queue = job.stages[index]?.queue;
    if (queue === undefined || !stageAccepted(stage) || segmentsNeeded(job.state, index)) return;
    for (const task of queue.waiting) dequeueTask(queue, task);
    for (const attempt of liveAttempts(job)) {
      if (attempt.ref.stage === index) supersedeAttempt(turn, job, attempt, "nobody needs its segments any more");
    }
  });
}

/** Give up the segments of stages whose every transitive consumer is accepted. */
function releaseUnneeded(turn: Turn, job: JobRun): void {
  job.state.stages.forEach((stage, index) => {
    const run = job.stages[index];
    if (
      run === undefined ||
      run.released ||
      stage.plan.partitions === 0 ||
      segmentsNeeded(job.state, index) ||
      !stageAccepted(stage)
    )
      return;
    run.released = true;
    stage.tasks.forEach((task, number) => {
      const row = task.home === undefined ? undefined : turn.reign.workers.get(task.home.worker);
      if (row === undefined || task.home === undefined) return;
      turn.send(row, {
        kind: "release",
        attempt: { job: job.state.job, stage: index, task: number, attempt: task.home.attempt },
      });
    });
  });
}
