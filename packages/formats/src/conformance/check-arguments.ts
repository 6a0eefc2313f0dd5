// What the conformance kit was called with: a test without a compiler learns what stands where, not of a property that
// something undefined does not have.

import { MillraceError } from "@millrace/core";
import type { Input, Output } from "@millrace/sdk";
import { inputFormatOf, kindOf, outputFormatOf } from "@millrace/sdk/engine";

/** Which argument of what. */
interface Argument {
  readonly call: "checkInputFormat" | "checkOutputFormat";
  readonly kind: "input" | "output";
  /** `its first argument`. */
  readonly what: string;
}

/** Refuse what is no format of the kind. @throws {MillraceError} E_JOB_INVALID. */
export function checkFormatArgument(value: unknown, { call, kind, what }: Argument): void {
  if (isFormat(value, kind)) return;
  const other = isFormat(value, kind === "input" ? "output" : "input");
  const is = other ? `a format, but no ${kind}` : `${kindOf(value)}, no ${kind} format`;
  throw misuse(
    call,
    `${what} is ${is}; ${typeof value === "function" ? "call it, as in" : "give one such as"} jsonLines()`,
  );
}

function isFormat(value: unknown, kind: "input" | "output"): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (
    (kind === "input" ? inputFormatOf(value as Input<unknown>) : outputFormatOf(value as Output<never>)) !== undefined
  );
}

/** Refuse samples that are no list of files. @throws {MillraceError} E_JOB_INVALID. */
export function checkInputSamples(samples: unknown): void {
  const each = Array.isArray(samples) ? samples.find((sample) => !hasBytes(sample)) : samples;
  if (Array.isArray(samples) && each === undefined && !samples.includes(undefined)) return;
  const what = Array.isArray(samples) ? `a list in which one is ${kindOf(each)}` : kindOf(samples);
  throw misuse(
    "checkInputFormat",
    `its second argument is ${what}, no list of files; give one such as [{ bytes: "a\\n", records: [{ id: 1 }], bad: 0 }]`,
  );
}

/** Refuse samples that have no list of records. @throws {MillraceError} E_JOB_INVALID. */
export function checkOutputSamples(samples: unknown): void {
  const isObject = typeof samples === "object" && samples !== null && !Array.isArray(samples);
  if (isObject && "records" in samples && Array.isArray(samples.records)) return;
  const what = isObject ? 'an object without a list "records"' : kindOf(samples);
  throw misuse(
    "checkOutputFormat",
    `its second argument is ${what}; give { records: [{ id: 1 }] }, and beside it "refused" and "readBy" as you like`,
  );
}

function hasBytes(sample: unknown): boolean {
  if (typeof sample !== "object" || sample === null || !("bytes" in sample)) return false;
  return typeof sample.bytes === "string" || sample.bytes instanceof Uint8Array;
}

function misuse(call: string, reason: string): MillraceError {
  return new MillraceError("E_JOB_INVALID", `Cannot call ${call}(): ${reason}`);
}
