// Attempts of a worker from launch to acknowledgement: slots, stops, ends. The coordinator allocates slots; a launch
// that comes while a stopped attempt still holds its slot waits for it, and one that cannot fit at all is refused.

import type { AttemptFailure, AttemptProgress, AttemptResult, SegmentVector } from "../../model/attempt-result.ts";
import { attemptKey, type AttemptRef } from "../../model/ids.ts";
import type { Split } from "../../model/plan.ts";
import type { JobBrief, StageBrief } from "../../model/session-messages.ts";
import { isGathered, localSegments } from "../../shuffle/gather-plan.ts";
import { beginGather, closeGather, incompleteFailure, ownRuns } from "./gather-table.ts";
import { checkRun, holdFinishedRun } from "./held-runs.ts";
import { addItem, dropItem, stageOf, wasSeen } from "./job-table.ts";
import {
  compareAttempts,
  countStale,
  send,
  type LaunchEffect,
  type WorkerAttempt,
  type WorkerState,
  type WorkerTurn,
} from "./worker-state.ts";

/** Obey `launch-map`. */
export function launchMap(turn: WorkerTurn, ref: AttemptRef, split: Split): void {
  if (wasSeen(turn, ref)) return countStale(turn);
  const refusal = refuseStage(turn, ref, "map") ?? refuseSlot(turn, ref);
  if (refusal !== undefined) return refuse(turn, ref, refusal);
  addItem(turn, ref);
  const cuts = turn.state.jobs.get(ref.job)?.ranges.get(ref.stage);
  launch(turn, ref, { kind: "run-map", attempt: ref, split, ...(cuts === undefined ? {} : { cuts }) }, []);
}

/** Obey `launch-sample`. */
export function launchSample(
  turn: WorkerTurn,
  ref: AttemptRef,
  { split, keysMax }: { readonly split: Split; readonly keysMax: number },
): void {
  if (wasSeen(turn, ref)) return countStale(turn);
  const refusal = refuseStage(turn, ref, "sample") ?? refuseSlot(turn, ref);
  if (refusal !== undefined) return refuse(turn, ref, refusal);
  addItem(turn, ref);
  launch(turn, ref, { kind: "run-sample", attempt: ref, split, keysMax }, []);
}

/** Obey `gather`. */
export function launchGather(turn: WorkerTurn, ref: AttemptRef, maps: number): void {
  if (wasSeen(turn, ref)) return countStale(turn);
  const full = turn.state.gathers.size >= turn.limits.gathersMax;
  const refusal =
    refuseStage(turn, ref, "reduce") ??
    (full ? cannotStart(ref, `${turn.limits.gathersMax} attempts gather here already`) : undefined);
  if (refusal !== undefined) return refuse(turn, ref, refusal);
  beginGather(turn, ref, maps);
}

/** Obey `launch-reduce`: the gather is complete and takes a slot, or the attempt ends. */
export function launchReduce(turn: WorkerTurn, ref: AttemptRef): void {
  const gather = turn.state.gathers.get(attemptKey(ref));
  if (gather === undefined) {
    if (wasSeen(turn, ref)) return countStale(turn);
    return refuse(turn, ref, cannotStart(ref, "it has not gathered here"));
  }
  const refusal = isGathered(gather.plan) ? refuseSlot(turn, ref) : incompleteFailure(gather);
  if (refusal !== undefined) {
    countStale(turn);
    return failGather(turn, ref, refusal);
  }
  const segments = localSegments(gather.plan);
  const reads = ownRuns(turn, gather);
  addItem(turn, ref);
  closeGather(turn, gather, "keep");
  launch(turn, ref, { kind: "run-reduce", attempt: ref, segments }, reads);
}

/** End a gathering attempt with a failure; what it has is deleted. */
export function failGather(turn: WorkerTurn, ref: AttemptRef, failure: AttemptFailure): void {
  const gather = turn.state.gathers.get(attemptKey(ref));
  if (gather === undefined) return countStale(turn);
  addItem(turn, ref);
  closeGather(turn, gather, "delete");
  endWith(turn, ref, { kind: "failed", attempt: ref, failure });
}

