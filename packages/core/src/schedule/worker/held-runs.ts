// Run files on this worker's disk: held from the end of their attempt until the coordinator releases them.

import type { RunSummary } from "../../model/attempt-result.ts";
import { attemptKey, type AttemptRef } from "../../model/ids.ts";
import type { HeldSegments } from "../../model/session-messages.ts";
import { dropOwnRunSegments } from "./gather-table.ts";
import { addItem, dropItem } from "./job-table.ts";
import { compareAttempts, countStale, send, type WorkerState, type WorkerTurn } from "./worker-state.ts";

/** Begin to hold the run file of an attempt, adopted at start or just written. */
export function holdRun(turn: WorkerTurn, held: HeldSegments): void {
  const key = attemptKey(held.attempt);
  if (turn.state.held.has(key)) return;
  turn.state.held.set(key, held);
  addItem(turn, held.attempt);
}

/** Hold what a finished attempt wrote. */
export function holdFinishedRun(turn: WorkerTurn, attempt: AttemptRef, run: RunSummary | undefined): void {
  if (run !== undefined) holdRun(turn, { attempt, vectorDigest: run.vectorDigest });
}

/** Delete a run file. Gathers that read it in place wait for a newer place. @returns whether it was held. */
export function deleteRun(turn: WorkerTurn, attempt: AttemptRef): boolean {
  const key = attemptKey(attempt);
  if (!turn.state.held.delete(key)) return false;
  turn.effects.push({ kind: "delete-run", attempt });
  dropOwnRunSegments(turn, attempt);
  dropItem(turn, attempt);
  return true;
}

/** Obey `release`. */
export function releaseRun(turn: WorkerTurn, attempt: AttemptRef): void {
  if (!deleteRun(turn, attempt)) countStale(turn);
}

/** Obey `verify`: look at the file, or say at once that it is not there. */
export function verifyRun(turn: WorkerTurn, source: AttemptRef): void {
  const key = attemptKey(source);
  if (!turn.state.held.has(key)) return send(turn, { kind: "verified", source, intact: false });
  if (!turn.state.verifying.has(key)) turn.effects.push({ kind: "verify-run", source });
  turn.state.verifying.set(key, "asked");
}

/** Look at a file unasked, since an attempt of this worker could not read it; only bad news is told. */
export function checkRun(turn: WorkerTurn, source: AttemptRef): void {
  const key = attemptKey(source);
  if (!turn.state.held.has(key) || turn.state.verifying.has(key)) return;
  turn.state.verifying.set(key, "own");
  turn.effects.push({ kind: "verify-run", source });
}

/** Take the answer of the disk: a damaged file is deleted, so that no inventory offers it again. */
export function runVerified(turn: WorkerTurn, source: AttemptRef, intact: boolean): void {
  const key = attemptKey(source);
  const why = turn.state.verifying.get(key);
  if (!turn.state.verifying.delete(key)) return countStale(turn);
  const whole = turn.state.held.has(key) && intact;
  if (!whole) deleteRun(turn, source);
  if (why === "asked" || !whole) send(turn, { kind: "verified", source, intact: whole });
}

/** List held runs in order of their attempts. */
export function sortedHeld(state: WorkerState): readonly HeldSegments[] {
  return [...state.held.values()].sort((a, b) => compareAttempts(a.attempt, b.attempt));
}
