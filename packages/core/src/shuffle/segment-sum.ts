// The order-free digest of a set of segments: a reducer sums what it read, the coordinator what maps reported, and
// equal sums mean that each segment was read exactly once. Two 32-bit lanes, as a number holds no 64-bit integer.

import { invariant } from "../errors/invariant.ts";
import type { SegmentVector } from "../model/attempt-result.ts";
import { createHash128, finalMix, hex32, type Hash128 } from "../digest/murmur-hash.ts";

/** A sum over (map task, segment digest). Adding is commutative and subtracting undoes it exactly. */
export interface SegmentSum {
  /** Each lane 0 to 2^32-1, summed modulo 2^32. */
  high: number;
  low: number;
}

/** Make the sum of nothing: `0000000000000000`. */
export function createSegmentSum(): SegmentSum {
  return { high: 0, low: 0 };
}

/**
 * Add one segment, in place.
 * @param task Map task, 0 to `limits.tasksMax`.
 * @param digest The segment's content digest, 16 hexadecimal digits.
 */
export function addSegment(sum: SegmentSum, task: number, digest: string): void {
  const high = Number.parseInt(digest.slice(0, 8), 16);
  const low = Number.parseInt(digest.slice(8), 16);
  const term = segmentTerm(task, high, low);
  sum.high = (sum.high + term.high) >>> 0;
  sum.low = (sum.low + term.low) >>> 0;
}

/** Print a sum as 16 lower-case hexadecimal digits, as `ConsumedSegments.digest` carries it. */
export function segmentSumText(sum: SegmentSum): string {
  return hex32(sum.high) + hex32(sum.low);
}

/** Sum a whole set at once. @returns 16 lower-case hexadecimal digits. */
export function sumSegments(segments: Iterable<{ readonly task: number; readonly digest: string }>): string {
  const sum = createSegmentSum();
  for (const { task, digest } of segments) addSegment(sum, task, digest);
  return segmentSumText(sum);
}

/**
 * Mix a task with its digest so that the same digests under exchanged tasks give another sum.
 * The multipliers are the 32-bit golden ratio and xxHash's second prime; `task + 1` keeps task 0 from being a fixed point.
 */
function segmentTerm(task: number, high: number, low: number): SegmentSum {
  const h = finalMix(high ^ finalMix(Math.imul(task + 1, 0x9e3779b1)));
  const l = finalMix(low ^ finalMix(Math.imul(task + 1, 0x85ebca77)));
  const mixedHigh = finalMix((h + l) | 0);
  return { high: mixedHigh, low: finalMix((l + mixedHigh) | 0) };
}

/** What the maps of a shuffle have written for one partition in all. */
export interface PartitionSum {
  readonly maps: number;
  readonly pairs: number;
  readonly rawBytes: number;
  /** 16 lower-case hexadecimal digits, comparable to `ConsumedSegments.digest`. */
  readonly digest: string;
}

/** Running sums for each partition of a shuffle: 24 bytes a partition, however many maps there are. */
export interface PartitionSums {
  readonly partitions: number;
  /** Vectors added less vectors subtracted. */
  maps: number;
  readonly pairs: Float64Array;
  readonly rawBytes: Float64Array;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Make sums of zero for a shuffle of `partitions`, 0 to `limits.reducesMax`. */
export function createPartitionSums(partitions: number): PartitionSums {
  return {
    partitions,
    maps: 0,
    pairs: new Float64Array(partitions),
    rawBytes: new Float64Array(partitions),
    high: new Uint32Array(partitions),
    low: new Uint32Array(partitions),
  };
}

/** Add the vector of an accepted map task. Linear in partitions. The vector stays the caller's. */
export function addVector(sums: PartitionSums, task: number, vector: SegmentVector): void {
  applyVector(sums, task, vector, 1);
}

/** Take back what {@link addVector} added, when the task's acceptance is withdrawn. */
export function subtractVector(sums: PartitionSums, task: number, vector: SegmentVector): void {
  applyVector(sums, task, vector, -1);
}

function applyVector(sums: PartitionSums, task: number, vector: SegmentVector, sign: 1 | -1): void {
  invariant(vector.digests.length === sums.partitions, `a vector of ${vector.digests.length} for ${sums.partitions}`);
  sums.maps += sign;
  for (let partition = 0; partition < sums.partitions; partition += 1) {
    const digest = vector.digests[partition] ?? "";
    const term = segmentTerm(task, Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8), 16));
    sums.pairs[partition] = (sums.pairs[partition] ?? 0) + sign * (vector.pairs[partition] ?? 0);
    sums.rawBytes[partition] = (sums.rawBytes[partition] ?? 0) + sign * (vector.rawBytes[partition] ?? 0);
    sums.high[partition] = (sums.high[partition] ?? 0) + sign * term.high;
    sums.low[partition] = (sums.low[partition] ?? 0) + sign * term.low;
  }
}

/** Read one partition's sum. */
export function partitionSum(sums: PartitionSums, partition: number): PartitionSum {
  return {
    maps: sums.maps,
    pairs: sums.pairs[partition] ?? 0,
    rawBytes: sums.rawBytes[partition] ?? 0,
    digest: hex32(sums.high[partition] ?? 0) + hex32(sums.low[partition] ?? 0),
  };
}

/**
 * Digest a whole vector, as `RunSummary.vectorDigest` carries it: equal digests mean equal segments. MurmurHash3 x86_128
 * with seed 0 over the vector's binary form, for each partition pairs, raw bytes and digest as big-endian 64-bit
 * numbers; the same as `digestVector` of the data package, which core cannot import.
 * @returns 32 lower-case hexadecimal digits.
 */
export function vectorDigest(vector: SegmentVector): string {
  const hash = createHash128();
  for (let partition = 0; partition < vector.digests.length; partition += 1) {
    addBigEndian(hash, vector.pairs[partition] ?? 0);
    addBigEndian(hash, vector.rawBytes[partition] ?? 0);
    const digest = vector.digests[partition] ?? "";
    hash.addUint32(swapBytes(Number.parseInt(digest.slice(0, 8), 16)));
    hash.addUint32(swapBytes(Number.parseInt(digest.slice(8), 16)));
  }
  return hash.digest();
}

function addBigEndian(hash: Hash128, value: number): void {
  hash.addUint32(swapBytes(Math.floor(value / 0x1_0000_0000)));
  hash.addUint32(swapBytes(value));
}

function swapBytes(value: number): number {
  return ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff_0000) | (value << 24)) >>> 0;
}
