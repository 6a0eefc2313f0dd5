// Every wait of a worker and what happens when it ends. One wake-up is asked for at a time: the earliest.
// Waits without a row here have another owner: a fetch and a verification end by the driver's own deadlines, a gather
// without places and a pending launch by the coordinator's.

import { formatDuration } from "../../errors/format-units.ts";
import { attemptKey } from "../../model/ids.ts";
import { nextRetryMs } from "../../shuffle/gather-plan.ts";
import { briefOf, sortedAttempts, stopAttempt } from "./attempt-table.ts";
import { forgetAllJobs } from "./forget-job.ts";
import { heartbeat, owesAnswer, register, resend } from "./worker-session.ts";
import type { WorkerAttempt, WorkerState, WorkerTurn } from "./worker-state.ts";

/** A wake-up later than this comes from a paused process or a sleeping machine, not from a busy loop. */
const latenessMs = 1_000;

/** Act on all waits that have ended. Called with each tick. */
export function expire(turn: WorkerTurn): void {
  const { state } = turn;
  const lateMs = state.wakeAtMs === undefined ? 0 : turn.atMs - state.wakeAtMs;
  state.wakeAtMs = undefined;
  if (lateMs > latenessMs) extendWaits(state, lateMs);
  expireSession(turn);
  for (const attempt of sortedAttempts(state)) expireAttempt(turn, attempt);
  if (state.aloneSinceMs !== undefined && turn.atMs >= state.aloneSinceMs + turn.limits.orphanKeepMs) dropOrphans(turn);
}

/** Ask for a wake-up at the end of the earliest wait, if it is another than the one asked for before. */
export function askWake(turn: WorkerTurn): void {
  const atMs = earliestWait(turn);
  if (atMs === turn.state.wakeAtMs || atMs === undefined) return;
  turn.state.wakeAtMs = atMs;
  turn.effects.push({ kind: "wake", atMs });
}

function expireSession(turn: WorkerTurn): void {
  const { session } = turn.state;
  if (session.kind === "registering" && turn.atMs >= session.againAtMs) register(turn);
  if (session.kind !== "registered") return;
  if (turn.atMs >= session.heartbeatAtMs) heartbeat(turn);
  if (turn.atMs >= session.resendAtMs) resend(turn);
}

function expireAttempt(turn: WorkerTurn, attempt: WorkerAttempt): void {
  if (attempt.kind === "stopping" && turn.atMs >= attempt.againAtMs) return stopAgain(turn, attempt);
  if (attempt.kind !== "running") return;
  const timeoutMs = briefOf(turn.state, attempt.ref)?.taskTimeoutMs;
  if (timeoutMs === undefined || turn.atMs < attempt.movedAtMs + timeoutMs) return;
  const message = `Cannot finish attempt "${attemptKey(attempt.ref)}": it neither read nor wrote a record for ${formatDuration(timeoutMs)}; look for an endless loop, or raise the task timeout`;
  stopAttempt(turn, attempt.ref, { code: "E_TASK_TIMEOUT", message });
}

function stopAgain(turn: WorkerTurn, attempt: Extract<WorkerAttempt, { kind: "stopping" }>): void {
  if (attempt.tries >= turn.limits.stopTriesMax) {
    const message = `Cannot stop attempt "${attemptKey(attempt.ref)}": its host did not end, ${attempt.tries} tries; the worker ends so that its hosts end with it`;
    turn.effects.push({ kind: "exit", code: "E_INTERNAL", message });
  } else {
    turn.effects.push({ kind: "stop-attempt", attempt: attempt.ref });
  }
  turn.state.attempts.set(attemptKey(attempt.ref), {
    ...attempt,
    tries: attempt.tries + 1,
    againAtMs: turn.atMs + turn.limits.stopRetryMs,
  });
}

/** Nobody has asked for what is here for so long that nobody will; a new state directory may begin with epoch 1. */
function dropOrphans(turn: WorkerTurn): void {
  const { state } = turn;
  state.aloneSinceMs = turn.atMs;
  state.epoch = 0;
  if (state.jobs.size === 0) return;
  state.counters.orphaned += 1;
  forgetAllJobs(turn);
}

/** Extend waits by the time in which this process did not run: its attempts may not have run either. */
function extendWaits(state: WorkerState, lateMs: number): void {
  for (const [key, attempt] of state.attempts) {
    if (attempt.kind === "running") state.attempts.set(key, { ...attempt, movedAtMs: attempt.movedAtMs + lateMs });
    if (attempt.kind === "stopping") state.attempts.set(key, { ...attempt, againAtMs: attempt.againAtMs + lateMs });
  }
  if (state.aloneSinceMs !== undefined) state.aloneSinceMs += lateMs;
}

function earliestWait(turn: WorkerTurn): number | undefined {
  const { state, limits } = turn;
  const waits: number[] = [];
  if (state.session.kind === "registering") waits.push(state.session.againAtMs);
  if (state.session.kind === "registered") waits.push(state.session.heartbeatAtMs);
  if (state.session.kind === "registered" && owesAnswer(state)) waits.push(state.session.resendAtMs);
  for (const attempt of state.attempts.values()) {
    if (attempt.kind === "stopping") waits.push(attempt.againAtMs);
    const timeoutMs = attempt.kind === "running" ? briefOf(state, attempt.ref)?.taskTimeoutMs : undefined;
    if (attempt.kind === "running" && timeoutMs !== undefined) waits.push(attempt.movedAtMs + timeoutMs);
  }
  for (const gather of state.gathers.values()) waits.push(nextRetryMs(gather.plan) ?? Infinity);
  if (state.aloneSinceMs !== undefined && state.jobs.size > 0) waits.push(state.aloneSinceMs + limits.orphanKeepMs);
  const earliest = waits.reduce((least, wait) => Math.min(least, wait), Infinity);
  return earliest === Infinity ? undefined : earliest;
}
