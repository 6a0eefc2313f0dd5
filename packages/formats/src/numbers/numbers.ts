// Numbers as an input, for jobs that compute rather than read: no files, splits are ranges.

import { MillraceError } from "@millrace/core";
import type { Input } from "@millrace/sdk";
import { badRecord, createInput } from "@millrace/sdk/engine";

/**
 * The whole numbers from 0 to `count` (exclusive), spread over map tasks; `count` is 0 to 2^53 - 1, or the name of a
 * parameter of the job that is a whole number. Such a job is given no input paths.
 *
 * @throws {MillraceError} E_JOB_INVALID for another number, or an empty name.
 * @example
 * ```ts
 * params: { maps: int({ default: 10, min: 1 }) },
 * input: numbers("maps"),
 * map: (n, emit) => emit(String(n % 7), n),
 * ```
 */
export function numbers(count: number | string): Input<number> {
  if (typeof count === "string" ? count === "" : !Number.isSafeInteger(count) || count < 0) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot use ${JSON.stringify(count)} as a count of numbers: it is neither a whole number from 0 to 2^53 - 1 nor the name of a parameter; give one`,
    );
  }
  return createInput<number>({
    name: "numbers",
    splitting: "numbers",
    // There are no bytes: hosts count, and ask no reader.
    framing: { kind: "fixed", bytes: 8 },
    numbers: count,
    createReader: () => ({ read: () => badRecord, reason: () => "numbers are counted, not read" }),
  });
}
