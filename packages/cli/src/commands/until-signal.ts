// Daemons run until they are told to stop, or cannot go on.

/** Waits for the end of a daemon. */
export interface UntilSignal {
  /** Resolves at SIGTERM or SIGINT; rejects when the daemon failed. */
  readonly done: Promise<void>;
  /** The daemon cannot go on. */
  readonly fail: (thrown: unknown) => void;
}

/** Listen for signals. SIGUSR1 does nothing: Node would open its debugger on it. SIGHUP stops, as a closed terminal should. */
export function untilSignal(): UntilSignal {
  let fail: (thrown: unknown) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    fail = reject;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  process.on("SIGUSR1", () => undefined);
  // Whoever waits sees the failure; until then it is not unhandled.
  done.catch(() => undefined);
  return { done, fail: (thrown) => fail(thrown) };
}
