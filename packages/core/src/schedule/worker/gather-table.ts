// Gathering attempts of a worker: each a gather plan of core/shuffle, turned into effects and messages.
// A segment of this worker's own run file is read in place; an empty one needs no file at all.

import type { AttemptFailure } from "../../model/attempt-result.ts";
import { attemptKey, sameAttempt, type AttemptRef } from "../../model/ids.ts";
import type { ComplaintReason, SegmentPlace } from "../../model/session-messages.ts";
import {
  addLocal,
  addPlaces,
  createGather,
  dropPlaces,
  endGather,
  fetchFailed,
  fetchSucceeded,
  forgetLocal,
  isGathered,
  localSegments,
  nextFetches,
  type FetchRef,
} from "../../shuffle/gather-plan.ts";
import { addItem, dropItem, stageOf } from "./job-table.ts";
import {
  compareAttempts,
  countStale,
  send,
  type WorkerGather,
  type WorkerState,
  type WorkerTurn,
} from "./worker-state.ts";

/** Begin to gather for a reduce attempt. */
export function beginGather(turn: WorkerTurn, ref: AttemptRef, maps: number): void {
  const plan = createGather({ maps, partition: ref.task, bounds: turn.limits });
  const gather: WorkerGather = { ref, plan, told: false };
  turn.state.gathers.set(attemptKey(ref), gather);
  addItem(turn, ref);
  maybeTellGathered(turn, gather);
}

/** Take places of segments; a newer place replaces the older one, and what is here stays if its content is the same. */
export function takePlaces(turn: WorkerTurn, ref: AttemptRef, places: readonly SegmentPlace[]): void {
  const gather = turn.state.gathers.get(attemptKey(ref));
  if (gather === undefined) return countStale(turn);
  for (const place of places) {
    if (place.task < 0 || place.task >= gather.plan.maps) countStale(turn);
    else takePlace(turn, gather, place);
  }
  maybeTellGathered(turn, gather);
}

function takePlace(turn: WorkerTurn, gather: WorkerGather, place: SegmentPlace): void {
  if (!clearForPlace(turn, gather, place)) return;
  const { task, attempt, pairs, rawBytes, digest } = place;
  const source = place.worker === turn.state.description?.worker ? sourceOf(turn, gather.ref, place) : undefined;
  if (pairs === 0)
    addLocal(gather.plan, turn.state.fetches, { task, attempt, where: "gathered", pairs, rawBytes, digest });
  else if (source !== undefined && turn.state.held.has(attemptKey(source)))
    addLocal(gather.plan, turn.state.fetches, { task, attempt, where: "own-run", pairs, rawBytes, digest });
  else addPlaces(gather.plan, [place]);
}

/** Take back what an older place of the task led to. @returns false when the new place tells nothing new. */
function clearForPlace(turn: WorkerTurn, gather: WorkerGather, place: SegmentPlace): boolean {
  const item = gather.plan.items.get(place.task);
  if (item === undefined) return true;
  if (item.kind === "local") {
    const { segment } = item;
    if (segment.digest === place.digest && segment.pairs === place.pairs && segment.rawBytes === place.rawBytes)
      return false;
    forgetLocal(gather.plan, place.task);
    gather.told = false;
    return true;
  }
  const { attempt, worker, address } = item.place;
  const same = attempt === place.attempt && worker === place.worker && address === place.address;
  // The same place again while its tries failed is an answer to a complaint: its source is whole, try at once.
  if (same && item.kind !== "retrying") return false;
  dropTasks(turn, gather, [place.task]);
  return true;
}

/** Forget places that are gone; what is here already stays. */
export function losePlaces(turn: WorkerTurn, ref: AttemptRef, tasks: readonly number[]): void {
  const gather = turn.state.gathers.get(attemptKey(ref));
  if (gather === undefined) return countStale(turn);
  dropTasks(turn, gather, tasks);
}

/** A run file of this worker is gone: gathers that counted on it wait for a newer place. */
export function dropOwnRunSegments(turn: WorkerTurn, run: AttemptRef): void {
  for (const gather of turn.state.gathers.values()) {
    const item = gather.ref.job === run.job ? gather.plan.items.get(run.task) : undefined;
    if (item?.kind !== "local" || item.segment.where !== "own-run") continue;
    const source = sourceOf(turn, gather.ref, item.segment);
    if (source === undefined || !sameAttempt(source, run)) continue;
    forgetLocal(gather.plan, run.task);
    gather.told = false;
  }
}

