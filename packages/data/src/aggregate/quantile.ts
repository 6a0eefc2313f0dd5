// Quantiles with a stated relative error of 1 %: DDSketch (Masson, Rim, Lee, VLDB 2019) without collapsing, so that a
// bucket's count depends on the values alone. The range of doubles gives at most 145,000 buckets; real data a few hundred.
//
// Working state: uint32 number of buckets, uint32 unused, buckets of (int32 index, count as a double) by ascending index.
// Bucket indexes are in the order of values: 0 is zero, positive ones 1 to 80,000, negative ones their mirror, NaN last.

import { ByteReader } from "../bytes/byte-reader.ts";
import { refuseValue } from "../codec/make-codec.ts";
import { DataError } from "../data-error.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";
import { keepKernelState } from "./kernel-state.ts";

/** A presented quantile is within 1 % of a true one; below 2^-1022 also within half of the least step of doubles. */
export const quantileRelativeError = 0.01;

/** A billionth narrower, for the rounding of logarithms and exponentials: at most 700 × 2^-52 at the ends of the range. */
const alpha = quantileRelativeError * (1 - 1e-9);
const gamma = (1 + alpha) / (1 - alpha);
/** What the logarithm of a value is divided by to have its bucket. */
export const bucketLogarithm: number = Math.log(gamma);
/** From a bucket's upper bound, as a logarithm, to its middle in relative terms: 2 / (gamma + 1). */
const logToMiddle = Math.log(2 / (gamma + 1));
/** The least double is in bucket -37,221 of the logarithm: shifted above zero. */
const shift = 40_000;
const infinityIndex = 80_000;
const nanIndex = 80_001;
const headBytes = 8;
const bucketBytes = 12;
const reader = new ByteReader();

function indexOf(value: number): number {
  if (Number.isNaN(value)) return nanIndex;
  if (value === 0) return 0;
  const magnitude = Math.abs(value);
  const index =
    magnitude === Number.POSITIVE_INFINITY ? infinityIndex : Math.ceil(Math.log(magnitude) / bucketLogarithm) + shift;
  return value < 0 ? -index : index;
}

function valueOf(index: number): number {
  if (index === nanIndex) return Number.NaN;
  if (index === 0) return 0;
  const magnitude = Math.abs(index);
  // The greatest bucket's middle would pass the greatest double.
  const value =
    magnitude === infinityIndex
      ? Number.POSITIVE_INFINITY
      : Math.min(Math.exp((magnitude - shift) * bucketLogarithm + logToMiddle), Number.MAX_VALUE);
  return index < 0 ? -value : value;
}

function addToBucket(cell: StateCell, index: number, count: number): boolean {
  const buckets = cell.view.getUint32(cell.offset, true);
  let low = 0;
  let high = buckets;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cell.view.getInt32(cell.offset + headBytes + middle * bucketBytes, true) < index) low = middle + 1;
    else high = middle;
  }
  const place = headBytes + low * bucketBytes;
  if (low < buckets && cell.view.getInt32(cell.offset + place, true) === index) {
    const at = cell.offset + place + 4;
    cell.view.setFloat64(at, cell.view.getFloat64(at, true) + count, true);
    return true;
  }
  const length = cell.length;
  if (!cell.resize(length + bucketBytes)) return false;
  const at = cell.offset + place;
  cell.bytes.copyWithin(at + bucketBytes, at, cell.offset + length);
  cell.view.setInt32(at, index, true);
  cell.view.setFloat64(at + 4, count, true);
  cell.view.setUint32(cell.offset, buckets + 1, true);
  return true;
}

function mergeBuckets(cell: StateCell, encoded: Uint8Array, start: number, end: number): boolean {
  reader.reset(encoded, start, end);
  const buckets = reader.readVarint();
  if (buckets > end - start) throw new RangeError("more buckets than bytes");
  // All or nothing: room for every bucket before the first is added.
  const before = cell.length;
  if (!cell.resize(before + buckets * bucketBytes)) return false;
  cell.resize(before);
  let index = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const step = reader.readVarint();
    index = bucket === 0 ? (step % 2 === 0 ? step / 2 : -(step + 1) / 2) : index + step;
    addToBucket(cell, index, reader.readVarint());
  }
  return true;
}

function quantileOf(cell: StateCell, q: number): number {
  const buckets = cell.view.getUint32(cell.offset, true);
  let total = 0;
  for (let bucket = 0; bucket < buckets; bucket++)
    total += cell.view.getFloat64(cell.offset + headBytes + bucket * bucketBytes + 4, true);
  const rank = q * (total - 1);
  let seen = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const at = cell.offset + headBytes + bucket * bucketBytes;
    seen += cell.view.getFloat64(at + 4, true);
    if (seen > rank) return valueOf(cell.view.getInt32(at, true));
  }
  return Number.NaN;
}

/**
 * The value at rank `floor(q × (n - 1))` of the sorted values, within 1 % of it. Infinities and NaN are buckets of their
 * own, NaN above all.
 *
 * @param q 0 to 1. @throws {DataError} E_JOB_INVALID for another `q`.
 */
export function quantile(q: number): Aggregator<number, number> {
  if (!(q >= 0 && q <= 1))
    throw new DataError("E_JOB_INVALID", `Cannot make "quantile": q is ${q}; give a number from 0 to 1`);
  return keepKernelState({
    wire: ["quantile", q],
    stateName: "quantile",
    stateBytes: headBytes,
    kernelState: "quantile",
    add: (cell, value) => {
      if (typeof value !== "number") refuseValue("quantile", value, "no number");
      return addToBucket(cell, indexOf(value), 1);
    },
    merge: mergeBuckets,
    encode: (cell, sink) => {
      const buckets = cell.view.getUint32(cell.offset, true);
      sink.writeVarint(buckets);
      let before = 0;
      for (let bucket = 0; bucket < buckets; bucket++) {
        const at = cell.offset + headBytes + bucket * bucketBytes;
        const index = cell.view.getInt32(at, true);
        sink.writeVarint(bucket === 0 ? (index >= 0 ? index * 2 : -index * 2 - 1) : index - before);
        sink.writeVarint(cell.view.getFloat64(at + 4, true));
        before = index;
      }
    },
    present: (cell) => quantileOf(cell, q),
  });
}
