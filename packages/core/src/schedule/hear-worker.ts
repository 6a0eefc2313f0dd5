// A worker's messages, one handler a kind. Only the session under which a worker is registered may speak for it:
// everything else is stale, and its session is closed so that the worker registers anew.

import { assertNever } from "../errors/invariant.ts";
import { findAttempt, findTask } from "../journal/job-state.ts";
import type { CoordinatorEvent } from "../model/coordinator-events.ts";
import type { AttemptRef } from "../model/ids.ts";
import type { WorkerMessage } from "../model/session-messages.ts";
import { noteStopped } from "./attempt-places.ts";
import { hearComplaint, hearVerified } from "./hear-complaint.ts";
import { acknowledge, hearFinished } from "./hear-finished.ts";
import { failAttempt } from "./end-attempt.ts";
import { liveAttempt } from "./job-run.ts";
import { registerWorker } from "./register-worker.ts";
import { extendLease } from "./worker-liveness.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

type Arrival = Extract<CoordinatorEvent, { kind: "worker-message" }>;
type MessageOf<Kind extends WorkerMessage["kind"]> = Extract<WorkerMessage, { kind: Kind }>;

/** Take a worker's message in. */
export function hearWorker(turn: Turn, event: Arrival): void {
  const { session, message } = event;
  if (!turn.reign.begun) return closeStale(turn, event);
  if (message.kind === "register") return registerWorker(turn, session, message);
  const worker = turn.reign.sessions.get(session);
  const row = worker === undefined ? undefined : turn.reign.workers.get(worker);
  if (row === undefined || row.session !== session) return closeStale(turn, event);
  extendLease(turn, row);
  switch (message.kind) {
    case "heartbeat":
      return hearHeartbeat(turn, row, message);
    case "finished":
      return hearFinished(turn, row, { message, vectorAt: event.vectorAt, acceptedVector: event.acceptedVector });
    case "failed":
      return hearFailed(turn, row, message);
    case "gathered":
      return hearGathered(turn, row, message.attempt);
    case "complaint":
      return hearComplaint(turn, row, message);
    case "verified":
      return hearVerified(turn, row, message);
    default:
      return assertNever(message, "worker message");
  }
}

function closeStale(turn: Turn, { session }: Arrival): void {
  turn.stale();
  turn.effect({ kind: "close-session", session });
}

function hearHeartbeat(turn: Turn, row: WorkerRow, { progress, freeDiskBytes }: MessageOf<"heartbeat">): void {
  const before = row.freeDiskBytes;
  row.freeDiskBytes = freeDiskBytes;
  if (freeDiskBytes > before && [...turn.reign.jobs.values()].some((job) => job.noSpaceSinceMs !== undefined))
    turn.assignDue = true;
  for (const told of progress) {
    const job = turn.reign.jobs.get(told.attempt.job);
    const attempt = job === undefined ? undefined : liveAttempt(job, told.attempt);
    if (attempt === undefined || attempt.worker !== row.worker) continue;
    attempt.progress = told;
    turn.changed(told.attempt.job);
  }
}

function hearFailed(turn: Turn, row: WorkerRow, { attempt: ref, failure }: MessageOf<"failed">): void {
  acknowledge(turn, row, ref);
  const stopped = noteStopped(turn, row, ref);
  const job = turn.reign.jobs.get(ref.job);
  const attempt = job === undefined ? undefined : liveAttempt(job, ref);
  if (job === undefined || attempt === undefined || attempt.worker !== row.worker || attempt.phase === "measuring") {
    if (!stopped) turn.stale();
    return;
  }
  failAttempt(turn, job, attempt, { failure });
}

function hearGathered(turn: Turn, row: WorkerRow, ref: AttemptRef): void {
  const job = turn.reign.jobs.get(ref.job);
  const attempt = job === undefined ? undefined : liveAttempt(job, ref);
  if (job === undefined || attempt === undefined || attempt.worker !== row.worker || attempt.phase !== "gathering")
    return turn.stale();
  const task = findTask(job.state, ref.stage, ref.task);
  if (task === undefined || findAttempt(task, ref.attempt)?.status !== "launched") return turn.stale();
  attempt.phase = "gathered";
  attempt.sinceMs = turn.atMs;
  turn.changed(ref.job);
  turn.assignDue = true;
}
