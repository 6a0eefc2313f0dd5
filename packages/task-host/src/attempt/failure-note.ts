// The first failure that happened below user code. User code may catch what `emit` or `values` throws and go on; the
// attempt fails all the same, since a pair or a segment is missing.

/** Where a failure happened, as far as it is known. */
export interface NotedPlace {
  /** What of the job threw, such as `map`; undefined when the engine did, below user code. */
  readonly running?: string;
  /** Part of the job whose function it was, or that the engine was called by. */
  readonly part?: number;
  /** Set when it was outside of a call by the engine, in a timer or a promise that nobody awaits: whose that is, such as `this attempt`. */
  readonly strayOf?: string;
}

/** What failed first. */
export interface NotedFailure extends NotedPlace {
  readonly thrown: unknown;
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
   * @returns what was thrown, to be thrown on.
   */
  note(thrown: unknown, place: NotedPlace = {}): unknown {
    this.#first ??= { ...place, thrown };
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
