// The author's functions as hosts call them: their types are erased, the codecs check.

import type { Context, MapContext, Write } from "../job/context.ts";

/** Values of a job's parameters by name. */
export type ParamValues = Readonly<Record<string, unknown>>;

/** Writers of the named outputs, by the author's name. */
export type NamedWriters = Readonly<Record<string, Write<unknown>>>;

/** What a map function is given. */
export type StepMapContext = MapContext<ParamValues, unknown, NamedWriters>;

/** What a reduce or combine function is given. */
export type StepContext = Context<ParamValues, unknown, NamedWriters>;

/** `emit` of a map function: a pair and, with an order key, its order; or one record for the next operator or the output. */
export type StepEmit = (keyOrRecord: unknown, value?: unknown, order?: unknown) => void;

/** A map function. What it returns goes through `checkReturned`. */
export type MapStep = (record: unknown, emit: StepEmit, context: StepMapContext) => unknown;

/** A reduce or combine function. What it returns goes through `checkReturned`. */
export type ReduceRun = (
  key: unknown,
  values: Iterable<unknown>,
  emit: (record: unknown) => void,
  context: StepContext,
) => unknown;

/**
 * Pairs after which a combine function runs. Fixed, so that what it sees depends on the plan alone and never on memory:
 * with pairs of 100 bytes a cut takes 6 MB of a slot's 256.
 */
export const combinePairs = 65_536;
