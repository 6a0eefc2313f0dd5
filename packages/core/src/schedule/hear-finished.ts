// A result arrives. It is stale, or held back while its files are measured, or it settles: the first good one of a task
// is accepted for ever; a later one may only supply lost segments.

import { attemptUriOf } from "../commit/commit-names.ts";
import { findAttempt, findTask } from "../journal/job-state.ts";
import type { SegmentVector } from "../model/attempt-result.ts";
import type { AttemptRef } from "../model/ids.ts";
import type { StorageReply, StorageCall } from "../model/storage-call.ts";
import type { WorkerMessage } from "../model/session-messages.ts";
import { askStorage } from "./ask-storage.ts";
import { leaveSlot, noteStopped } from "./attempt-places.ts";
import { reportFault } from "./check-report.ts";
import { failAttempt } from "./end-attempt.ts";
import type { AttemptRun, JobRun, PendingReport } from "./job-run.ts";
import { liveAttempt } from "./job-run.ts";
import { reviveAttempt } from "./revive-attempt.ts";
import { settleReport } from "./settle-report.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

type Finished = Extract<WorkerMessage, { kind: "finished" }>;

/** What came with a `finished` message. */
export interface FinishedArrival {
  readonly message: Finished;
  readonly vectorAt: number | undefined;
  readonly acceptedVector: SegmentVector | undefined;
}

/** Take a result in. Whatever it is, it is acknowledged as soon as what follows from it is durable. */
export function hearFinished(turn: Turn, row: WorkerRow, arrival: FinishedArrival): void {
  const { result, vector } = arrival.message;
  const ref = result.attempt;
  noteStopped(turn, row, ref);
  const job = turn.reign.jobs.get(ref.job);
  const attempt = job === undefined ? undefined : attemptThatMayCount(turn, job, row, ref);
  if (job === undefined || attempt === undefined) return dismiss(turn, row, ref, job);
  if (attempt.phase === "measuring") return turn.stale();
  const report: PendingReport = {
    result,
    vector,
    vectorAt: arrival.vectorAt ?? -1,
    acceptedVector: arrival.acceptedVector,
  };
  const fault = reportFault(job, attempt, report);
  if (fault !== undefined) {
    acknowledge(turn, row, ref);
    if (result.run !== undefined) turn.send(row, { kind: "release", attempt: ref });
    return failAttempt(turn, job, attempt, { failure: { code: "E_CONSERVATION", message: fault }, mismatch: true });
  }
  leaveSlot(turn, job, attempt);
  attempt.report = report;
  if (result.files.length === 0) return settleReport(turn, job, attempt, report);
  askStorage(
    turn,
    { job: job.state.job, desk: job.desk },
    { kind: "measure", attempt: ref },
    { kind: "measure", uris: fileUris(job, report) },
  );
}

/** The live attempt on this worker; one that was taken for lost lives again, as long as nobody has taken its task over. */
function attemptThatMayCount(turn: Turn, job: JobRun, row: WorkerRow, ref: AttemptRef): AttemptRun | undefined {
  const live = liveAttempt(job, ref);
  if (live !== undefined) return live.worker === row.worker ? live : undefined;
  return reviveAttempt(turn, job, { row, ref, phase: "measuring" });
}

/**
 * Acknowledge a result that does not count, and have its run file deleted unless it is the one that counts. An attempt that
 * its task has forgotten may have become the home of the task's segments a moment ago, by its worker's inventory.
 */
function dismiss(turn: Turn, row: WorkerRow, ref: AttemptRef, job: JobRun | undefined): void {
  turn.stale();
  acknowledge(turn, row, ref);
  const task = job === undefined ? undefined : findTask(job.state, ref.stage, ref.task);
  const status = task === undefined ? undefined : findAttempt(task, ref.attempt)?.status;
  const isHome = task?.home?.attempt === ref.attempt && task.home.worker === row.worker;
  if (!isHome && status !== "accepted" && status !== "supplied") turn.send(row, { kind: "release", attempt: ref });
}

/** Tell a worker that what it said of an attempt is durable. */
export function acknowledge(turn: Turn, row: WorkerRow, ref: AttemptRef): void {
  turn.send(row, { kind: "acknowledge", attempt: ref });
}

function fileUris(job: JobRun, { result }: PendingReport): readonly string[] {
  const directory = attemptUriOf(job.state.stagingUri, result.attempt);
  return result.files.map((file) => `${directory}/${file.path}`);
}

/** Take in the lengths of an attempt's files, as storage has them. */
export function hearMeasured(
  turn: Turn,
  job: JobRun,
  answer: { readonly ref: AttemptRef; readonly request: StorageCall; readonly reply: StorageReply },
): void {
  const { ref, reply } = answer;
  const attempt = liveAttempt(job, ref);
  const report = attempt?.report;
  if (attempt === undefined || report === undefined) return turn.stale();
  const fault = measureFault(report, reply);
  if (fault === undefined) return settleReport(turn, job, attempt, report);
  const row = turn.reign.workers.get(attempt.worker);
  if (row !== undefined) {
    acknowledge(turn, row, ref);
    turn.send(row, { kind: "release", attempt: ref });
  }
  failAttempt(turn, job, attempt, { failure: { code: "E_OUTPUT_WRITE", message: fault } });
}

function measureFault({ result }: PendingReport, reply: StorageReply): string | undefined {
  if (reply.kind !== "measured")
    return `the lengths of its files could not be read: ${reply.kind === "refused" || reply.kind === "unknown" ? reply.message : reply.kind}`;
  for (const [index, file] of result.files.entries()) {
    const bytes = reply.bytes[index] ?? -1;
    if (bytes !== file.bytes)
      return `its file ${file.path} has ${bytes < 0 ? "vanished" : `${bytes} bytes in storage`}, ${file.bytes} were written`;
  }
  return undefined;
}
