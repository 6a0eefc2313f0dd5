// The worker's side of a session: register with an inventory, apply the verdicts, beat, and tell again what is held
// until it is acknowledged. A session belongs to one reign; an older reign than the last one obeyed is refused.

import type { AttemptProgress } from "../../model/attempt-result.ts";
import { attemptKey, type AttemptRef } from "../../model/ids.ts";
import type { CoordinatorMessage, Inventory, InventoryVerdict, WorkerMessage } from "../../model/session-messages.ts";
import { isGathered } from "../../shuffle/gather-plan.ts";
import { sortedAttempts, stopAttempt } from "./attempt-table.ts";
import { sortedGathers, tellGathered } from "./gather-table.ts";
import { deleteRun, sortedHeld } from "./held-runs.ts";
import { askAllJobsAnew, deleteIdleJobs } from "./job-table.ts";
import { countStale, send, type WorkerState, type WorkerTurn } from "./worker-state.ts";

/** A connection stands: register. A second one without a `disconnected` between replaces the first. */
export function connected(turn: WorkerTurn): void {
  if (turn.state.description === undefined) return countStale(turn);
  leaveRegistration(turn);
  const inventory = makeInventory(turn.state);
  turn.state.session = { kind: "registering", inventory, tries: 0, againAtMs: turn.atMs };
  register(turn);
}

/** The connection is gone: what runs goes on, what is to be told waits. */
export function disconnected(turn: WorkerTurn): void {
  leaveRegistration(turn);
  turn.state.session = { kind: "none" };
}

/** Send the registration, or close a session that never answers it. */
export function register(turn: WorkerTurn): void {
  const { session, description, freeDiskBytes } = turn.state;
  if (session.kind !== "registering" || description === undefined) return;
  if (session.tries >= turn.limits.registerTriesMax)
    return closeSession(turn, "the coordinator does not answer the registration");
  turn.state.session = { ...session, tries: session.tries + 1, againAtMs: turn.atMs + turn.limits.registerRetryMs };
  const message: WorkerMessage = {
    kind: "register",
    description: { ...description, freeDiskBytes },
    inventory: session.inventory,
  };
  turn.effects.push({ kind: "send", message });
}

/** Registered: obey the verdicts, then tell again what has not been acknowledged. */
export function registered(turn: WorkerTurn, message: Extract<CoordinatorMessage, { kind: "registered" }>): void {
  const { session } = turn.state;
  if (session.kind !== "registering") return countStale(turn);
  if (message.epoch < turn.state.epoch) {
    countStale(turn);
    return closeSession(turn, `the coordinator's epoch ${message.epoch} is older than ${turn.state.epoch}`);
  }
  turn.state.epoch = message.epoch;
  turn.state.aloneSinceMs = undefined;
  turn.state.session = {
    kind: "registered",
    heartbeatMs: message.heartbeatMs,
    heartbeatAtMs: turn.atMs,
    resendAtMs: turn.atMs,
  };
  askAllJobsAnew(turn);
  obeyVerdicts(turn, session.inventory, message);
  deleteIdleJobs(turn);
  resend(turn);
  heartbeat(turn);
}

/** Tell how far attempts are. */
export function heartbeat(turn: WorkerTurn): void {
  const { session, freeDiskBytes } = turn.state;
  if (session.kind !== "registered") return;
  turn.state.session = { ...session, heartbeatAtMs: turn.atMs + session.heartbeatMs };
  send(turn, {
    kind: "heartbeat",
    progress: [...gatherProgress(turn.state), ...attemptProgress(turn.state)],
    freeDiskBytes,
  });
}

/** Tell again results, failures and complete gathers that the coordinator has not answered. */
export function resend(turn: WorkerTurn): void {
  const { session } = turn.state;
  if (session.kind !== "registered") return;
  turn.state.session = { ...session, resendAtMs: turn.atMs + turn.limits.resendMs };
  for (const attempt of sortedAttempts(turn.state)) if (attempt.kind === "ended") send(turn, attempt.message);
  for (const gather of sortedGathers(turn.state)) if (isGathered(gather.plan)) tellGathered(turn, gather);
}

/** Tell whether there is anything that {@link resend} would send. */
export function owesAnswer(state: WorkerState): boolean {
  for (const attempt of state.attempts.values()) if (attempt.kind === "ended") return true;
  for (const gather of state.gathers.values()) if (gather.told) return true;
  return false;
}

function leaveRegistration(turn: WorkerTurn): void {
  if (turn.state.session.kind === "registered") turn.state.aloneSinceMs = turn.atMs;
}

function closeSession(turn: WorkerTurn, reason: string): void {
  turn.state.session = { kind: "none" };
  turn.effects.push({ kind: "disconnect", reason });
}

function makeInventory(state: WorkerState): Inventory {
  const attempts = sortedAttempts(state);
  return {
    running: attempts.filter(({ kind }) => kind !== "ended").map(({ ref }) => ref),
    gathering: sortedGathers(state).map(({ ref }) => ref),
    unacknowledged: attempts.filter(({ kind }) => kind === "ended").map(({ ref }) => ref),
    held: sortedHeld(state),
  };
}

/** Verdicts answer the inventory that was sent; what has changed since is looked up, never assumed. */
function obeyVerdicts(
  turn: WorkerTurn,
  inventory: Inventory,
  message: Extract<CoordinatorMessage, { kind: "registered" }>,
): void {
  const reason = "the coordinator does not know it any more";
  endRefused(turn, inventory.running, message.running, reason);
  endRefused(turn, inventory.gathering, message.gathering, reason);
  for (const [index, { attempt }] of inventory.held.entries()) {
    // A result that is yet to be told speaks for its run file: the coordinator releases it when it knows.
    const untold = turn.state.attempts.get(attemptKey(attempt))?.kind === "ended";
    if (refuses(message.held[index]) && !untold) deleteRun(turn, attempt);
  }
}

function endRefused(
  turn: WorkerTurn,
  attempts: readonly AttemptRef[],
  verdicts: readonly InventoryVerdict[],
  reason: string,
): void {
  for (const [index, ref] of attempts.entries()) {
    if (!refuses(verdicts[index])) continue;
    stopAttempt(turn, ref, { code: "E_KILLED", message: `Stopped attempt "${attemptKey(ref)}": ${reason}` });
  }
}

function refuses(verdict: InventoryVerdict | undefined): boolean {
  return verdict === "kill" || verdict === "delete";
}

function gatherProgress(state: WorkerState): readonly AttemptProgress[] {
  return sortedGathers(state).map(({ ref, plan }) => ({
    attempt: ref,
    phase: "gather",
    fraction: plan.maps === 0 ? 1 : plan.localCount / plan.maps,
    records: 0,
    bytes: plan.localBytes,
  }));
}

function attemptProgress(state: WorkerState): readonly AttemptProgress[] {
  return sortedAttempts(state).flatMap((attempt) =>
    attempt.kind === "running" && attempt.progress !== undefined ? [attempt.progress] : [],
  );
}
