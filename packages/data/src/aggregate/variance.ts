// Variance from exact sums of the values and of their squares: n Σx² − (Σx)² is a whole number of the smallest steps
// that doubles know, so nothing cancels, and one division is rounded once.

import { StateParts } from "../aggregation/state-parts.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { refuseValue } from "../codec/make-codec.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";
import { count } from "./count.ts";
import { emptySumBytes } from "./exact-sum-digits.ts";
import { addSquareToSum, addToSum, encodeSum, mergeSum } from "./exact-sum.ts";
import { type ExactValue, exactValueOf, roundRatio } from "./exact-value.ts";

/** What a variance is divided by: n − 1 for a sample, n for all there is. */
export interface VarianceOptions {
  /** The values are all there is, not a sample of it. */
  readonly population?: boolean;
}

const reader = new ByteReader();
const partReader = new ByteReader();

function makeExact(name: string, add: (cell: StateCell, value: number) => boolean): Aggregator<number, ExactValue> {
  return {
    wire: name,
    stateBytes: emptySumBytes,
    add,
    merge: (cell, encoded, start, end) => mergeSum(cell, 0, partReader.reset(encoded, start, end)),
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

function makeVariance(
  name: "variance" | "standardDeviation",
  options: VarianceOptions,
  finish: (variance: number) => number,
): Aggregator<number, number | null> {
  const states = new StateParts([
    { aggregator: count(), everyRow: true },
    { aggregator: total, everyRow: false },
    { aggregator: squares, everyRow: false },
  ]);
  const row: [undefined, number, number] = [undefined, 0, 0];
  const less = options.population === true ? 0 : 1;
  return {
    wire: [name, less === 0 ? "population" : "sample"],
    stateName: "variance",
    stateBytes: states.emptyBytes,
    add: (cell, value, place) => {
      if (typeof value !== "number") refuseValue("variance", value, "no number");
      row[1] = value;
      row[2] = value;
      return states.add(cell, 0, row, place);
    },
    merge: (cell, encoded, start, end) => states.merge(cell, 0, reader.reset(encoded, start, end)),
    encode: (cell, sink) => states.encode(cell, 0, sink),
    present: (cell) => {
      const [n, sumOfAll, sumOfSquares] = states.present(cell, 0) as [number, ExactValue, ExactValue];
      if (n <= less) return null;
      const isFinite = sumOfAll.special === undefined && sumOfSquares.special === undefined;
      if (!isFinite) return finish(Number.NaN);
      return finish(ratioOf(BigInt(n), BigInt(less), { total: sumOfAll, squares: sumOfSquares }));
    },
  };
}

/**
 * The variance, rounded once; of a sample unless told otherwise, as SQL's `variance`. `null` of fewer than two values of
 * a sample, and of nothing; NaN when a value is no finite number; ∞ where it passes the greatest double.
 */
export function variance(options: VarianceOptions = {}): Aggregator<number, number | null> {
  return makeVariance("variance", options, (value) => value);
}

/** The square root of the {@link variance}. */
export function standardDeviation(options: VarianceOptions = {}): Aggregator<number, number | null> {
  return makeVariance("standardDeviation", options, Math.sqrt);
}
