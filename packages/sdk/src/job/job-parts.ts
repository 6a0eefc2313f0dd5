// A job as the engine sees it: the author's parts with their types erased, defaults filled in and checked.

import type { Aggregator, Codec, KeyCodec } from "@millrace/data";
import { MillraceError } from "@millrace/core";
import type { InputFormat, OutputFormat } from "../format/format.ts";
import type { Param } from "../param/param.ts";
import type { Context, MapContext, SetupContext } from "./context.ts";

/** Key of the engine's side of a job. Global, so that two copies of this module agree. */
export const jobSymbol: unique symbol = Symbol.for("millrace.job");

/** Values of a job's parameters by name. */
export type ParamValues = Readonly<Record<string, unknown>>;

/** All that a host needs to run a job's tasks. Type parameters of the author are `unknown` here: the codecs check. */
export interface JobParts {
  readonly name: string;
  readonly params: Readonly<Record<string, Param<unknown>>>;
  /** Called once for each attempt, and awaited, before its first record. */
  readonly setup?: (context: SetupContext<ParamValues>) => unknown;
  readonly input: InputFormat<unknown>;
  readonly map: MapStep;
  readonly reduce: ReduceStep;
  readonly output: OutputFormat<unknown>;
}

/**
 * The map function. With a reduce step other than `none`, `emit` takes (key, value); else it takes one record of the
 * output. What it returns goes through `checkReturned`.
 */
export type MapStep = (
  record: unknown,
  emit: (keyOrRecord: unknown, value?: unknown) => void,
  context: MapContext<ParamValues, unknown>,
) => unknown;

/** A reduce or combine function of the author. What it returns goes through `checkReturned`. */
export type ReduceRun = (
  key: unknown,
  values: Iterable<unknown>,
  emit: (record: unknown) => void,
  context: Context<ParamValues, unknown>,
) => unknown;

/** What happens between map and output. */
export type ReduceStep =
  /** Map-only: the map writes records. */
  | { readonly kind: "none" }
  /** States travel; each result is written as `{ key, value }`. */
  | { readonly kind: "aggregator"; readonly key: KeyCodec<unknown>; readonly aggregator: Aggregator<unknown, unknown> }
  /** Values travel. `combine` runs once for each cut of {@link combinePairs} pairs; its `emit` takes a value of the same key. */
  | {
      readonly kind: "function";
      readonly key: KeyCodec<unknown>;
      readonly value: Codec<unknown>;
      readonly run: ReduceRun;
      readonly combine?: ReduceRun;
    };

/**
 * Pairs after which a combine function runs. Fixed, so that what it sees depends on the plan alone and never on memory:
 * with pairs of 100 bytes a cut takes 6 MB of a slot's 256.
 */
export const combinePairs = 65_536;

/** Take the engine's side of a job. @throws {MillraceError} E_JOB_MODULE when `value` was not made by `defineJob`. */
export function jobParts(value: unknown): JobParts {
  if (typeof value === "object" && value !== null && jobSymbol in value) return value[jobSymbol] as JobParts;
  throw new MillraceError(
    "E_JOB_MODULE",
    `Cannot use the default export as a job: it is ${describe(value)}, not the result of defineJob; write "export default defineJob({ … })"`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
