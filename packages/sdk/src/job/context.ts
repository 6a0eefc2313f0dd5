// What user functions are given and what they may return.

import type { Output } from "../format/format.ts";
import type { Plain } from "./infer.ts";

/**
 * What a user function may return. `void` alone would let promises pass (any return type is assignable to it), and
 * `undefined` alone would refuse `(line, emit) => line.split(" ").forEach(…)`. The `object &` switches off the check
 * for "no properties in common". The texts end the compiler's message.
 */
export type NotAPromise =
  | void
  | undefined
  | null
  | boolean
  | number
  | string
  | bigint
  | symbol
  | (object & {
      readonly then?: "User functions are synchronous: do the waiting in `setup`";
      readonly next?: "User functions are not generators: call `emit`";
    });

/** Hand a pair to the reduce. Its bytes are copied at once: neither key nor value is kept. */
export type Emit<K, V> = (key: K, value: V) => void;
/** Hand a pair to the reduce, which gets the values of a key in the order of `order`. */
export type OrderedEmit<K, V, Q> = (key: K, value: V, order: Q) => void;
/** Write one record of an output. */
export type Write<O> = (record: O) => void;
/**
 * Values of one key, streamed once in bounded memory: a second iteration throws. Those of a join's inputs but the last
 * are in memory and may be iterated again.
 */
export interface Values<out V> extends Iterable<V> {}

/** Named outputs of a job. */
export type Outputs = Readonly<Record<string, Output<never>>>;
/** The records of named outputs. */
export type RecordsOf<X> = Plain<{ [N in keyof X]: X[N] extends Output<infer O> ? O : never }>;
/** The writers of named outputs. */
export type WritersOf<X> = Plain<{ [N in keyof X]: X[N] extends Output<infer O> ? Write<O> : never }>;

/** What `setup` is given. The types are resolved (`{ top: number }`), so that a hover shows them. */
export interface SetupContext<P> {
  /** Values of the job's parameters. */
  readonly params: P;
  /** Raise a counter of the job by a whole number of 0 or more, 1 by default. Names have 1 to 128 characters. */
  readonly count: (counter: string, by?: number) => void;
  /** The bytes of a side file that was shipped with the job, as by `--file countries.csv=PATH`; named in the job's `files`, it is asked for before anything runs. Each call reads it: keep what it gives. */
  readonly file: (name: string) => Uint8Array;
  /** A number in [0, 1), the same sequence each time that a task runs: seeded by plan and task. */
  readonly random: () => number;
}

/** What reduce and combine are given. */
export interface Context<P, S, X> extends SetupContext<P> {
  /** What `setup` gave; one for each attempt. */
  readonly state: S;
  /** Write a record to a named output, `context.outputs.errors(record)`. */
  readonly outputs: X;
}

/** What map is given. */
export interface MapContext<P, S, X> extends Context<P, S, X> {
  /** The file of the record, and the first byte of the range of it that this task reads; "" and 0 in a later job of a chain. */
  readonly split: { readonly uri: string; readonly offset: number };
}

/** A reduce or combine function. */
export type ReduceFunction<K, V, O, C> = (key: K, values: V, emit: Write<O>, context: C) => NotAPromise;
