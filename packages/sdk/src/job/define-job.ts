// `defineJob`: what a job's author writes, with types that infer end to end and mistakes that are refused in words.
// Read the "why" comments before changing a signature: most of the odd lines are there for one message or one hover.

import type { Aggregator, Codec, KeyCodec } from "@millrace/data";
import type { Input, Output } from "../format/format.ts";
import type { Param } from "../param/param.ts";
import { checkDefinition } from "./check-definition.ts";
import type { Context, Emit, MapContext, NotAPromise, ReduceFunction, SetupContext, Values, Write } from "./context.ts";
import type { Fixed, IsUnset, NoSetupBeforeMap, Plain, Unset } from "./infer.ts";
import { type JobParts, jobSymbol } from "./job-parts.ts";

/** A job's parameters by name. */
export type Params = Readonly<Record<string, Param<unknown>>>;
/** The values of a job's parameters. */
export type ParamsOf<P> = Plain<{ [N in keyof P]: P[N] extends Param<infer T> ? T : never }>;

/** What an aggregator's job writes. A `type`, for an interface has no index signature and `JsonValue` would refuse it. */
export type Pair<K, A> = { readonly key: K; readonly value: A };

/** A job that reads records `R` and writes records `O`. */
export interface Job<in R, out O> {
  readonly [jobSymbol]: JobParts & { readonly flow?: (record: R) => O };
}

/** A missing `value` is reported once, at `reduce`; `any` keeps `emit` and `values` quiet. */
// eslint-disable-next-line typescript/no-explicit-any
type PairValue<V> = IsUnset<V> extends true ? any : Fixed<V>;

/** What `defineJob` is given. `N` are the names of the properties that the author wrote. */
export interface JobDefinition<R, K, V, A, O, P, S, N> {
  /** 1 to 128 printable characters. */
  readonly name: string;
  /** Given as `-p name=value`, found as `context.params.name`. */
  readonly params?: P;
  /**
   * Makes state for one attempt, found as `context.state`; may be asynchronous. Stands before `map`: the compiler reads
   * functions from left to right, and only this one's result is inferred.
   */
  readonly setup?: (context: SetupContext<ParamsOf<Fixed<P>>>) => S | Promise<S>;
  readonly input: Input<R>;
  /** Text when left out. */
  readonly key?: KeyCodec<K>;
  /** Comes from an aggregator; must be there with a reduce function. */
  readonly value?: Codec<V>;
  /** Called for each record. `emit` takes a key and a value, in a job without `reduce` one record of the output. */
  readonly map: (
    record: Fixed<R>,
    emit: "reduce" extends N ? Emit<Fixed<K>, PairValue<V>> : Write<Fixed<O>>,
    context: MapContext<ParamsOf<Fixed<P>>, Fixed<S>>,
  ) => NotAPromise;
  /** Makes fewer values of some of one key before they travel; with a reduce function only. */
  readonly combine?: ReduceFunction<
    Fixed<K>,
    Values<PairValue<V>>,
    PairValue<V>,
    Context<ParamsOf<Fixed<P>>, Fixed<S>>
  >;
  /** An aggregator, or a function called for each key in ascending order. Left out in a map-only job. */
  readonly reduce?:
    | Aggregator<V, A>
    | ReduceFunction<Fixed<K>, Values<PairValue<V>>, Fixed<O>, Context<ParamsOf<Fixed<P>>, Fixed<S>>>;
  readonly output: Output<O>;
}
// eslint-disable-next-line typescript/no-explicit-any
type JobProperty = keyof JobDefinition<any, any, any, any, any, any, any, any>;

/**
 * Infers `N`. `emit` is another function with `reduce` than without, and a function is no inference source before its
 * own parameters are known; the names of an object literal are. An unknown name breaks `N extends JobProperty`, so
 * that the check for excess properties still works.
 */
type Written<N extends string> = { readonly [X in N]?: unknown };
type Needed<K, V, A, N> = ("reduce" extends N
  ? "value" extends N
    ? unknown
    : IsUnset<V> extends true
      ? { readonly reduce: Aggregator<never, unknown> | "A reduce function needs `value: <codec>` beside it" }
      : unknown
  : unknown) &
  (IsUnset<A> extends true ? unknown : { readonly output: Output<Pair<K, A>> });

/**
 * Define a job: the default export of a job file.
 *
 * @throws {MillraceError} E_JOB_INVALID for what the types refuse too, and for a name that cannot be shown.
 * @example
 * ```ts
 * import { defineJob, sum, textLines, textTable } from "millrace";
 *
 * export default defineJob({
 *   name: "word-count",
 *   input: textLines(),
 *   map: (line, emit) => {
 *     for (const word of line.split(/\s+/u)) if (word !== "") emit(word, 1);
 *   },
 *   reduce: sum(),
 *   output: textTable(),
 * });
 * ```
 */
export function defineJob<
  R,
  O,
  K = string,
  V = Unset,
  A = Unset,
  S = NoSetupBeforeMap,
  P extends Params = {},
  N extends JobProperty = JobProperty,
>(
  definition: JobDefinition<R, K, V, A, O, P, S, N> & Written<N> & Needed<K, V, A, N>,
): Job<R, IsUnset<A> extends true ? O : Pair<K, A>> {
  return { [jobSymbol]: checkDefinition(definition) };
}
