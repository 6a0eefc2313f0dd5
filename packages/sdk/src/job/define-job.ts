// `defineJob`: what a job's author writes, with types that infer end to end and mistakes that are refused in words.
// Read the "why" comments before changing a signature: most of the odd lines are there for one message or one hover.

import type { Aggregator, Codec, KeyCodec } from "@millrace/data";
import type { Input, Output } from "../format/format.ts";
import type { Params, ParamsOf } from "../param/param.ts";
import type { Batch } from "../program/batch-map.ts";
import { checkDefinition } from "./check-definition.ts";
import type {
  Context,
  Emit,
  MapContext,
  NotAPromise,
  OrderedEmit,
  Outputs,
  RecordsOf,
  ReduceFunction,
  SetupContext,
  Values,
  Write,
  WritersOf,
} from "./context.ts";
import type { Fixed, IsUnset, NoMainOutput, NoOutputsInCombine, NoSetupBeforeMap, Unset } from "./infer.ts";
import { type Job, type Pair, createJob } from "./job.ts";
import type { EmitBytes, OrderedEmitBytes } from "./map-batch.ts";
import type { EmittedColumns } from "./emitted-columns.ts";
import type { SampledRanges } from "./partition.ts";

/** A missing `value` is reported once, at `reduce`; `any` keeps `emit` and `values` quiet. */
// eslint-disable-next-line typescript/no-explicit-any
type PairValue<V> = IsUnset<V> extends true ? any : Fixed<V>;
type PairEmit<K, V, Q> =
  IsUnset<Q> extends true ? Emit<Fixed<K>, PairValue<V>> : OrderedEmit<Fixed<K>, PairValue<V>, Fixed<Q>>;

type SliceEmit<K, V, Q> = [Fixed<K>] extends [string | Uint8Array]
  ? IsUnset<Q> extends true
    ? EmitBytes<PairValue<V>>
    : OrderedEmitBytes<PairValue<V>, Fixed<Q>>
  : unknown;

/** What `defineJob` is given. `N` are the names of the properties that the author wrote. */
export interface JobDefinition<R, K, V, A, Q, O, P, S, X, N> {
  /** 1 to 128 printable characters. */
  readonly name: string;
  /** Given as `-p name=value`, found as `context.params.name`. */
  readonly params?: P;
  /** Side files that it reads by `context.file`: a missing one is refused before anything runs. */
  readonly files?: readonly string[];
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
  /** Secondary sort: `emit` takes an order after the value, and a reduce function gets the values of a key in that order. */
  readonly orderBy?: KeyCodec<Q>;
  /**
   * With `textLines()`: `map` is called for those lines alone that hold this text, and for all when it is empty. It is
   * looked for in whole chunks of the input, at several GB/s; see `requiredText`.
   */
  readonly linesWith?: (params: ParamsOf<Fixed<P>>) => string;
  /**
   * The pairs that columns of the input make, such as `{ key: log.path, value: log.bytes }`; undefined for none. A record
   * without one of them, or for which its `where` does not hold, goes to `map` instead: it is called for those alone. Where
   * kernels find the columns, no object or string is made of the others. With a reduce function.
   */
  readonly emits?: (params: ParamsOf<Fixed<P>>) => EmittedColumns | undefined;
  /** Called for each record; this or `mapBatch` is there. `emit` takes a key and a value, in a job without `reduce` one record of the output. */
  readonly map?: (
    record: Fixed<R>,
    emit: "reduce" extends N ? PairEmit<K, V, Q> : Write<Fixed<O>>,
    context: MapContext<ParamsOf<Fixed<P>>, Fixed<S>, WritersOf<Fixed<X>>>,
  ) => NotAPromise;
  /**
   * Instead of `map`, with `textLines()`: called for up to 8,192 lines at once, which are given as bytes. `emit.bytes` takes
   * a key that is a slice of them, where keys are texts or bytes.
   */
  readonly mapBatch?: (
    batch: Batch,
    emit: "reduce" extends N ? PairEmit<K, V, Q> & SliceEmit<K, V, Q> : Write<Fixed<O>>,
    context: MapContext<ParamsOf<Fixed<P>>, Fixed<S>, WritersOf<Fixed<X>>>,
  ) => NotAPromise;
  /** Makes fewer values of some of one key before they travel; with a reduce function only, and without `orderBy`. */
  readonly combine?: ReduceFunction<
    Fixed<K>,
    Values<PairValue<V>>,
    PairValue<V>,
    Context<ParamsOf<Fixed<P>>, Fixed<S>, NoOutputsInCombine>
  >;
  /** An aggregator, or a function called for each key in ascending order. Left out in a map-only job. */
  readonly reduce?:
    | Aggregator<V, A>
    | ReduceFunction<
        Fixed<K>,
        Values<PairValue<V>>,
        Fixed<O>,
        Context<ParamsOf<Fixed<P>>, Fixed<S>, WritersOf<Fixed<X>>>
      >;
  /** Reduce tasks that the job itself needs, 1 to 9,999, such as 1 for one sorted list: goes before `--reduces`. */
  readonly reduces?: number;
  /** Which of the partitions, 0 to `partitions` - 1, a key goes to; by its hash when left out. */
  readonly partition?: SampledRanges | ((key: Fixed<K>, partitions: number) => number);
  /** The main output. May be left out where a job has named ones. */
  readonly output?: Output<O>;
  /** Named outputs, folders below the job's output: `context.outputs.errors(record)`. */
  readonly outputs?: X;
}
// eslint-disable-next-line typescript/no-explicit-any
type JobProperty = keyof JobDefinition<any, any, any, any, any, any, any, any, any, any>;

