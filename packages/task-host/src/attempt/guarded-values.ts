// The values of a group as user code sees them: what goes wrong below is noted before it is thrown, so that catching it
// does not save the attempt, and nothing can be read after the function has returned.

import { MillraceError } from "@millrace/core";
import type { ReduceInput } from "@millrace/data";
import { meterCells } from "./attempt-meter.ts";
import type { FailureNote } from "./failure-note.ts";

/** Iterate over the values of the current group, once. */
export class GuardedValues implements Iterable<unknown> {
  readonly #groups: ReduceInput<unknown, unknown, unknown>;
  readonly #note: FailureNote;
  readonly #meter: Float64Array;
  /** Opened once: it is what knows of a second iteration. */
  #values: Iterable<unknown> | undefined;
  #over = false;

  constructor(groups: ReduceInput<unknown, unknown, unknown>, note: FailureNote, meter: Float64Array) {
    this.#groups = groups;
    this.#note = note;
    this.#meter = meter;
  }

  /** The function has returned: whoever kept the values reads no more of them. */
  end(): void {
    this.#over = true;
  }

  [Symbol.iterator](): Iterator<unknown> {
    const values = this.#open();
    let count = this.#meter[meterCells.records] ?? 0;
    return {
      next: () => {
        if (this.#over) throw ended();
        this.#meter[meterCells.records] = ++count;
        try {
          return values.next();
        } catch (thrown) {
          throw this.#note.note(thrown);
        }
      },
      return: () => ({ done: true, value: undefined }),
    };
  }

  #open(): Iterator<unknown> {
    if (this.#over) throw ended();
    this.#values ??= this.#groups.values();
    return this.#values[Symbol.iterator]();
  }
}

function ended(): MillraceError {
  return new MillraceError(
    "E_USER_CODE",
    "Cannot read values: the reduce function that was given them has returned; copy what is needed later",
  );
}
