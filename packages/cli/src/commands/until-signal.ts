// Daemons run until they are told to stop, or cannot go on, and then end for certain.

import { outlivePipes } from "../output/dead-pipe.ts";

/** Waits for the end of a daemon. */
export interface UntilSignal {
  /** Resolves at SIGTERM or SIGINT; rejects when the daemon failed. */
  readonly done: Promise<void>;
  /** The daemon cannot go on. */
  readonly fail: (thrown: unknown) => void;
}

/**
 * Listen for signals. SIGUSR1 does nothing: Node would open its debugger on it. SIGHUP stops, as a closed terminal should.
 * From here on the daemon goes on without what its log is written to, be it a reader that has gone or a full disk.
 */
export function untilSignal(): UntilSignal {
  outlivePipes();
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

/** Time for the loop to run empty after a daemon has closed: logs are flushed in milliseconds. */
const lastMs = 2_000;

/**
 * End the process when something keeps it that did not close in time, such as a task process which the kernel cannot
 * kill. One that closed well has ended by itself before.
 */
export function endForCertain(afterMs = lastMs): void {
  setTimeout(() => process.exit(), afterMs).unref();
}
