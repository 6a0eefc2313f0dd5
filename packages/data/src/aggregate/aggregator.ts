// What an aggregator is to the engine: a commutative, associative way to fold values into a state of bytes.
// The laws (proved for each by the law kit in laws.ts): a state depends neither on the order of values nor on how they
// were grouped, to the last bit, and equal states encode to equal bytes.

import type { ByteSink } from "../bytes/byte-sink.ts";

/**
 * One working state: bytes in a table or a buffer of its own. A flyweight: the table points it at a state, hands it
 * to the aggregator, and points it elsewhere. All members may change in {@link resize}.
 */
export interface StateCell {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the state begins in `bytes` and `view`; a multiple of 8 within the buffer. */
  readonly offset: number;
  /** Bytes of the state. */
  readonly length: number;
  /**
   * Change the state's length, keeping its bytes up to the smaller length; new bytes have any value. The state may move.
   *
   * @returns false when there is no room: nothing has changed, and the aggregator must return false without a change.
   */
  resize(length: number): boolean;
}

/**
 * Where a value was emitted: what `first`, `last` and `sample` go by. Of two values of a job no two have the same, and an
 * attempt that runs again gives each the same. A flyweight of the map output: its numbers may be kept, not the object.
 */
export interface Place {
  /** Index of the task in its stage: the order of splits. */
  readonly task: number;
  /** Pairs that the task emitted before. */
  readonly position: number;
}

/** States whose working form kernels know: kernels/aggregate-states.ts. */
export type KernelState = "count" | "sum" | "mean" | "quantile" | "distinct" | "min" | "max";

/**
 * Fold values `V` of one key into a state, merge encoded states, and present the result `A`.
 * `stateBytes` zero bytes are the empty state: no `init` call is needed.
 */
export interface Aggregator<in V, out A> {
  /** Plain JSON that names the aggregator and its parameters: states merge only when it is equal. */
  readonly wire: unknown;
  /**
   * Name of the state, where aggregators with other parameters have the same one of the same values and differ in what
   * they present, as quantiles of one column: one state serves them all.
   */
  readonly stateName?: string;
  /** Length of the empty working state. 8 or less lies inside the combine table's slot. */
  readonly stateBytes: number;
  /** Set when the working state, and what adding an int does to it, are those of that name; see `kernelStateOf`. */
  readonly kernelState?: KernelState;
  /** Set when a state depends on the places of values: who adds out of order may not add to it. */
  readonly goesByPlace?: true;
  /** @returns false, with the state unchanged, when it could not grow. @throws {DataError} E_VALUE_INVALID, with the state unchanged. */
  readonly add: (cell: StateCell, value: V, place: Place) => boolean;
  /**
   * Fold an encoded state in. @returns false, with the state unchanged, when it could not grow.
   * @throws {DataError} E_VALUE_INVALID when the two together are refused; the state is then of no use.
   */
  readonly merge: (cell: StateCell, encoded: Uint8Array, start: number, end: number) => boolean;
  /** Append the canonical encoding. */
  readonly encode: (cell: StateCell, sink: ByteSink) => void;
  readonly present: (cell: StateCell) => A;
}