/** End an attempt in any phase; unknown and ended ones are counted only, the ended being told on their own. */
export function stopAttempt(turn: WorkerTurn, ref: AttemptRef, failure: AttemptFailure): void {
  if (turn.state.gathers.has(attemptKey(ref))) return failGather(turn, ref, failure);
  const attempt = turn.state.attempts.get(attemptKey(ref));
  if (attempt?.kind === "pending") {
    if (attempt.launch.kind === "run-reduce") turn.effects.push({ kind: "delete-gathered", reader: ref });
    return endWith(turn, ref, { kind: "failed", attempt: ref, failure });
  }
  if (attempt?.kind !== "running") return countStale(turn);
  const againAtMs = turn.atMs + turn.limits.stopRetryMs;
  turn.state.attempts.set(attemptKey(ref), {
    kind: "stopping",
    ref,
    reduce: attempt.reduce,
    failure,
    tries: 1,
    againAtMs,
  });
  turn.effects.push({ kind: "stop-attempt", attempt: ref });
}

/** Note how far an attempt is; only what moves counts against the task timeout. */
export function progressAttempt(turn: WorkerTurn, progress: AttemptProgress): void {
  const key = attemptKey(progress.attempt);
  const attempt = turn.state.attempts.get(key);
  if (attempt?.kind !== "running") return countStale(turn);
  const before = attempt.progress;
  const moved =
    before === undefined ||
    before.records !== progress.records ||
    before.bytes !== progress.bytes ||
    before.phase !== progress.phase;
  turn.state.attempts.set(key, { ...attempt, progress, movedAtMs: moved ? turn.atMs : attempt.movedAtMs });
}

/** An attempt ended well. One that was being stopped ends as stopped: whoever asked for that no longer wants it. */
export function finishAttempt(turn: WorkerTurn, result: AttemptResult, vector: SegmentVector | undefined): void {
  const ref = result.attempt;
  const attempt = turn.state.attempts.get(attemptKey(ref));
  if (attempt?.kind === "stopping") return endAttempt(turn, ref);
  if (attempt?.kind !== "running") return countStale(turn);
  freeSlot(turn, ref, attempt.reduce);
  holdFinishedRun(turn, ref, result.run);
  endWith(turn, ref, vector === undefined ? { kind: "finished", result } : { kind: "finished", result, vector });
  launchPending(turn);
}

/** An attempt ended without a result, or is gone after a stop (`failure` absent). */
export function endAttempt(turn: WorkerTurn, ref: AttemptRef, failure?: AttemptFailure): void {
  const attempt = turn.state.attempts.get(attemptKey(ref));
  if (attempt?.kind !== "running" && attempt?.kind !== "stopping") return countStale(turn);
  freeSlot(turn, ref, attempt.reduce);
  const job = turn.state.jobs.get(ref.job);
  // Its host may have been killed in the middle of the run file, or between that and the report.
  const writesRun = (job?.brief?.stages[ref.stage]?.partitions ?? 0) > 0;
  if (writesRun) turn.effects.push({ kind: "delete-run", attempt: ref });
  if (job?.forgotten === true) {
    turn.state.attempts.delete(attemptKey(ref));
    dropItem(turn, ref);
  } else {
    const vanished = {
      code: "E_TASK_CRASHED",
      message: `Cannot finish attempt "${attemptKey(ref)}": its host is gone`,
    };
    const reason = attempt.kind === "stopping" ? attempt.failure : (failure ?? vanished);
    endWith(turn, ref, { kind: "failed", attempt: ref, failure: reason });
    // It read a segment in place and found it bad: look at this worker's own runs, or the next attempt meets it again.
    if (attempt.kind === "running" && reason.code === "E_SEGMENT")
      for (const run of attempt.ownRuns) checkRun(turn, run);
  }
  launchPending(turn);
}

