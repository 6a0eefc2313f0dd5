// Which segments a reduce attempt fetches next: bounded at each source and in all, failed tries again after a back-off,
// a complaint when a place has failed often enough. Decides only; the worker's machine turns it into effects.

import { invariant } from "../errors/invariant.ts";
import { limits } from "../limits.ts";
import type { WorkerId } from "../model/ids.ts";
import type { SegmentPlace } from "../model/session-messages.ts";
import type { LocalSegment } from "../model/worker-machine-io.ts";

/** Bounds of gathering; the defaults are in `limits`. */
export interface GatherBounds {
  readonly fetchesMax: number;
  readonly fetchesPerSourceMax: number;
  readonly fetchTriesMax: number;
  readonly fetchRetryMs: number;
  readonly fetchRetryMsMax: number;
}

/** Room for fetches on one worker, shared by all its gathers. */
export interface FetchBudget {
  readonly bounds: GatherBounds;
  running: number;
  readonly runningBySource: Map<WorkerId, number>;
}

/** Make the budget of a worker. */
export function createFetchBudget(bounds: GatherBounds = limits): FetchBudget {
  return { bounds, running: 0, runningBySource: new Map() };
}

/** Where one map task's segment stands. A task without an entry waits for a place. */
type GatherItem =
  | { readonly kind: "due"; readonly place: SegmentPlace; readonly tries: number }
  | { readonly kind: "retrying"; readonly place: SegmentPlace; readonly tries: number; readonly dueMs: number }
  | { readonly kind: "fetching"; readonly place: SegmentPlace; readonly tries: number; readonly newer?: SegmentPlace }
  | { readonly kind: "local"; readonly segment: LocalSegment };

/** Tasks in order of arrival; those before `head` are taken, so that taking one costs nothing in a long queue. */
interface DueQueue {
  readonly tasks: number[];
  head: number;
}

/** The gathering of one reduce attempt. Changed in place by the functions of this file, by nobody else. */
export interface Gather {
  readonly maps: number;
  readonly partition: number;
  readonly bounds: GatherBounds;
  readonly items: Map<number, GatherItem>;
  /** Tasks that may be due, by source, in order of arrival; entries that no longer are so are dropped when met. */
  readonly dueBySource: Map<WorkerId, DueQueue>;
  /** Tasks in back-off. */
  readonly retrying: Set<number>;
  localCount: number;
  localBytes: number;
}

/** Begin a gather of `maps` segments, one from each map task, for `partition`. */
export function createGather(order: {
  readonly maps: number;
  readonly partition: number;
  readonly bounds?: GatherBounds;
}): Gather {
  return {
    maps: order.maps,
    partition: order.partition,
    bounds: order.bounds ?? limits,
    items: new Map(),
    dueBySource: new Map(),
    retrying: new Set(),
    localCount: 0,
    localBytes: 0,
  };
}

/** Learn where segments lie. A newer place of a task replaces the older one; what is local already stays so. */
export function addPlaces(gather: Gather, places: readonly SegmentPlace[]): void {
  for (const place of places) {
    const item = gather.items.get(place.task);
    if (item?.kind === "local") continue;
    if (item?.kind === "fetching") {
      if (!samePlace(item.place, place)) gather.items.set(place.task, { ...item, newer: place });
      continue;
    }
    if (item !== undefined && samePlace(item.place, place)) continue;
    makeDue(gather, place, 0);
  }
}

/** Forget the places of tasks that are not local yet. @returns the tasks whose running fetch is to be cancelled. */
export function dropPlaces(gather: Gather, budget: FetchBudget, tasks: readonly number[]): readonly number[] {
  const cancelled: number[] = [];
  for (const task of tasks) {
    const item = gather.items.get(task);
    if (item === undefined || item.kind === "local") continue;
    if (item.kind === "fetching") {
      giveBack(budget, item.place.worker);
      cancelled.push(task);
    }
    gather.retrying.delete(task);
    gather.items.delete(task);
  }
  return cancelled;
}

/** Note that a segment lies on this worker's disk: its own run, a file adopted from an earlier gather, an empty one. */
export function addLocal(gather: Gather, budget: FetchBudget, segment: LocalSegment): void {
  const item = gather.items.get(segment.task);
  if (item?.kind === "local") return;
  if (item?.kind === "fetching") giveBack(budget, item.place.worker);
  gather.retrying.delete(segment.task);
  gather.items.set(segment.task, { kind: "local", segment });
  gather.localCount += 1;
  gather.localBytes += segment.rawBytes;
  invariant(gather.localCount <= gather.maps, `${gather.localCount} local segments of ${gather.maps} maps`);
}

/** Note that a local segment is gone: the task waits for a place again. */
export function forgetLocal(gather: Gather, task: number): void {
  const item = gather.items.get(task);
  if (item?.kind !== "local") return;
  gather.items.delete(task);
  gather.localCount -= 1;
  gather.localBytes -= item.segment.rawBytes;
}

/**
 * Choose fetches that may start now and count them as running. Sources take turns in the order of their ids, beginning
 * at one that depends on the partition, so that reducers do not all begin at the same worker.
 */
export function nextFetches(gather: Gather, budget: FetchBudget, atMs: number): readonly SegmentPlace[] {
  wakeRetries(gather, atMs);
  const sources = [...gather.dueBySource.keys()].sort((a, b) => (a < b ? -1 : 1));
  const chosen: SegmentPlace[] = [];
  let idleTurns = 0;
  for (
    let turn = gather.partition;
    idleTurns < sources.length && budget.running < budget.bounds.fetchesMax;
    turn += 1
  ) {
    const source = sources[turn % sources.length];
    const place = source === undefined ? undefined : takeDue(gather, budget, source);
    if (place === undefined) {
      idleTurns += 1;
      continue;
    }
    idleTurns = 0;
    chosen.push(place);
  }
  return chosen;
}

