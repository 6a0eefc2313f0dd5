// Variance from exact sums of the values and of their squares: n Σx² − (Σx)² is a whole number of the smallest steps
// that doubles know, so nothing cancels, and one division is rounded once.

import { refuseValue } from "../codec/make-codec.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";
import { count } from "./count.ts";
import { emptySumBytes } from "./exact-sum-digits.ts";
import { addSquareToSum, addToSum, encodeSum, mergeSum } from "./exact-sum.ts";
import { type ExactValue, exactValueOf, roundRatio } from "./exact-value.ts";
import { aggregateFields } from "./fields.ts";

/** What a variance is divided by: n − 1 for a sample, n for all there is. */
export interface VarianceOptions {
  /** The values are all there is, not a sample of it. */
  readonly population?: boolean;
}

const reader = new ByteReader();

function makeExact(name: string, add: (cell: StateCell, value: number) => boolean): Aggregator<number, ExactValue> {
  return {
    wire: name,
    stateBytes: emptySumBytes,
    add,
    merge: (cell, encoded, start, end) => mergeSum(cell, 0, reader.reset(encoded, start, end)),
    encode: (cell, sink) => encodeSum(cell, 0, sink),
    present: (cell) => exactValueOf(cell, 0),
  };
}

const total = makeExact("sum", (cell, value) => addToSum(cell, 0, value));
const squares = makeExact("squares", (cell, value) => addSquareToSum(cell, 0, value));

/** Both scaled to the lesser exponent of `exponent` and, squared, of `squares`. */
function ratioOf(n: bigint, less: bigint, sums: { readonly total: ExactValue; readonly squares: ExactValue }): number {
  const exponent = Math.min(sums.total.exponent * 2, sums.squares.exponent);
  const squared = (sums.total.value ** 2n) << BigInt(sums.total.exponent * 2 - exponent);
  const scaled = (n * sums.squares.value) << BigInt(sums.squares.exponent - exponent);
  return roundRatio(scaled - squared, n * (n - less), exponent);
}

function makeVariance<A>(options: VarianceOptions, finish: (variance: number) => A): Aggregator<number, A | null> {
  const fields = aggregateFields({ n: count(), total, squares });
  const less = options.population === true ? 0 : 1;
  return {
    wire: "variance",
    stateBytes: fields.stateBytes,
    add: (cell, value, place) => {
      if (typeof value !== "number") refuseValue("variance", value, "no number");
      return fields.add(cell, { total: value, squares: value }, place);
    },
    merge: fields.merge,
    encode: fields.encode,
    present: (cell) => {
      const { n, ...sums } = fields.present(cell);
      if (n <= less) return null;
      const isFinite = sums.total.special === undefined && sums.squares.special === undefined;
      return finish(isFinite ? ratioOf(BigInt(n), BigInt(less), sums) : Number.NaN);
    },
  };
}

/**
 * The variance, rounded once; of a sample unless told otherwise, as SQL's `variance`. `null` of fewer than two values of
 * a sample, and of nothing; NaN when a value is no finite number; ∞ where it passes the greatest double.
 */
export function variance(options: VarianceOptions = {}): Aggregator<number, number | null> {
  return makeVariance(options, (value) => value);
}

/** The square root of the {@link variance}. */
export function standardDeviation(options: VarianceOptions = {}): Aggregator<number, number | null> {
  return makeVariance(options, Math.sqrt);
}
