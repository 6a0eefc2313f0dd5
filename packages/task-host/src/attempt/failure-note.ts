// The first failure that happened below user code. User code may catch what `emit` or `values` throws and go on; the
// attempt fails all the same (notes/reliability.md B29), since a pair or a segment is missing.

/** What failed first. */
interface NotedFailure {
  readonly thrown: unknown;
  /** The user function that threw it, or undefined when the engine did. */
  readonly running: string | undefined;
}

/** Keep the first failure, out of the user's reach. */
export class FailureNote {
  #first: NotedFailure | undefined;

  /** Whether something failed. Looked at after each call of user code. */
  get failed(): boolean {
    return this.#first !== undefined;
  }

  /**
   * Note a failure; later ones are consequences.
   *
   * @param running - the user function that threw, when it was not the engine.
   * @returns what was thrown, to be thrown on.
   */
  note(thrown: unknown, running?: string): unknown {
    this.#first ??= { thrown, running };
    return thrown;
  }

  /** @returns what was noted when `thrown` is that, else undefined. */
  find(thrown: unknown): NotedFailure | undefined {
    return this.#first !== undefined && this.#first.thrown === thrown ? this.#first : undefined;
  }

  /** Throw what was noted, if anything was. */
  check(): void {
    if (this.#first !== undefined) throw this.#first.thrown;
  }
}