/** A fetch ended well: its segment is verified and on disk. */
export function segmentFetched(turn: WorkerTurn, reader: AttemptRef, fetch: FetchRef): void {
  const gather = turn.state.gathers.get(attemptKey(reader));
  if (gather === undefined || !fetchSucceeded(gather.plan, turn.state.fetches, fetch)) return countStale(turn);
  maybeTellGathered(turn, gather);
}

/** One try failed, not by this worker's fault: again after a while, with a complaint when the place has failed often enough. */
export function segmentFailed(
  turn: WorkerTurn,
  gather: WorkerGather,
  fetch: FetchRef & { readonly reason: ComplaintReason },
): void {
  const item = gather.plan.items.get(fetch.task);
  const place = item?.kind === "fetching" ? item.place : undefined;
  const verdict = fetchFailed(gather.plan, turn.state.fetches, fetch, turn.atMs);
  if (verdict === "stale" || place === undefined) return countStale(turn);
  turn.state.counters.fetchesFailed += 1;
  const source = sourceOf(turn, gather.ref, place);
  if (verdict !== "complain" || source === undefined) return;
  turn.state.counters.complaints += 1;
  send(turn, { kind: "complaint", reader: gather.ref, source, sourceWorker: place.worker, reason: fetch.reason });
}

/** Start fetches while bounds allow, oldest gather first. Called at the end of each step. */
export function startFetches(turn: WorkerTurn): void {
  const { fetches } = turn.state;
  for (const gather of turn.state.gathers.values()) {
    // Also without room: a retry whose time has come stops being a wait, or its wake-up would be asked for again at once.
    for (const place of nextFetches(gather.plan, fetches, turn.atMs)) {
      turn.state.counters.fetches += 1;
      turn.effects.push({ kind: "fetch", reader: gather.ref, place });
    }
  }
}

/** End a gather: nothing of it is fetched any more; its files are deleted unless the attempt goes on to its slot. */
export function closeGather(turn: WorkerTurn, gather: WorkerGather, files: "delete" | "keep"): void {
  const fetching = endGather(gather.plan, turn.state.fetches);
  if (fetching.length > 0) turn.effects.push({ kind: "cancel-fetches", reader: gather.ref });
  if (files === "delete") turn.effects.push({ kind: "delete-gathered", reader: gather.ref });
  turn.state.gathers.delete(attemptKey(gather.ref));
  dropItem(turn, gather.ref);
}

/** List the run files of this worker that a gather reads in place. */
export function ownRuns(turn: WorkerTurn, gather: WorkerGather): readonly AttemptRef[] {
  return localSegments(gather.plan)
    .filter(({ where }) => where === "own-run")
    .flatMap((segment) => sourceOf(turn, gather.ref, segment) ?? []);
}

/** Say (again) that every segment is here. */
export function tellGathered(turn: WorkerTurn, gather: WorkerGather): void {
  gather.told = true;
  send(turn, { kind: "gathered", attempt: gather.ref, bytes: gather.plan.localBytes });
}

/** List gathers in order of their attempts. */
export function sortedGathers(state: WorkerState): readonly WorkerGather[] {
  return [...state.gathers.values()].sort((a, b) => compareAttempts(a.ref, b.ref));
}

/** Make the failure of a gather that was told to take a slot while segments are missing. */
export function incompleteFailure({ ref, plan }: WorkerGather): AttemptFailure {
  const missing = plan.maps - plan.localCount;
  return {
    code: "E_SEGMENT",
    message: `Cannot run attempt "${attemptKey(ref)}": ${missing} of its ${plan.maps} segments are not on this worker; another attempt gathers them again`,
  };
}

/** Name the attempt whose run file holds a segment. @returns undefined when the reader's stage is unknown. */
function sourceOf(turn: WorkerTurn, reader: AttemptRef, segment: FetchRef): AttemptRef | undefined {
  const stage = stageOf(turn, reader);
  return stage === undefined
    ? undefined
    : { job: reader.job, stage: stage.reads, task: segment.task, attempt: segment.attempt };
}

function maybeTellGathered(turn: WorkerTurn, gather: WorkerGather): void {
  if (!gather.told && isGathered(gather.plan)) tellGathered(turn, gather);
}

function dropTasks(turn: WorkerTurn, gather: WorkerGather, tasks: readonly number[]): void {
  const cancelled = dropPlaces(gather.plan, turn.state.fetches, tasks);
  if (cancelled.length > 0) turn.effects.push({ kind: "cancel-fetches", reader: gather.ref, tasks: cancelled });
}
