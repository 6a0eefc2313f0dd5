// Quantiles with a stated relative error of 1 %: DDSketch (Masson, Rim, Lee, VLDB 2019) without collapsing, so that a
// bucket's count depends on the values alone. The range of doubles gives at most 145,000 buckets; real data a few hundred.
//
// Working state: uint32 number of buckets, uint32 unused, buckets of (int32 index, count as a double) by ascending index.
// Bucket indexes are in the order of values: 0 is zero, positive ones 1 to 80,000, negative ones their mirror, NaN last.

import { ByteReader } from "../bytes/byte-reader.ts";
import { writeVarint } from "../bytes/byte-sink.ts";
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
const bucketsMax = 2 * nanIndex + 1;
const headBytes = 8;
const bucketBytes = 12;
/** A state with so many times fewer buckets is added bucket by bucket, a search each, not in one pass over both. */
const fewerTimes = 8;
/** Bytes of a varint at most. */
const varintBytes = 8;
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

/** Buckets that were read last: a state of real data has a few hundred. */
let [readIndexes, readCounts] = [new Int32Array(1024), new Float64Array(1024)];

/** Read the buckets of an encoded state. @returns how many they are. @throws {RangeError} when they are none. */
function readBuckets(encoded: Uint8Array, start: number, end: number): number {
  reader.reset(encoded, start, end);
  const buckets = reader.readVarint();
  if (buckets > Math.min(end - start, bucketsMax)) throw new RangeError("more buckets than bytes, or than there are");
  if (buckets > readIndexes.length)
    [readIndexes, readCounts] = [new Int32Array(2 * buckets), new Float64Array(2 * buckets)];
  const [indexes, counts] = [readIndexes, readCounts];
  let index = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const step = reader.readVarint();
    if (bucket === 0) index = step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    else if (step === 0) throw new RangeError("a bucket twice");
    else index += step;
    if (Math.abs(index) > nanIndex) throw new RangeError("a bucket of no double");
    indexes[bucket] = index;
    counts[bucket] = reader.readVarint();
  }
  return buckets;
}

function mergeBuckets(cell: StateCell, encoded: Uint8Array, start: number, end: number): boolean {
  const buckets = readBuckets(encoded, start, end);
  // All or nothing: room for every bucket before the first is added.
  const before = cell.length;
  if (!cell.resize(before + buckets * bucketBytes)) return false;
  const held = cell.view.getUint32(cell.offset, true);
  if (buckets * fewerTimes < held) {
    cell.resize(before);
    for (let bucket = 0; bucket < buckets; bucket++) addToBucket(cell, readIndexes[bucket]!, readCounts[bucket]!);
    return true;
  }
  const fresh = addToHeld(cell, held, buckets);
  cell.resize(before + fresh * bucketBytes);
  if (fresh > 0) insertFresh(cell, held, fresh);
  return true;
}

/** Add to those of the read buckets that are held; the others are moved to the begin. @returns how many are not held. */
function addToHeld({ view, offset }: StateCell, held: number, buckets: number): number {
  const [indexes, counts] = [readIndexes, readCounts];
  const last = offset + headBytes + held * bucketBytes;
  let at = offset + headBytes;
  let fresh = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const index = indexes[bucket]!;
    const count = counts[bucket]!;
    while (at < last && view.getInt32(at, true) < index) at += bucketBytes;
    if (at < last && view.getInt32(at, true) === index)
      view.setFloat64(at + 4, view.getFloat64(at + 4, true) + count, true);
    else {
      indexes[fresh] = index;
      counts[fresh++] = count;
    }
  }
  return fresh;
}

/** Put in the first `fresh` of the read buckets, from the last on, so that those that are held move once. */
function insertFresh({ view, offset }: StateCell, held: number, fresh: number): void {
  const first = offset + headBytes;
  let from = first + held * bucketBytes;
  let to = from + fresh * bucketBytes;
  for (let bucket = fresh - 1; bucket >= 0; bucket--) {
    const index = readIndexes[bucket]!;
    while (from > first && view.getInt32(from - bucketBytes, true) > index) {
      from -= bucketBytes;
      to -= bucketBytes;
      view.setInt32(to, view.getInt32(from, true), true);
      view.setFloat64(to + 4, view.getFloat64(from + 4, true), true);
    }
    to -= bucketBytes;
    view.setInt32(to, index, true);
    view.setFloat64(to + 4, readCounts[bucket]!, true);
  }
  view.setUint32(offset, held + fresh, true);
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
      const { view, offset } = cell;
      const buckets = view.getUint32(offset, true);
      let place = sink.reserve(varintBytes * (1 + 2 * buckets));
      const { bytes } = sink;
      place = writeVarint(bytes, place, buckets);
      let before = 0;
      for (let bucket = 0; bucket < buckets; bucket++) {
        const at = offset + headBytes + bucket * bucketBytes;
        const index = view.getInt32(at, true);
        const step = bucket === 0 ? (index >= 0 ? index * 2 : -index * 2 - 1) : index - before;
        place = writeVarint(bytes, place, step);
        place = writeVarint(bytes, place, view.getFloat64(at + 4, true));
        before = index;
      }
      sink.length = place;
    },
    present: (cell) => quantileOf(cell, q),
  });
}
