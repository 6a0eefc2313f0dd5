// How long to wait before the next try to reach a coordinator: doubling, bounded, jittered, so that a thousand workers
// of a restarted coordinator do not come back in one moment.

import type { Randomness } from "@millrace/ports";

/** First wait: a coordinator that restarts is back within a second. */
const firstMs = 100;
/** Longest wait: half a lease, so that a returned coordinator finds its workers before leases end. */
const longestMs = 5_000;

/**
 * Choose a wait, from half of the doubled one to all of it.
 * @param failures tries that failed since the last session; 0 for the first try after one.
 * @returns milliseconds, 50 to 5,000.
 */
export function reconnectDelayMs(failures: number, randomness: Randomness): number {
  const whole = Math.min(firstMs * 2 ** Math.min(failures, 16), longestMs);
  const [high = 0, low = 0] = randomness.bytes(2);
  return whole / 2 + (whole / 2) * ((high * 256 + low) / 65_536);
}
