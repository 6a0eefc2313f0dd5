// The tasks of a stage that wait for an attempt. Maps are taken near their data first, after a short wait also further
// away; the largest goes first. A task that has just failed somewhere waits a moment for another worker.

import type { WorkerId } from "../model/ids.ts";
import type { Split } from "../model/plan.ts";
import { findHost, firstLabel, hostKey } from "../plan/host-names.ts";
import type { TaskHeap } from "./task-heap.ts";
import { createTaskHeap, peekTask, popTask, pushTask } from "./task-heap.ts";

/** A task that failed lately. */
export interface FailedLately {
  readonly worker: WorkerId;
  /** Until then another worker is preferred, when there is one. */
  readonly untilMs: number;
  /** Whether it failed by the fault of that worker: then it waits for one that may retry it, however long. */
  readonly ownFault: boolean;
}

/** Tasks of one stage that wait. */
export interface TaskQueue {
  readonly waiting: Set<number>;
  readonly splits: readonly Split[];
  readonly all: TaskHeap;
  /** By host name, only for splits that know their hosts. */
  readonly byHost: Map<string, TaskHeap>;
  /** Those names by their first labels: workers may go by these. */
  readonly hostsByLabel: Map<string, readonly string[]>;
  /** By rack, only for splits that know the racks of their hosts: storage may have hosts where no worker runs. */
  readonly byRack: Map<string, TaskHeap>;
  /** Tasks that are kept out of the heaps until their moment has passed; few. */
  readonly failedLately: Map<number, FailedLately>;
  /** Since when each worker's free slot has been refused, as it is away from the data. */
  readonly declinedSinceMs: Map<WorkerId, number>;
}

/** Who asks for a task. */
export interface SlotOffer {
  readonly worker: WorkerId;
  readonly host: string;
  readonly rack: string;
  /** Hosts of the same rack that have workers, sorted. Asked for only when data has a place. */
  readonly rackHosts: () => readonly string[];
  /** Whether a worker that is fit for the job runs on the host. */
  readonly hasWorker: (host: string) => boolean;
  /** Whether another worker that is fit for the job lives. */
  readonly hasOther: () => boolean;
  /** Whether a task that failed by the fault of its worker may be tried there. */
  readonly mayRetry: () => boolean;
  readonly atMs: number;
  /** How long to wait for the node, and then for the rack. */
  readonly localityWaitMs: number;
}

/** Make an empty queue. @param splits Those of a map stage; none for a reduce stage. */
export function createTaskQueue(splits: readonly Split[]): TaskQueue {
  const bytesOf = (task: number): number => splits[task]?.bytes ?? 0;
  return {
    waiting: new Set(),
    splits,
    all: createTaskHeap(bytesOf),
    byHost: new Map(),
    hostsByLabel: new Map(),
    byRack: new Map(),
    failedLately: new Map(),
    declinedSinceMs: new Map(),
  };
}

/** Put a task in line. One that waits already stays where it is. */
export function enqueueTask(queue: TaskQueue, task: number, failed?: FailedLately): void {
  if (queue.waiting.has(task)) return;
  queue.waiting.add(task);
  if (failed !== undefined) queue.failedLately.set(task, failed);
  else spread(queue, task);
}

/** Take a task out of the line, whoever wanted it. */
export function dequeueTask(queue: TaskQueue, task: number): void {
  queue.waiting.delete(task);
  queue.failedLately.delete(task);
}

/**
 * Choose a task for a free slot and take it out of the line.
 * @returns the task, or undefined with `retryMs` when waiting is better than running far away.
 */
export function takeTask(
  queue: TaskQueue,
  offer: SlotOffer,
): { readonly task: number | undefined; readonly retryMs?: number } {
  const failed = takeFailed(queue, offer);
  if (failed.task !== undefined) return failed;
  const near = take(queue, heapOfHost(queue, offer.host));
  if (near !== undefined) return launched(queue, offer, near);
  const first = peekWaiting(queue, queue.all);
  if (first === undefined) return failed;
  const waitedMs = waited(queue, offer, first);
  if (waitedMs !== undefined && waitedMs < offer.localityWaitMs)
    return { task: undefined, retryMs: offer.atMs - waitedMs + offer.localityWaitMs };
  for (const host of queue.byHost.size === 0 ? [] : offer.rackHosts()) {
    const task = take(queue, heapOfHost(queue, host));
    if (task !== undefined) return launched(queue, offer, task);
  }
  const onRack = take(queue, queue.byRack.get(offer.rack));
  if (onRack !== undefined) return launched(queue, offer, onRack);
  if (waitedMs !== undefined && waitedMs < 2 * offer.localityWaitMs)
    return { task: undefined, retryMs: offer.atMs - waitedMs + 2 * offer.localityWaitMs };
  return launched(queue, offer, take(queue, queue.all));
}

