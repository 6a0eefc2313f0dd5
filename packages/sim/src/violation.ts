// A broken promise, found by a checker: it ends the run of a seed and names the invariant of the field notes.

/** Signal that an invariant does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
  /** Such as `I7`. */
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

/** Demand an invariant. @throws {Violation} when `holds` is false. */
export function demand(holds: boolean, invariant: string, message: () => string): asserts holds {
  if (!holds) throw new Violation(invariant, message());
}