/**
 * Infers `N`. `emit` is another function with `reduce` than without, and a function is no inference source before its
 * own parameters are known; the names of an object literal are. An unknown name breaks `N extends JobProperty`, so
 * that the check for excess properties still works.
 */
type Written<N extends string> = { readonly [X in N]?: unknown };
/** What only a reduce function has: an aggregator brings its value, combines by itself, and no order shows in its result. */
interface OfFunctions {
  readonly value?: "An aggregator brings its own value: leave `value` out";
  readonly orderBy?: "An aggregator's result has no order of values: leave `orderBy` out";
  readonly combine?: "An aggregator combines by itself: leave `combine` out";
}
// `Fixed<A>`: an output of `{ key, value }` would else make a job with a reduce function one with an aggregator.
type Needed<K, V, A, N> = ([Extract<"map" | "mapBatch", N>] extends [never]
  ? { readonly map: unknown }
  : "map" extends N
    ? { readonly mapBatch?: "Give `map` or `mapBatch`, not both" }
    : unknown) &
  ("reduce" extends N
    ? "value" extends N
      ? unknown
      : IsUnset<V> extends true
        ? { readonly reduce: Aggregator<never, unknown> | "A reduce function needs `value: <codec>` beside it" }
        : unknown
    : unknown) &
  (IsUnset<A> extends true ? unknown : { readonly output: Output<Pair<K, Fixed<A>>> } & OfFunctions) &
  ([Extract<"output" | "outputs", N>] extends [never] ? { readonly output: Output<never> } : unknown);

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
  O = NoMainOutput,
  K = string,
  V = Unset,
  A = Unset,
  Q = Unset,
  S = NoSetupBeforeMap,
  P extends Params = {},
  X extends Outputs = {},
  N extends JobProperty = JobProperty,
>(
  definition: JobDefinition<R, K, V, A, Q, O, P, S, X, N> & Written<N> & Needed<K, V, A, N>,
): Job<R, IsUnset<A> extends true ? O : Pair<K, A>, RecordsOf<X>> {
  return createJob(checkDefinition(definition));
}
