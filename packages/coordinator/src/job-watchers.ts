// Who waits for a job to change. The driver calls `changed`; watchers wait for the next call.

import type { JobId } from "@millrace/core";

/** Watchers of jobs. */
export class JobWatchers {
  readonly #waiting = new Map<JobId, Set<() => void>>();

  /** Wake all who wait for the job. */
  changed(job: JobId): void {
    const waiting = this.#waiting.get(job);
    this.#waiting.delete(job);
    for (const wake of waiting ?? []) wake();
  }

  /** Resolve at the next change, or when the signal aborts. */
  async next(job: JobId, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(job) ?? new Set();
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        waiting.delete(wake);
        if (waiting.size === 0 && this.#waiting.get(job) === waiting) this.#waiting.delete(job);
        resolve();
      };
      if (signal.aborted) {
        resolve();
        return;
      }
      signal.addEventListener("abort", wake, { once: true });
      waiting.add(wake);
      this.#waiting.set(job, waiting);
    });
  }
}
