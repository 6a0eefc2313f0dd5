// Counters of one attempt: the user's by name, bounded, and the engine's own, which begin with `millrace.`.

import { MillraceError, limits, quote } from "@millrace/core";

/** Names of the engine's counters and what they count. Sums over accepted attempts are the job's. */
export const engineCounters = {
  /** Records handed to `map`. */
  recordsIn: "millrace.records.in",
  /** Records that could not be parsed. */
  recordsBad: "millrace.records.bad",
  /** Input bytes whose records were read, packed where the file is. */
  bytesIn: "millrace.bytes.in",
  /** Pairs that `map` emitted. */
  pairsEmitted: "millrace.pairs.emitted",
  /** Pairs in run files, after aggregation and combine. */
  pairsOut: "millrace.pairs.out",
  /** Raw bytes of these pairs. */
  shuffleBytes: "millrace.shuffle.bytes",
  spills: "millrace.spills",
  /** Pairs that reducers read. */
  pairsIn: "millrace.pairs.in",
  /** Groups that reducers saw. */
  groups: "millrace.groups",
  /** Records written to output files. */
  recordsOut: "millrace.records.out",
  /** Bytes of output files. */
  bytesOut: "millrace.bytes.out",
} as const;

/** Count for one attempt. */
export class AttemptCounters {
  readonly #user = new Map<string, number>();
  readonly #engine = new Map<string, number>();

  /** Raise a user counter. @throws {MillraceError} E_USER_CODE for a wrong name or number, or one name too many. */
  readonly count = (name: string, by = 1): void => {
    const before = this.#user.get(name);
    if (before === undefined) this.#checkName(name);
    if (!Number.isSafeInteger(by) || by < 0) {
      throw new MillraceError(
        "E_USER_CODE",
        `Cannot raise counter ${showName(name)}: ${describeNumber(by)} is not a whole number of 0 or more; count events`,
      );
    }
    const sum = (before ?? 0) + by;
    if (!Number.isSafeInteger(sum)) {
      throw new MillraceError(
        "E_USER_CODE",
        `Cannot raise counter ${showName(name)}: ${before} and ${by} are more than a number counts exactly; count events`,
      );
    }
    this.#user.set(name, sum);
  };

  /** Raise one of the engine's counters. */
  readonly add = (name: string, by: number): void => {
    this.#engine.set(name, (this.#engine.get(name) ?? 0) + by);
  };

  /** @returns all counters by name, sorted, without prototype; zeros of the engine are left out. */
  result(): Readonly<Record<string, number>> {
    const all = [...this.#user, ...[...this.#engine].filter(([, value]) => value !== 0)];
    const counters: Record<string, number> = Object.create(null) as Record<string, number>;
    for (const [name, value] of all.sort(([a], [b]) => (a < b ? -1 : 1))) counters[name] = value;
    return counters;
  }

  #checkName(name: unknown): void {
    const reason =
      typeof name !== "string"
        ? "its name is not a text"
        : name.length === 0 || name.length > limits.counterNameCharactersMax
          ? `its name has ${name.length} characters, not 1 to ${limits.counterNameCharactersMax}`
          : !name.isWellFormed() || /\p{Cc}/u.test(name)
            ? "its name has control characters or lone surrogates"
            : name.startsWith("millrace.")
              ? 'names that begin with "millrace." are the engine\'s'
              : this.#user.size >= limits.countersMax
                ? `the attempt has ${limits.countersMax} counters already`
                : undefined;
    if (reason === undefined) return;
    throw new MillraceError(
      "E_USER_CODE",
      `Cannot raise counter ${showName(name)}: ${reason}; choose few, short names`,
    );
  }
}

function showName(name: unknown): string {
  return typeof name === "string" ? quote(name, 64) : typeof name;
}

function describeNumber(value: unknown): string {
  return typeof value === "number" ? String(value) : typeof value;
}
