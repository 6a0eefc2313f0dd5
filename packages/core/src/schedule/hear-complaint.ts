// Complaints about segments charge nobody at first: the source looks at its file. Bad: the segments are lost and the
// host is charged. Good: the reader tries again, and a third such complaint moves the gather and charges its worker.
// A source that is not there to look is left to its lease.

import { badSegmentReason } from "../journal/apply-job-record.ts";
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
  job.verifying.set(name, { source, worker: sourceWorker, readers: [reader] });
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
  const home = findTask(job.state, source.stage, source.task)?.home;
  if (home === undefined || home.attempt !== source.attempt || home.worker !== row.worker) return turn.stale();
  if (!intact) return loseBadSegments(turn, job, { row, source });
  for (const reader of open?.readers ?? []) {
    const attempt = readingAttempt(job, reader);
    if (attempt !== undefined) answerReader(turn, job, attempt, source);
  }
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

function loseBadSegments(
  turn: Turn,
  job: JobRun,
  { row, source }: { readonly row: WorkerRow; readonly source: AttemptRef },
): void {
  const { stage, task, attempt } = source;
  if (!segmentsNeeded(job.state, stage)) return;
  turn.recordJob(job, {
    kind: "segments-lost",
    attempt: { stage, task, attempt },
    worker: row.worker,
    reason: badSegmentReason,
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
  const failure = { code: "E_SEGMENT", message: `its segments are gone: ${badSegmentReason}` };
  if (endIfExhausted(turn, job, { ref: source, last: { worker: row.worker, failure } })) return;
  maybeEnqueue(job, stage, task, { worker: row.worker, untilMs: turn.atMs + turn.reign.settings.otherWorkerWaitMs });
  turn.wakeBy(turn.atMs + turn.reign.settings.otherWorkerWaitMs);
  avoidFailingWorkers(turn, job);
  turn.assignDue = true;
}

/** Ask a source again that has come back without having answered. */
export function verifyAgain(turn: Turn, row: WorkerRow): void {
  for (const job of turn.reign.jobs.values()) {
    for (const { source, worker } of job.verifying.values())
      if (worker === row.worker) turn.send(row, { kind: "verify", source });
  }
}
