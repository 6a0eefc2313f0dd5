// A good result settles its task: accepted if it is the first, supplied if it gives lost segments a new place. A map
// that gave other pairs than before is not deterministic: withdrawn while nobody consumed it, else the job fails.

import { quote } from "../errors/millrace-error.ts";
import type { TaskState } from "../journal/job-state.ts";
import { consumerStages, findTask } from "../journal/job-state.ts";
import { limits } from "../limits.ts";
import type { AttemptResult } from "../model/attempt-result.ts";
import type { AttemptRef } from "../model/ids.ts";
import { taskName } from "../model/ids.ts";
import type { AcceptedResult } from "../model/records.ts";
import { addVector, subtractVector } from "../shuffle/segment-sum.ts";
import { removeAttempt } from "./attempt-places.ts";
import { avoidFailingWorkers } from "./avoid-worker.ts";
import { supersedeAttempt } from "./end-attempt.ts";
import { endJob } from "./end-job.ts";
import type { AttemptRun, JobRun, PendingReport } from "./job-run.ts";
import { liveAttempts, maybeEnqueue } from "./job-run.ts";
import { maybeComplete } from "./job-stages.ts";
import { endRest } from "./rest-worker.ts";
import { announcePlaces } from "./segment-places.ts";
import { dequeueTask } from "./task-queue.ts";
import type { Turn } from "./turn.ts";

/** Let a checked report count. */
export function settleReport(turn: Turn, job: JobRun, attempt: AttemptRun, report: PendingReport): void {
  const { ref } = attempt;
  const task = findTask(job.state, ref.stage, ref.task);
  if (task === undefined) return turn.stale();
  const row = turn.reign.workers.get(attempt.worker);
  if (row !== undefined) turn.send(row, { kind: "acknowledge", attempt: ref });
  removeAttempt(turn, job, attempt);
  endRest(turn, job, attempt.worker);
  if (task.accepted === undefined) accept(turn, job, attempt, report);
  else if (report.result.run?.vectorDigest === task.accepted.result.run?.vectorDigest) supply(turn, job, attempt);
  else withdraw(turn, job, { attempt, report, task });
}

function accept(turn: Turn, job: JobRun, attempt: AttemptRun, { result, vector, vectorAt }: PendingReport): void {
  const { stage, task, attempt: number } = attempt.ref;
  const { run } = result;
  turn.recordJob(job, {
    kind: "accepted",
    attempt: { stage, task, attempt: number },
    worker: attempt.worker,
    result: attempt.kind === "sample" ? sampleResult(result) : acceptedResult(job, result, vectorAt),
    wallMs: turn.wallMs,
  });
  endOthers(turn, job, attempt.ref);
  const sums = job.stages[stage]?.sums;
  if (sums !== undefined && vector !== undefined) addVector(sums, task, vector);
  avoidFailingWorkers(turn, job);
  if (run !== undefined) announcePlaces(turn, job, stage, [task]);
  turn.assignDue = true;
  maybeComplete(turn, job);
}

function acceptedResult(job: JobRun, result: AttemptResult, vectorAt: number): AcceptedResult {
  const { consumed, run, files, counters, badRecords, usage } = result;
  return {
    consumed,
    ...(run === undefined ? {} : { run }),
    vectorAt: run === undefined ? -1 : vectorAt,
    files,
    counters,
    badRecords: badRecords.slice(0, Math.max(0, limits.badRecordSamplesMax - job.state.badSamples)),
    usage,
  };
}

/** What a sample saw, the map stage sees again: its counters and bad records would count twice. */
function sampleResult({ consumed, sample = [], usage }: AttemptResult): AcceptedResult {
  return { consumed, vectorAt: -1, files: [], counters: {}, badRecords: [], sample, usage };
}

/** Another attempt of the task can no longer count. */
function endOthers(turn: Turn, job: JobRun, ref: AttemptRef): void {
  const queue = job.stages[ref.stage]?.queue;
  if (queue !== undefined) dequeueTask(queue, ref.task);
  for (const other of liveAttempts(job)) {
    if (other.ref.stage === ref.stage && other.ref.task === ref.task)
      supersedeAttempt(turn, job, other, `attempt ${ref.attempt} of its task counts`);
  }
}

function supply(turn: Turn, job: JobRun, attempt: AttemptRun): void {
  const { stage, task, attempt: number } = attempt.ref;
  turn.recordJob(job, {
    kind: "supplied",
    attempt: { stage, task, attempt: number },
    worker: attempt.worker,
    wallMs: turn.wallMs,
  });
  endOthers(turn, job, attempt.ref);
  announcePlaces(turn, job, stage, [task]);
}

interface Withdrawal {
  readonly attempt: AttemptRun;
  readonly report: PendingReport;
  readonly task: TaskState;
}

/** The second result differs from the first. */
function withdraw(turn: Turn, job: JobRun, { attempt, report, task }: Withdrawal): void {
  const { stage, task: number } = attempt.ref;
  const name = taskName(attempt.ref);
  const sums = job.stages[stage]?.sums;
  const consumers = consumerStages(job.state, stage);
  const consumed = consumers.some((consumer) => (job.state.stages[consumer]?.acceptedTasks ?? 0) > 0);
  const mayReset =
    !consumed &&
    task.resets < turn.reign.settings.resetsMax &&
    sums !== undefined &&
    report.acceptedVector !== undefined;
  if (!mayReset) {
    const why = consumed ? "after its first result was consumed" : `as it has done ${task.resets + 1} times`;
    const message = `Cannot go on with ${quote(job.state.spec.name)}: task ${quote(name)} gave other pairs when it ran again, ${why}; make its map depend on its record alone`;
    return endJob(turn, job, { outcome: "failed", failure: { code: "E_NONDETERMINISTIC", message } });
  }
  for (const reader of liveAttempts(job)) {
    if (!consumers.includes(reader.ref.stage)) continue;
    supersedeAttempt(turn, job, reader, `task ${name} was reset`);
    maybeEnqueue(job, reader.ref.stage, reader.ref.task);
  }
  // Readers end first: a journal cut here leaves none that has gathered what is withdrawn.
  turn.recordJob(job, {
    kind: "reset",
    stage,
    task: number,
    reason: "it gave other pairs when it ran again, and nobody had consumed the first",
  });
  if (report.acceptedVector !== undefined) subtractVector(sums, number, report.acceptedVector);
  accept(turn, job, attempt, report);
}
