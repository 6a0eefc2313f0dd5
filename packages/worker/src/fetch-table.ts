// Fetches under way, by reader and map task, so that they can be cancelled and waited for.

import { attemptKey, type AttemptRef } from "@millrace/core";

/** Know what is being fetched for whom. */
export class FetchTable {
  readonly #readers = new Map<string, Map<number, AbortController>>();
  /** All that have not ended, cancelled ones too. */
  readonly #ending = new Map<string, Set<Promise<void>>>();

  /**
   * Run a fetch until it ends or is cancelled.
   * @param work gets a signal; must not reject.
   * @param done called with the outcome unless the fetch was cancelled.
   */
  start<Outcome>(
    fetch: { readonly reader: AttemptRef; readonly task: number },
    work: (signal: AbortSignal) => Promise<Outcome>,
    done: (outcome: Outcome) => void,
  ): void {
    const key = attemptKey(fetch.reader);
    const tasks = this.#readers.get(key) ?? new Map<number, AbortController>();
    const ending = this.#ending.get(key) ?? new Set<Promise<void>>();
    this.#readers.set(key, tasks);
    this.#ending.set(key, ending);
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      const outcome = await work(controller.signal);
      ending.delete(ended);
      if (ending.size === 0 && this.#ending.get(key) === ending) this.#ending.delete(key);
      if (tasks.get(fetch.task) !== controller) return;
      tasks.delete(fetch.task);
      if (tasks.size === 0 && this.#readers.get(key) === tasks) this.#readers.delete(key);
      done(outcome);
    };
    const ended = run();
    ending.add(ended);
    tasks.set(fetch.task, controller);
  }

  /** Cancel fetches of a reader: of some map tasks, or all. Their outcomes are not told. */
  cancel(reader: AttemptRef, only?: readonly number[]): void {
    const tasks = this.#readers.get(attemptKey(reader));
    for (const task of only ?? [...(tasks?.keys() ?? [])]) {
      const fetch = tasks?.get(task);
      tasks?.delete(task);
      fetch?.abort();
    }
    if (tasks?.size === 0) this.#readers.delete(attemptKey(reader));
  }

  /** Wait until nothing writes into a reader's gather any more. */
  async quiet(reader: AttemptRef): Promise<void> {
    await Promise.all(this.#ending.get(attemptKey(reader)) ?? new Set<Promise<void>>());
  }
}
