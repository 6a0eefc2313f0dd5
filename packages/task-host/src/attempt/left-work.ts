// What user functions leave pending when they return: timers, reads, requests, work of the thread pool. It is looked for
// before an attempt is reported as finished, since a late `emit` of it would be lost without a word.

import { MillraceError } from "@millrace/core";
import { hostLimits } from "../host-limits.ts";

/** The loop of a thread that runs nothing but this attempt: its end is exact, also for work that Node does not list. */
export interface AttemptLoop {
  /** Resources of the thread itself that {@link pendingWork} lists while an attempt runs. */
  readonly ownCount: number;
  /**
   * Call `onIdle` once when nothing is left that keeps the loop going.
   *
   * @returns stops waiting; also to be called after `onIdle`.
   */
  readonly whenIdle: (onIdle: () => void) => () => void;
}

/** How much of each kind is pending in this thread. */
export type PendingWork = ReadonlyMap<string, number>;

/** Look at what keeps the loop of this thread going, timers that were unreferenced left out. 3 µs. */
export function pendingWork(): PendingWork {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What is pending now and was not before. */
export function addedWork(now: PendingWork, before: PendingWork): PendingWork {
  const added = new Map<string, number>();
  for (const [kind, count] of now) {
    const more = count - (before.get(kind) ?? 0);
    if (more > 0) added.set(kind, more);
  }
  return added;
}

/** What is waited for, and for whom. */
export interface LeftWork {
  /** What was pending when the user functions of the attempt began. */
  readonly before: PendingWork;
  readonly loop: AttemptLoop | undefined;
  /** Rejects when something of the work fails. */
  readonly stray: Promise<never>;
  /** Called now and then: throws when something was noted. */
  readonly check: () => void;
  /** The function that left it, such as `map`. */
  readonly what: string;
}

/**
 * Let what was left behind end, for a bounded time.
 *
 * @throws {MillraceError} E_ASYNC_USER_CODE when it does not, with what it is; whatever `check` or the work throws.
 */
export async function awaitLeftWork(work: LeftWork): Promise<void> {
  const { before, loop, stray, check } = work;
  if (loop === undefined && addedWork(pendingWork(), before).size === 0) {
    await nextTurn();
    check();
    return;
  }
  const ended = Promise.withResolvers<void>();
  const stopIdle = loop?.whenIdle(ended.resolve);
  // Where nothing was pending before, the loop alone says when all has ended.
  const counts = loop === undefined || countAll(before) > loop.ownCount;
  const deadline = performance.now() + hostLimits.leftWorkMs;
  const poll = setInterval(() => {
    try {
      check();
      if (counts && addedWork(pendingWork(), before).size === 0) ended.resolve();
      else if (performance.now() > deadline) throw leftBehind(work);
    } catch (thrown) {
      ended.reject(thrown);
    }
  }, hostLimits.leftWorkPollMs);
  // Without a loop of its own nothing keeps the thread alive for an answer but this.
  if (loop !== undefined) poll.unref();
  try {
    await Promise.race([ended.promise, stray]);
  } finally {
    clearInterval(poll);
    stopIdle?.();
  }
  check();
}

function leftBehind({ before, what }: LeftWork): MillraceError {
  const left = [...addedWork(pendingWork(), before)].map(([kind, count]) => `${count} of ${kind}`);
  const shown = left.length === 0 ? "work of the thread pool" : left.join(", ");
  return new MillraceError(
    "E_ASYNC_USER_CODE",
    `Cannot finish "${what}": it left work pending that had not ended ${hostLimits.leftWorkMs} ms after the last record, ${shown}; wait for it in setup, or unref() a timer that is meant to go on`,
  );
}

function countAll(work: PendingWork): number {
  let count = 0;
  for (const each of work.values()) count += each;
  return count;
}

function nextTurn(): Promise<void> {
  return new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
