// Wait for a thing, never for a time: ask again until it is there, with a deadline that says what was waited for.

import { setTimeout as delay } from "node:timers/promises";
import { MillraceError, formatDuration } from "@millrace/core";

/** How long, for what, and how often to ask. */
export interface WaitOptions {
  readonly what: string;
  readonly timeoutMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** Ask until the answer is not undefined. @throws {MillraceError} E_WAIT_TIMEOUT at the deadline; the signal's reason. */
export async function waitFor<T>(ask: () => Promise<T | undefined> | T | undefined, options: WaitOptions): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      throw new MillraceError(
        "E_WAIT_TIMEOUT",
        `Cannot go on: waited ${formatDuration(options.timeoutMs)} for ${options.what}; see the logs of the processes`,
      );
    }
    await delay(options.everyMs ?? 20);
  }
}
