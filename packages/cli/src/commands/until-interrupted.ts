// A command that has something to clear away comes to its own end: signals abort what it does, and a reader of what it
// prints is not missed.

import { outlivePipes } from "../output/dead-pipe.ts";

/** Hears signals until it is disposed of. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Abort at Ctrl-C, SIGTERM and a closed terminal. Until all is cleared away, a second one changes nothing.
 *
 * @param reasonOf makes what the aborted work fails with.
 */
export function untilInterrupted(reasonOf: (signal: NodeJS.Signals) => Error): Interruption {
  const aborted = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => aborted.abort(reasonOf(signal));
  for (const signal of signals) process.on(signal, onSignal);
  const letPipesEnd = outlivePipes();
  return {
    signal: aborted.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
      letPipesEnd();
    },
  };
}