/** Note that a fetch ended well: its segment is verified and on disk. @returns false when the news is stale. */
export function fetchSucceeded(gather: Gather, budget: FetchBudget, fetch: FetchRef): boolean {
  const item = gather.items.get(fetch.task);
  if (item?.kind !== "fetching" || item.place.attempt !== fetch.attempt) return false;
  const { task, attempt, pairs, rawBytes, digest } = item.place;
  addLocal(gather, budget, { task, attempt, where: "gathered", pairs, rawBytes, digest });
  return true;
}

/**
 * Note that one try of a fetch failed. After `fetchTriesMax` tries of a place it is time to complain; the place is then
 * tried again from the first try, since its source may be whole and this was the network's fault.
 */
export function fetchFailed(
  gather: Gather,
  budget: FetchBudget,
  fetch: FetchRef,
  atMs: number,
): "stale" | "retry" | "complain" {
  const item = gather.items.get(fetch.task);
  if (item?.kind !== "fetching" || item.place.attempt !== fetch.attempt) return "stale";
  giveBack(budget, item.place.worker);
  if (item.newer !== undefined) {
    makeDue(gather, item.newer, 0);
    return "retry";
  }
  const tries = item.tries + 1;
  gather.items.set(fetch.task, { kind: "retrying", place: item.place, tries, dueMs: atMs + retryDelay(gather, tries) });
  gather.retrying.add(fetch.task);
  return tries % gather.bounds.fetchTriesMax === 0 ? "complain" : "retry";
}

/** Name a fetch by what it brings. */
export interface FetchRef {
  readonly task: number;
  readonly attempt: number;
}

/** @returns the monotonic time at which the next back-off ends, undefined when none runs. */
export function nextRetryMs(gather: Gather): number | undefined {
  let next: number | undefined;
  for (const task of gather.retrying) {
    const item = gather.items.get(task);
    if (item?.kind === "retrying" && (next === undefined || item.dueMs < next)) next = item.dueMs;
  }
  return next;
}

/** Tell whether every segment is local. */
export function isGathered(gather: Gather): boolean {
  return gather.localCount === gather.maps;
}

/** @returns the local segments by map task: the order in which equal keys are merged. */
export function localSegments(gather: Gather): readonly LocalSegment[] {
  const segments: LocalSegment[] = [];
  for (const item of gather.items.values()) if (item.kind === "local") segments.push(item.segment);
  return segments.sort((a, b) => a.task - b.task);
}

/** End a gather in any state and give its fetches back. @returns the tasks whose running fetch is to be cancelled. */
export function endGather(gather: Gather, budget: FetchBudget): readonly number[] {
  const unfinished = [...gather.items].filter(([, item]) => item.kind !== "local").map(([task]) => task);
  return dropPlaces(
    gather,
    budget,
    unfinished.sort((a, b) => a - b),
  );
}

function samePlace(a: SegmentPlace, b: SegmentPlace): boolean {
  return a.attempt === b.attempt && a.worker === b.worker && a.address === b.address;
}

function makeDue(gather: Gather, place: SegmentPlace, tries: number): void {
  gather.retrying.delete(place.task);
  gather.items.set(place.task, { kind: "due", place, tries });
  const queue = gather.dueBySource.get(place.worker);
  if (queue === undefined) gather.dueBySource.set(place.worker, { tasks: [place.task], head: 0 });
  else queue.tasks.push(place.task);
}

function wakeRetries(gather: Gather, atMs: number): void {
  for (const task of [...gather.retrying].sort((a, b) => a - b)) {
    const item = gather.items.get(task);
    if (item?.kind === "retrying" && item.dueMs <= atMs) makeDue(gather, item.place, item.tries);
  }
}

/** Take the oldest due task of a source when the source has room, and count it as running. */
function takeDue(gather: Gather, budget: FetchBudget, source: WorkerId): SegmentPlace | undefined {
  const running = budget.runningBySource.get(source) ?? 0;
  const queue = gather.dueBySource.get(source);
  if (running >= budget.bounds.fetchesPerSourceMax || queue === undefined) return undefined;
  while (queue.head < queue.tasks.length) {
    const item = gather.items.get(queue.tasks[queue.head] ?? -1);
    queue.head += 1;
    if (item?.kind !== "due" || item.place.worker !== source) continue;
    gather.items.set(item.place.task, { kind: "fetching", place: item.place, tries: item.tries });
    budget.running += 1;
    budget.runningBySource.set(source, running + 1);
    return item.place;
  }
  gather.dueBySource.delete(source);
  return undefined;
}

/** Double the delay with each try of a place: 200 ms, 400 ms, … up to the bound. */
function retryDelay(gather: Gather, tries: number): number {
  return Math.min(gather.bounds.fetchRetryMs * 2 ** Math.min(tries - 1, 30), gather.bounds.fetchRetryMsMax);
}

function giveBack(budget: FetchBudget, source: WorkerId): void {
  const running = (budget.runningBySource.get(source) ?? 0) - 1;
  invariant(running >= 0 && budget.running > 0, `a fetch from ${source} ends that was not counted`);
  budget.running -= 1;
  if (running === 0) budget.runningBySource.delete(source);
  else budget.runningBySource.set(source, running);
}
