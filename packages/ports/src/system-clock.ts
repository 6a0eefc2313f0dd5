// The real clock of a process, and its real randomness.

import { randomBytes } from "node:crypto";
import type { Clock, Randomness, Timer } from "./clock.ts";

/** Longest delay that Node's timers take; a longer one would fire after 1 ms, so it is waited for in pieces. */
const delayMsMax = 2 ** 31 - 1;

/** Make the clock of this process. */
export function createSystemClock(): Clock {
  const monotonicMs = (): number => performance.now();
  return {
    monotonicMs,
    wallMs: () => Date.now(),
    callAt: (atMs, act) => callAt(monotonicMs, atMs, act),
  };
}

/** Make the randomness of this process. */
export function createSystemRandomness(): Randomness {
  return { bytes: (count) => randomBytes(count) };
}

function callAt(nowMs: () => number, atMs: number, act: () => void): Timer {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const leftMs = atMs - nowMs();
    // Timers of Node may fire up to a millisecond early; the time asked for is never in the future.
    if (leftMs <= 0) act();
    else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), delayMsMax));
  };
  timer = setTimeout(wait, Math.min(Math.max(0, Math.ceil(atMs - nowMs())), delayMsMax));
  return { cancel: () => clearTimeout(timer) };
}
