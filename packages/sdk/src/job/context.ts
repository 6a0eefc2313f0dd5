// What user functions are given and what they may return.

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
/** Write one record of the output. */
export type Write<O> = (record: O) => void;
/** Values of one key, streamed once in bounded memory: a second iteration throws. */
export interface Values<out V> extends Iterable<V> {}

/** What `setup` is given. The types are resolved (`{ top: number }`), so that a hover shows them. */
export interface SetupContext<P> {
  /** Values of the job's parameters. */
  readonly params: P;
  /** Raise a counter of the job by a whole number of 0 or more, 1 by default. Names have 1 to 128 characters. */
  readonly count: (counter: string, by?: number) => void;
  /** A number in [0, 1), the same sequence each time that a task runs: seeded by plan and task. */
  readonly random: () => number;
}

/** What reduce and combine are given. */
export interface Context<P, S> extends SetupContext<P> {
  /** What `setup` gave; one for each attempt. */
  readonly state: S;
}

/** What map is given. */
export interface MapContext<P, S> extends Context<P, S> {
  /** The file of the record, and the first byte of the range of it that this task reads. */
  readonly split: { readonly uri: string; readonly offset: number };
}

/** A reduce or combine function. */
export type ReduceFunction<K, V, O, C> = (key: K, values: V, emit: Write<O>, context: C) => NotAPromise;
