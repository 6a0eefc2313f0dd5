// `defineJoin`: several inputs by one key, each a small job of its own, with types that infer end to end.
// `R` and `V` are inferred by name from two mapped types over one literal. They have no constraint on purpose: with one, a
// mistake in one input makes all of them fall back to it, and each reports an error.

import type { Codec, KeyCodec } from "@millrace/data";
import type { Input, Output } from "../format/format.ts";
import type {
  Context,
  Emit,
  MapContext,
  NotAPromise,
  Outputs,
  RecordsOf,
  ReduceFunction,
  SetupContext,
  Values,
  WritersOf,
} from "../job/context.ts";
import type { At, Fixed, NoMainOutput, NoSetupBeforeMap } from "../job/infer.ts";
import { type Job, createJob } from "../job/job.ts";
import type { SampledRanges } from "../job/partition.ts";
import type { Params, ParamsOf } from "../param/param.ts";
import { checkJoin } from "./check-join.ts";

/** What `defineJoin` is given: `R` has the records of each input by name, `V` its values. */
export interface JoinDefinition<R, V, K, O, S, P, X> {
  /** 1 to 128 printable characters. */
  readonly name: string;
  /** Given as `-p name=value`, found as `context.params.name`. */
  readonly params?: P;
  /** Side files that it reads by `context.file`: a missing one is refused before anything runs. */
  readonly files?: readonly string[];
  /** As in `defineJob`. Stands before `inputs`. */
  readonly setup?: (context: SetupContext<ParamsOf<Fixed<P>>>) => S | Promise<S>;
  /** The key of all inputs; text when left out. */
  readonly key?: KeyCodec<K>;
  /** What is joined, 2 to 16 of them, given as `--input name=PATH`. The input with the most values of one key stands last. */
  readonly inputs: { readonly [N in keyof R]: { readonly input: Input<R[N]> } } & {
    readonly [N in keyof V]: {
      readonly value: Codec<V[N]>;
      readonly map: (
        record: At<R, N>,
        emit: Emit<Fixed<K>, Fixed<V[N]>>,
        context: MapContext<ParamsOf<Fixed<P>>, Fixed<S>, WritersOf<Fixed<X>>>,
      ) => NotAPromise;
    };
  };
  /** Called for each key that any input has, with the values of each input by its name. */
  readonly reduce: ReduceFunction<
    Fixed<K>,
    { readonly [N in keyof V]: Values<V[N]> },
    Fixed<O>,
    Context<ParamsOf<Fixed<P>>, Fixed<S>, WritersOf<Fixed<X>>>
  >;
  /** Reduce tasks that the job itself needs, as in `defineJob`. */
  readonly reduces?: number;
  /** Which of the partitions a key goes to; by its hash when left out. */
  readonly partition?: SampledRanges | ((key: Fixed<K>, partitions: number) => number);
  readonly output: Output<O>;
  /** Named outputs, folders below the job's output: `context.outputs.unknown(record)`. */
  readonly outputs?: X;
}

/**
 * Define a join: several inputs, each with a map that emits a key and a value, and a reduce that is given the values of
 * each input for a key. What kind of join it is, the reduce says: see {@link innerJoin}, {@link leftJoin},
 * {@link semiJoin} and {@link antiJoin} for the usual ones.
 *
 * The values of all inputs but the last are kept in memory while their key is reduced, at most 64 MiB of them, and may be
 * iterated again and again. Those of the last stream once: loop over it outside and over the others inside. An input that
 * does not have the key has no values.
 *
 * @throws {MillraceError} E_JOB_INVALID for what the types refuse too. A run fails with E_JOIN_MEMORY for a key with more
 * values than fit.
 * @example
 * ```ts
 * import { combinedLog, csv, defineJoin, innerJoin, int, jsonLines, object, text } from "millrace";
 *
 * export default defineJoin({
 *   name: "bytes-by-country",
 *   inputs: {
 *     users: {
 *       input: csv({ columns: { id: text(), country: text() } }),
 *       value: text(),
 *       map: (user, emit) => emit(user.id, user.country),
 *     },
 *     hits: {
 *       input: combinedLog(),
 *       value: object({ path: text(), bytes: int() }),
 *       map: (hit, emit) => {
 *         if (hit.user !== null) emit(hit.user, { path: hit.path, bytes: hit.bytes ?? 0 });
 *       },
 *     },
 *   },
 *   reduce: (_user, sides, emit) => {
 *     for (const { users, hits } of innerJoin(sides)) emit({ country: users, ...hits });
 *   },
 *   output: jsonLines(object({ country: text(), path: text(), bytes: int() })),
 * });
 * ```
 */
export function defineJoin<
  R,
  V,
  K = string,
  O = NoMainOutput,
  S = NoSetupBeforeMap,
  P extends Params = {},
  X extends Outputs = {},
>(definition: JoinDefinition<R, V, K, O, S, P, X>): Job<never, O, RecordsOf<X>> {
  return createJob(checkJoin(definition));
}
