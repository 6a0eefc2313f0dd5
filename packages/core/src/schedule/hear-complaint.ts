// Complaints about segments charge nobody at first: the source looks at its file. Bad: the segments are lost and the
// host is charged. Good: the reader tries again, and a third such complaint moves the gather and charges its worker.
// A source that is not there to look is left to its lease; one that is and does not answer has lost them like bad ones.

import { segmentFaults } from "../journal/apply-job-record.ts";
import { findTask, segmentsNeeded } from "../journal/job-state.ts";
import type { AttemptRef } from "../model/ids.ts";
import { attemptName } from "../model/ids.ts";
import type { WorkerMessage } from "../model/session-messages.ts";
import { avoidFailingWorkers } from "./avoid-worker.ts";
import { endIfExhausted, failAttempt } from "./end-attempt.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { liveAttempt, maybeEnqueue } from "./job-run.ts";
import { retractPlaces, sendPlaceAgain } from "./segment-places.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

type MessageOf<Kind extends WorkerMessage["kind"]> = Extract<WorkerMessage, { kind: Kind }>;

/** Take a complaint in. */
export function hearComplaint(
  turn: Turn,
  row: WorkerRow,
  { reader, source, sourceWorker }: MessageOf<"complaint">,
): void {
  const job = turn.reign.jobs.get(reader.job);
  const attempt = job === undefined ? undefined : readingAttempt(job, reader);
  if (job === undefined || attempt === undefined || attempt.worker !== row.worker || source.job !== reader.job)
    return turn.stale();
  const reads = job.state.stages[reader.stage]?.plan.reads;
  const home = findTask(job.state, source.stage, source.task)?.home;
  if (source.stage !== reads || home === undefined) return turn.stale();
  if (home.attempt !== source.attempt || home.worker !== sourceWorker)
    return sendPlaceAgain(turn, job, attempt, source.task);
  const name = attemptName(source);
  const open = job.verifying.get(name);
  if (open !== undefined) {
    if (!open.readers.some((other) => attemptName(other) === attemptName(reader))) open.readers.push(reader);
    return;
  }
  const untilMs = turn.atMs + turn.reign.settings.verifyTimeoutMs;
  job.verifying.set(name, { source, worker: sourceWorker, readers: [reader], untilMs });
  turn.wakeBy(untilMs);
  const sourceRow = turn.reign.workers.get(sourceWorker);
  if (sourceRow !== undefined) turn.send(sourceRow, { kind: "verify", source });
}

/** Take in what a source found. */
export function hearVerified(turn: Turn, row: WorkerRow, { source, intact }: MessageOf<"verified">): void {
  const job = turn.reign.jobs.get(source.job);
  if (job === undefined || job.state.outcome !== undefined) return turn.stale();
  const name = attemptName(source);
  const open = job.verifying.get(name);
  if (open?.worker === row.worker) job.verifying.delete(name);
  if (!isHome(job, row, source)) return turn.stale();
  if (!intact) return loseBadSegments(turn, job, { row, source, reason: segmentFaults.damaged });
  for (const reader of open?.readers ?? []) {
    const attempt = readingAttempt(job, reader);
    if (attempt !== undefined) answerReader(turn, job, attempt, source);
  }
}

/** Tell whether the segments of a task lie where an attempt on this worker wrote them. */
function isHome(job: JobRun, row: WorkerRow, { stage, task, attempt }: AttemptRef): boolean {
  const home = job.state.outcome === undefined ? findTask(job.state, stage, task)?.home : undefined;
  return home?.attempt === attempt && home.worker === row.worker;
}

function readingAttempt(job: JobRun, ref: AttemptRef): AttemptRun | undefined {
  const attempt = liveAttempt(job, ref);
  return attempt?.phase === "gathering" || attempt?.phase === "gathered" ? attempt : undefined;
}

function answerReader(turn: Turn, job: JobRun, attempt: AttemptRun, source: AttemptRef): void {
  attempt.complaints++;
  if (attempt.complaints < turn.reign.settings.complaintsMax) return sendPlaceAgain(turn, job, attempt, source.task);
  const message = `it could not bring the segment of ${attemptName(source)} and complained ${attempt.complaints} times about segments that their sources found whole`;
  failAttempt(turn, job, attempt, { failure: { code: "E_GATHER", message }, stop: true });
}

interface BadSegments {
  readonly row: WorkerRow;
  readonly source: AttemptRef;
  readonly reason: (typeof segmentFaults)[keyof typeof segmentFaults];
}

function loseBadSegments(turn: Turn, job: JobRun, { row, source, reason }: BadSegments): void {
  const { stage, task, attempt } = source;
  if (!segmentsNeeded(job.state, stage)) return;
  turn.recordJob(job, {
    kind: "segments-lost",
    attempt: { stage, task, attempt },
    worker: row.worker,
    reason,
  });
  turn.send(row, { kind: "release", attempt: source });
  // A reader on the same worker read the file in place: it has it no more, and says so again when it has another.
  for (const reader of row.attempts.values()) {
    if (
      reader.ref.job === source.job &&
      reader.phase === "gathered" &&
      job.state.stages[reader.ref.stage]?.plan.reads === stage
    )
      reader.phase = "gathering";
  }
  retractPlaces(turn, job, stage, [task]);
  const failure = { code: "E_SEGMENT", message: `its segments are gone: ${reason}` };
  if (endIfExhausted(turn, job, { ref: source, last: { worker: row.worker, failure } })) return;
  const untilMs = turn.atMs + turn.reign.settings.otherWorkerWaitMs;
  maybeEnqueue(job, stage, task, { worker: row.worker, untilMs, ownFault: false });
  turn.wakeBy(untilMs);
  avoidFailingWorkers(turn, job);
  turn.assignDue = true;
}

/**
 * Give up segments that their sources did not look at in time: a disk may hang while its worker's heartbeats go on. A
 * source that is away is left to its lease. After a late tick, which may come before its answer, it has one more.
 */
export function expireVerifications(turn: Turn, job: JobRun, lateMs: number): void {
  const { heartbeatMs, leaseMs } = turn.reign.settings;
  for (const [name, open] of job.verifying) {
    if (lateMs > heartbeatMs) open.untilMs = Math.max(open.untilMs, turn.atMs + leaseMs);
    const row = turn.reign.workers.get(open.worker);
    if (open.untilMs > turn.atMs) turn.wakeBy(open.untilMs);
    else if (row?.session !== undefined) {
      const { source } = open;
      job.verifying.delete(name);
      if (isHome(job, row, source)) loseBadSegments(turn, job, { row, source, reason: segmentFaults.unanswered });
    }
  }
}

/** Ask a source again that has come back without having answered. */
export function verifyAgain(turn: Turn, row: WorkerRow): void {
  for (const job of turn.reign.jobs.values()) {
    for (const { source, worker, untilMs } of job.verifying.values()) {
      if (worker !== row.worker) continue;
      turn.send(row, { kind: "verify", source });
      turn.wakeBy(untilMs);
    }
  }
}
