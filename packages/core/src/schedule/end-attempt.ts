// How attempts end without a result that counts: a failure that is charged or not, a loss with the worker, a kill.
// Here is also what follows for the task and the job: another attempt, or the end.

import { errorEntry } from "../errors/error-table.ts";
import { quote } from "../errors/millrace-error.ts";
import { findTask } from "../journal/job-state.ts";
import type { AttemptFailure } from "../model/attempt-result.ts";
import type { AttemptRef, WorkerId } from "../model/ids.ts";
import { taskName } from "../model/ids.ts";
import type { TaskKey } from "../model/records.ts";
import { removeAttempt, stopOnWorker } from "./attempt-places.ts";
import { avoidFailingWorkers } from "./avoid-worker.ts";
import { endJob } from "./end-job.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { maybeEnqueue } from "./job-run.ts";
import { restWorker } from "./rest-worker.ts";
import type { Turn } from "./turn.ts";

/** Why an attempt ends, when the worker told so or a rule says so. */
export interface FailureDecision {
  readonly failure: AttemptFailure;
  /** Whether the worker still runs it and must be told. */
  readonly stop?: boolean;
  /** A report that did not add up: charge nobody, but try again a few times before the job fails for it. */
  readonly mismatch?: boolean;
}

/** Fail a live attempt: charge by the error table, then try again elsewhere or end the job. */
export function failAttempt(
  turn: Turn,
  job: JobRun,
  attempt: AttemptRun,
  { failure, stop = false, mismatch = false }: FailureDecision,
): void {
  const entry = errorEntry(failure.code);
  const charged = entry.charged === "task";
  close(turn, job, attempt, { outcome: "failed", charged, failure, stop });
  if (entry.charged === "worker") restWorker(turn, job, attempt.worker, failure.code);
  avoidFailingWorkers(turn, job);
  if (!mismatch && !entry.retry && failure.code !== "E_KILLED")
    endJob(turn, job, { outcome: "failed", failure: explained(attempt, failure), failedTask: attempt.ref });
  else
    retryOrEnd(turn, job, attempt.ref, {
      worker: attempt.worker,
      failure,
      elsewhere: mismatch || entry.charged !== "nobody",
    });
}

/** Lose a live attempt with its worker. Nobody is charged. */
export function loseAttempt(turn: Turn, job: JobRun, attempt: AttemptRun, reason: string): void {
  const failure = { code: "E_WORKER_LOST", message: reason };
  close(turn, job, attempt, { outcome: "lost", charged: false, failure, stop: false });
  retryOrEnd(turn, job, attempt.ref, { worker: attempt.worker, failure, elsewhere: false });
}

/** End a live attempt that can no longer count, since another one did or what it reads was withdrawn. */
export function supersedeAttempt(turn: Turn, job: JobRun, attempt: AttemptRun, reason: string): void {
  close(turn, job, attempt, {
    outcome: "superseded",
    charged: false,
    failure: { code: "E_KILLED", message: reason },
    stop: true,
  });
}

interface Close {
  readonly outcome: "failed" | "lost" | "superseded";
  readonly charged: boolean;
  readonly failure: AttemptFailure;
  readonly stop: boolean;
}

function close(turn: Turn, job: JobRun, attempt: AttemptRun, { outcome, charged, failure, stop }: Close): void {
  const { stage, task, attempt: number } = attempt.ref;
  turn.recordJob(job, {
    kind: "ended",
    attempt: { stage, task, attempt: number },
    outcome,
    charged,
    failure,
    wallMs: turn.wallMs,
  });
  if (stop) stopOnWorker(turn, job, attempt, failure.message);
  else removeAttempt(turn, job, attempt);
}

interface LastEnd {
  readonly worker: WorkerId;
  readonly failure: AttemptFailure;
  /** Whether another worker should try next. */
  readonly elsewhere: boolean;
}

/** Put the task in line again, or end the job when it has had its tries. */
function retryOrEnd(turn: Turn, job: JobRun, ref: AttemptRef, last: LastEnd): void {
  const task = findTask(job.state, ref.stage, ref.task);
  if (task === undefined || job.state.outcome !== undefined || endIfExhausted(turn, job, { ref, last })) return;
  const untilMs = turn.atMs + turn.reign.settings.otherWorkerWaitMs;
  const ownFault = errorEntry(last.failure.code).charged === "worker";
  maybeEnqueue(job, ref.stage, ref.task, last.elsewhere ? { worker: last.worker, untilMs, ownFault } : undefined);
  if (last.elsewhere) turn.wakeBy(untilMs);
}

/** End the job when a task has had all its tries, attempts or losses, of itself or its segments. @returns whether it has. */
export function endIfExhausted(
  turn: Turn,
  job: JobRun,
  { ref, last }: { readonly ref: TaskKey; readonly last: Omit<LastEnd, "elsewhere"> },
): boolean {
  const task = findTask(job.state, ref.stage, ref.task);
  if (task === undefined) return false;
  const { attemptsMax } = job.state.spec.options;
  const mismatches = task.attempts.filter(({ failure }) => failure?.code === "E_CONSERVATION").length;
  let failure: AttemptFailure;
  if (mismatches >= attemptsMax) failure = explained({ ref, worker: last.worker }, last.failure);
  else if (task.charged >= attemptsMax) failure = exhausted("E_ATTEMPTS", ref, { ...last, count: task.charged });
  else if (task.losses >= turn.reign.settings.lossesMax)
    failure = exhausted("E_LOSSES", ref, { ...last, count: task.losses });
  else return false;
  endJob(turn, job, { outcome: "failed", failure, failedTask: ref });
  return true;
}

/** End a job that was cut off by a restart between a task's last failure and its own end. */
export function endExhausted(turn: Turn, job: JobRun): void {
  job.state.stages.forEach((stage, index) => {
    stage.tasks.forEach((task, number) => {
      const last = task.attempts.findLast(({ failure }) => failure !== undefined);
      if (last?.failure === undefined || job.state.outcome !== undefined) return;
      const ref = { stage: index, task: number };
      endIfExhausted(turn, job, { ref, last: { worker: last.worker, failure: last.failure } });
    });
  });
}

function exhausted(
  code: "E_ATTEMPTS" | "E_LOSSES",
  ref: TaskKey,
  last: Omit<LastEnd, "elsewhere"> & { readonly count: number },
): AttemptFailure {
  const what = code === "E_ATTEMPTS" ? "it failed" : "through no fault of the job it ran in vain";
  // What a worker failed with says itself what to do; a worker that is gone says nothing.
  const advice = last.failure.code === "E_WORKER_LOST" ? "; look at why workers die" : "";
  const message = `Cannot finish task ${quote(taskName(ref))}: ${what} ${last.count === 1 ? "once," : `${last.count} times, the last`} on worker ${quote(last.worker)} with ${last.failure.code}: ${last.failure.message}${advice}`;
  return last.failure.record === undefined ? { code, message } : { code, message, record: last.failure.record };
}

function explained(
  attempt: { readonly ref: TaskKey; readonly worker: WorkerId },
  failure: AttemptFailure,
): AttemptFailure {
  return {
    ...failure,
    message: `Task ${quote(taskName(attempt.ref))} on worker ${quote(attempt.worker)}: ${failure.message}`,
  };
}