/** The coordinator has the result or failure durably. */
export function acknowledge(turn: WorkerTurn, ref: AttemptRef): void {
  const key = attemptKey(ref);
  if (turn.state.attempts.get(key)?.kind !== "ended") return countStale(turn);
  turn.state.attempts.delete(key);
  dropItem(turn, ref);
}

/** List attempts in order. */
export function sortedAttempts(state: WorkerState): readonly WorkerAttempt[] {
  return [...state.attempts.values()].sort((a, b) => compareAttempts(a.ref, b.ref));
}

/** Find the brief of a job that is not over. */
export function briefOf(state: WorkerState, ref: AttemptRef): JobBrief | undefined {
  return state.jobs.get(ref.job)?.brief;
}

function launch(turn: WorkerTurn, ref: AttemptRef, effect: LaunchEffect, reads: readonly AttemptRef[]): void {
  turn.state.attempts.set(attemptKey(ref), { kind: "pending", ref, launch: effect, ownRuns: reads });
  launchPending(turn);
}

/** Give free slots to launches that wait, in order of their coming. */
function launchPending(turn: WorkerTurn): void {
  const { state } = turn;
  for (const [key, attempt] of state.attempts) {
    if (state.slotsTaken >= slots(turn)) return;
    if (attempt.kind !== "pending") continue;
    const { ref, launch: effect, ownRuns: reads } = attempt;
    state.slotsTaken += 1;
    state.counters.launches += 1;
    state.attempts.set(key, {
      kind: "running",
      ref,
      reduce: effect.kind === "run-reduce",
      ownRuns: reads,
      progress: undefined,
      movedAtMs: turn.atMs,
    });
    turn.effects.push(effect);
  }
}

function freeSlot(turn: WorkerTurn, ref: AttemptRef, reduce: boolean): void {
  turn.state.slotsTaken -= 1;
  if (reduce) turn.effects.push({ kind: "delete-gathered", reader: ref });
}

/** Remember an attempt's last word until it is acknowledged. Its item is counted already. */
function endWith(
  turn: WorkerTurn,
  ref: AttemptRef,
  message: Extract<WorkerAttempt, { kind: "ended" }>["message"],
): void {
  turn.state.attempts.set(attemptKey(ref), { kind: "ended", ref, message });
  send(turn, message);
}

function refuse(turn: WorkerTurn, ref: AttemptRef, failure: AttemptFailure): void {
  countStale(turn);
  if (turn.state.jobs.get(ref.job)?.forgotten === true) return;
  addItem(turn, ref);
  endWith(turn, ref, { kind: "failed", attempt: ref, failure });
}

function refuseStage(turn: WorkerTurn, ref: AttemptRef, kind: StageBrief["kind"]): AttemptFailure | undefined {
  const stage = stageOf(turn, ref);
  if (stage === undefined) return cannotStart(ref, "this worker has no brief of its job and stage");
  return stage.kind === kind ? undefined : cannotStart(ref, `its stage is a ${stage.kind} stage`);
}

/** Slots are full when as many attempts run or wait as there are slots, those being stopped not counted. */
function refuseSlot(turn: WorkerTurn, ref: AttemptRef): AttemptFailure | undefined {
  let wanted = 0;
  for (const { kind } of turn.state.attempts.values()) if (kind === "pending" || kind === "running") wanted += 1;
  return wanted < slots(turn) ? undefined : cannotStart(ref, `all ${slots(turn)} slots are taken`);
}

function slots(turn: WorkerTurn): number {
  return turn.state.description?.slots ?? 0;
}

function cannotStart(ref: AttemptRef, reason: string): AttemptFailure {
  return {
    code: "E_BUSY",
    message: `Cannot start attempt "${attemptKey(ref)}": ${reason}; another attempt starts elsewhere`,
  };
}