function launched(queue: TaskQueue, offer: SlotOffer, task: number | undefined): { readonly task: number | undefined } {
  queue.declinedSinceMs.delete(offer.worker);
  return { task };
}

/** How long the queue has refused this worker's slot; undefined when there is nothing to wait for. */
function waited(queue: TaskQueue, offer: SlotOffer, first: number): number | undefined {
  const hosts = queue.splits[first]?.hosts ?? [];
  if (!hosts.some((host) => offer.hasWorker(host))) return undefined;
  const sinceMs = queue.declinedSinceMs.get(offer.worker) ?? offer.atMs;
  queue.declinedSinceMs.set(offer.worker, sinceMs);
  return offer.atMs - sinceMs;
}

function takeFailed(
  queue: TaskQueue,
  offer: SlotOffer,
): { readonly task: number | undefined; readonly retryMs?: number } {
  let retryMs: number | undefined;
  let mayRetry: boolean | undefined;
  for (const [task, failed] of [...queue.failedLately].sort(([a], [b]) => a - b)) {
    if (failed.ownFault && !(mayRetry ??= offer.mayRetry())) continue;
    if (failed.worker !== offer.worker || !offer.hasOther() || failed.untilMs <= offer.atMs) {
      dequeueTask(queue, task);
      return { task };
    }
    retryMs = Math.min(retryMs ?? failed.untilMs, failed.untilMs);
  }
  return retryMs === undefined ? { task: undefined } : { task: undefined, retryMs };
}

function spread(queue: TaskQueue, task: number): void {
  pushTask(queue.all, task);
  const { hosts = [], racks = [] } = queue.splits[task] ?? {};
  for (const host of hosts) {
    const name = hostKey(host);
    noteLabel(queue, name);
    pushTo(queue, queue.byHost, { name, task });
  }
  for (const rack of new Set(racks)) pushTo(queue, queue.byRack, { name: rack, task });
}

/** Keep a host under its first label, once. */
function noteLabel({ byHost, hostsByLabel }: TaskQueue, name: string): void {
  if (byHost.has(name)) return;
  const label = firstLabel(name);
  hostsByLabel.set(label, [...(hostsByLabel.get(label) ?? []), name]);
}

/** The tasks whose data lies where a worker runs, by whichever of its names storage knows the host. */
function heapOfHost({ byHost, hostsByLabel }: TaskQueue, host: string): TaskHeap | undefined {
  if (byHost.size === 0) return undefined;
  const name = hostKey(host);
  const known = byHost.has(name) ? name : findHost(name, hostsByLabel.get(firstLabel(name)) ?? []);
  return known === undefined ? undefined : byHost.get(known);
}

function pushTo(
  queue: TaskQueue,
  heaps: Map<string, TaskHeap>,
  { name, task }: { readonly name: string; readonly task: number },
): void {
  let heap = heaps.get(name);
  if (heap === undefined) heaps.set(name, (heap = createTaskHeap(queue.all.bytesOf)));
  pushTask(heap, task);
}

/** Drop entries of tasks that wait no more (or wait apart), and look at the first that does. */
function peekWaiting(queue: TaskQueue, heap: TaskHeap): number | undefined {
  for (;;) {
    const task = peekTask(heap);
    if (task === undefined || (queue.waiting.has(task) && !queue.failedLately.has(task))) return task;
    popTask(heap);
  }
}

function take(queue: TaskQueue, heap: TaskHeap | undefined): number | undefined {
  if (heap === undefined) return undefined;
  const task = peekWaiting(queue, heap);
  if (task === undefined) return undefined;
  popTask(heap);
  queue.waiting.delete(task);
  return task;
}
