// Time as the client sees it. It is handed in, so that a test waits for a thing and never for a time.

/** Tell the time and call back later; the system's clock unless another is given. */
export interface WebHdfsClock {
  /** Milliseconds of a clock that never goes back; only differences mean something. */
  nowMs(): number;
  /** Call `callback` once, `ms` from now. @returns a function that forgets the call. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's own monotonic clock. */
export const systemClock: WebHdfsClock = {
  nowMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Wait `ms`; ends early with the signal's reason when it is aborted. */
export function sleep(clock: WebHdfsClock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      forget();
      reject(signal?.reason);
    };
    const forget = clock.after(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
