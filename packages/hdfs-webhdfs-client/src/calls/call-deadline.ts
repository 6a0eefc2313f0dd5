// The deadline of a whole call: one signal for the caller's wish and the clock.
import type { WebHdfsClock } from "../clock.ts";

/** A signal that ends with the caller's, or when the time is up. */
export interface CallDeadline {
  readonly signal: AbortSignal;
  /** Whether the time was up, as opposed to the caller's wish. */
  readonly expired: boolean;
  /** Forget the time; the caller's signal still ends what goes on. */
  stopClock(): void;
  /** Forget time and caller. */
  end(): void;
}

/** Start the deadline of a call. */
export function startDeadline(clock: WebHdfsClock, ms: number, signal: AbortSignal | undefined): CallDeadline {
  const controller = new AbortController();
  let expired = false;
  const onAbort = (): void => controller.abort(signal?.reason);
  const forget = clock.after(ms, () => {
    expired = true;
    controller.abort(new Error(`no end within ${ms} ms`));
  });
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    stopClock: () => forget(),
    end: () => {
      forget();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** Wait for something that knows no signal, no longer than until the signal is aborted. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
