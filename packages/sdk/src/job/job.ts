// What every form of job gives its author, and how the engine takes its side out of it.

import { MillraceError } from "@millrace/core";
import type { JobProgram } from "../program/job-program.ts";
import { kindOf } from "./kind-of.ts";

/** Key of the engine's side of a job. Global, so that two copies of this module agree. */
export const jobSymbol: unique symbol = Symbol.for("millrace.job");

/** A job that reads records `R`, writes records `O`, and records `X[name]` to its named outputs. */
export interface Job<in R, out O, out X = unknown> {
  readonly [jobSymbol]: JobProgram & { readonly flow?: (record: R) => O; readonly named?: X };
}

/** What an aggregator's job writes. A `type`, for an interface has no index signature and `JsonValue` would refuse it. */
export type Pair<K, A> = { readonly key: K; readonly value: A };

/** Wrap the engine's side of a job for authors. The types are the caller's word. */
export function createJob<R, O, X>(program: JobProgram): Job<R, O, X> {
  return { [jobSymbol]: program };
}

/** Tell whether a value is a job, of this copy of the module or of another. */
export function isJob(value: unknown): value is Job<never, unknown> {
  return typeof value === "object" && value !== null && jobSymbol in value;
}

/**
 * Take the engine's side of a job.
 *
 * @param value - the default export of a job module.
 * @throws {MillraceError} E_JOB_MODULE when `value` is no job.
 */
export function jobProgram(value: unknown): JobProgram {
  if (isJob(value)) return value[jobSymbol];
  throw new MillraceError(
    "E_JOB_MODULE",
    `Cannot use the default export as a job: it is ${kindOf(value)}, not the result of defineJob; write "export default defineJob({ … })"`,
  );
}
