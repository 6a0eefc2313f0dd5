// Work on the files of one job goes one step at a time, so that a deletion never meets a preparation half-way.

/** Run steps in order, one queue a job. */
export class JobQueues {
  readonly #last = new Map<string, Promise<void>>();

  /** Run a step after all that were given before for the job. @returns its result; a failed step does not stop the next. */
  run<Result>(job: string, step: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(job) ?? Promise.resolve();
    const result = before.then(step);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(job, settled);
    void settled.then(() => {
      if (this.#last.get(job) === settled) this.#last.delete(job);
    });
    return result;
  }

  /** Wait for all that was given so far. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
