// How many values lie in each bucket of given bounds. Working state: a count for each bucket, as doubles.

import { ByteReader } from "../bytes/byte-reader.ts";
import { refuseValue } from "../codec/make-codec.ts";
import { DataError } from "../data-error.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";

/** A bucket: values above the bound before and up to `atMost`; `null` for the last, which has no bound. */
export interface Bucket {
  readonly atMost: number | null;
  readonly count: number;
}

/** A state has them all, whatever was added: 8 KiB for each key. */
const boundsMax = 1000;
const countBytes = 8;
const reader = new ByteReader();

/** Index of the first bound that is not below the value; the last bucket for NaN, which sorts above all numbers. */
function bucketOf(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= bounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addCount(cell: StateCell, bucket: number, count: number): void {
  const at = cell.offset + bucket * countBytes;
  cell.view.setFloat64(at, cell.view.getFloat64(at, true) + count, true);
}

/**
 * Count the values in each bucket: those above the bound before and up to its own bound, the last above all bounds.
 *
 * @param bounds - 1 to 1,000 finite numbers, ascending.
 * @throws {DataError} E_JOB_INVALID for other bounds.
 */
export function histogram(bounds: readonly number[]): Aggregator<number, readonly Bucket[]> {
  checkBounds(bounds);
  const buckets = bounds.length + 1;
  return {
    wire: ["histogram", ...bounds],
    stateBytes: buckets * countBytes,
    add: (cell, value) => {
      if (typeof value !== "number") refuseValue("histogram", value, "no number");
      addCount(cell, bucketOf(bounds, value), 1);
      return true;
    },
    merge: (cell, encoded, start, end) => {
      reader.reset(encoded, start, end);
      for (let bucket = 0; bucket < buckets; bucket++) addCount(cell, bucket, reader.readVarint());
      return true;
    },
    encode: (cell, sink) => {
      for (let bucket = 0; bucket < buckets; bucket++)
        sink.writeVarint(cell.view.getFloat64(cell.offset + bucket * countBytes, true));
    },
    present: (cell) =>
      Array.from({ length: buckets }, (_, bucket) => ({
        atMost: bounds[bucket] ?? null,
        count: cell.view.getFloat64(cell.offset + bucket * countBytes, true),
      })),
  };
}

/** Bounds at equal distances: `start`, `start + width`, …; `count` of them. @throws {DataError} E_JOB_INVALID when they do not ascend. */
export function linearBounds(start: number, width: number, count: number): readonly number[] {
  return makeBounds(count, (index) => start + index * width);
}

/** Bounds at equal ratios: `start`, `start × factor`, …; `count` of them. @throws {DataError} E_JOB_INVALID when they do not ascend. */
export function exponentialBounds(start: number, factor: number, count: number): readonly number[] {
  // Multiplied one by one: the same numbers on every machine, which no library promises of powers.
  let bound = start;
  return makeBounds(count, (index) => (index === 0 ? bound : (bound *= factor)));
}

function makeBounds(count: number, boundOf: (index: number) => number): readonly number[] {
  if (!Number.isInteger(count) || count < 1 || count > boundsMax)
    throw new DataError(
      "E_JOB_INVALID",
      `Cannot make bounds of a histogram: the count is ${count}; give an integer from 1 to ${boundsMax}`,
    );
  const bounds = Array.from({ length: count }, (_, index) => boundOf(index));
  checkBounds(bounds);
  return bounds;
}

function checkBounds(bounds: readonly number[]): void {
  const refuse = (reason: string): never => {
    throw new DataError(
      "E_JOB_INVALID",
      `Cannot make "histogram": ${reason}; give 1 to ${boundsMax} finite bounds, each above the one before`,
    );
  };
  if (!Array.isArray(bounds) || bounds.length < 1 || bounds.length > boundsMax) {
    refuse(Array.isArray(bounds) ? `it has ${bounds.length} bounds` : "bounds are no array");
  }
  for (const [index, bound] of bounds.entries()) {
    if (!Number.isFinite(bound)) refuse(`bound ${index} is ${String(bound)}`);
    if (index > 0 && !(bounds[index - 1]! < bound)) refuse(`bound ${index} is ${bound}, after ${bounds[index - 1]}`);
  }
}
