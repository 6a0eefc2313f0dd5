// Sums and means that depend on nothing but the values: exact inside, rounded once when presented.

import { ByteReader } from "../bytes/byte-reader.ts";
import { refuseValue } from "../codec/make-codec.ts";
import type { Aggregator } from "./aggregator.ts";
import { emptySumBytes } from "./exact-sum-digits.ts";
import { addToSum, encodeSum, mergeSum } from "./exact-sum.ts";
import { keepKernelState } from "./kernel-state.ts";
import { integerOfSum, presentMean, presentSum } from "./exact-value.ts";

const reader = new ByteReader();

function requireNumber(name: string, value: unknown): void {
  if (typeof value !== "number") refuseValue(name, value, "no number");
}

function requireInteger(value: unknown): void {
  if (!Number.isInteger(value)) refuseValue("sum of integers", value, "no integer");
}

function makeSum<A>(check: (value: unknown) => void, present: Aggregator<number, A>["present"]): Aggregator<number, A> {
  return keepKernelState({
    wire: "sum",
    stateBytes: emptySumBytes,
    kernelState: "sum",
    add: (cell, value) => {
      check(value);
      return addToSum(cell, 0, value);
    },
    merge: (cell, encoded, start, end) => mergeSum(cell, 0, reader.reset(encoded, start, end)),
    encode: (cell, sink) => encodeSum(cell, 0, sink),
    present,
  });
}

/** Sum numbers exactly and round once. The sum of nothing is 0; −0 counts as 0; NaN, or ∞ and −∞, give NaN. */
export function sum(): Aggregator<number, number> {
  return makeSum(
    (value) => {
      if (typeof value !== "number") refuseValue("sum", value, "no number");
    },
    (cell) => presentSum(cell, 0),
  );
}

/** Sum integers and give all digits, beyond 2^53 too. Other numbers are refused. States are those of {@link sum}. */
export function sumOfIntegers(): Aggregator<number, bigint> {
  return makeSum(requireInteger, (cell) => integerOfSum(cell, 0));
}

/** The arithmetic mean: the exact sum divided by the count and rounded once, finite where all values are; NaN of nothing. */
export function mean(): Aggregator<number, number> {
  return keepKernelState({
    wire: "mean",
    stateBytes: 8 + emptySumBytes,
    kernelState: "mean",
    add: (cell, value) => {
      requireNumber("mean", value);
      if (!addToSum(cell, 8, value)) return false;
      cell.view.setFloat64(cell.offset, cell.view.getFloat64(cell.offset, true) + 1, true);
      return true;
    },
    merge: (cell, encoded, start, end) => {
      const count = reader.reset(encoded, start, end).readVarint();
      if (!mergeSum(cell, 8, reader)) return false;
      cell.view.setFloat64(cell.offset, cell.view.getFloat64(cell.offset, true) + count, true);
      return true;
    },
    encode: (cell, sink) => {
      sink.writeVarint(cell.view.getFloat64(cell.offset, true));
      encodeSum(cell, 8, sink);
    },
    present: (cell) => presentMean(cell, 8, cell.view.getFloat64(cell.offset, true)),
  });
}
