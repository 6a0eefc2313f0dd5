// How many different values a key has: exact up to 1,024 (a sorted list of 64-bit hashes), beyond that HyperLogLog++
// (Heule, Nunkesser, Hall, EDBT 2013: 64-bit hashes, sparse while small) with 2^14 registers, read with the estimator of
// O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which needs no table of biases.
// Standard error 0.81 %. Which form a state has depends on its set of hashes alone, so states are canonical.
//
// Working state: uint32 count of hashes, uint32 form (0 list, 1 registers), then hashes as pairs of uint32, or registers.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { KeyCodec } from "../codec/codec.ts";
import { Murmur128 } from "../hash/murmur128.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";
import { keepKernelState } from "./kernel-state.ts";

const headBytes = 8;
const hashBytes = 8;
/** 8 KiB of hashes: half of what the registers take. */
const exactMax = 1024;
const indexBits = 14;
const registerCount = 1 << indexBits;
/** Highest rank: 50 zero bits after the index, and one. */
const rankMax = 64 - indexBits + 1;
const listTag = 0;
const registersTag = 1;
const packedBytes = (registerCount * 6) / 8;

const scratch = new ByteSink(256);
const hasher = new Murmur128();
const words = new Uint32Array(4);
const reader = new ByteReader();
const spread = new Uint8Array(registerCount);

function isDense(cell: StateCell): boolean {
  return cell.view.getUint32(cell.offset + 4, true) === registersTag;
}

function addHash(cell: StateCell, high: number, low: number): boolean {
  if (isDense(cell)) {
    raise(cell.bytes, cell.offset + headBytes, high, low);
    return true;
  }
  const count = cell.view.getUint32(cell.offset, true);
  const place = findHash(cell, count, high, low);
  if (place < 0) return true;
  if (count === exactMax) return becomeDense(cell) && addHash(cell, high, low);
  const length = cell.length;
  if (!cell.resize(length + hashBytes)) return false;
  const at = cell.offset + place;
  cell.bytes.copyWithin(at + hashBytes, at, cell.offset + length);
  cell.view.setUint32(at, high, true);
  cell.view.setUint32(at + 4, low, true);
  cell.view.setUint32(cell.offset, count + 1, true);
  return true;
}

/** Where a hash belongs, relative to the state's begin, or -1 when it is there. */
function findHash(cell: StateCell, count: number, high: number, low: number): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = cell.offset + headBytes + middle * hashBytes;
    const otherHigh = cell.view.getUint32(at, true);
    const otherLow = cell.view.getUint32(at + 4, true);
    if (otherHigh === high && otherLow === low) return -1;
    if (otherHigh < high || (otherHigh === high && otherLow < low)) from = middle + 1;
    else to = middle;
  }
  return headBytes + from * hashBytes;
}

function becomeDense(cell: StateCell): boolean {
  const count = cell.view.getUint32(cell.offset, true);
  spread.fill(0);
  for (let index = 0; index < count; index++) {
    const at = cell.offset + headBytes + index * hashBytes;
    raise(spread, 0, cell.view.getUint32(at, true), cell.view.getUint32(at + 4, true));
  }
  if (!cell.resize(headBytes + registerCount)) return false;
  cell.view.setUint32(cell.offset, 0, true);
  cell.view.setUint32(cell.offset + 4, registersTag, true);
  cell.bytes.set(spread, cell.offset + headBytes);
  return true;
}

/** Raise the register of a hash to the hash's rank: zeros after the index bits, and one. */
function raise(registers: Uint8Array, start: number, high: number, low: number): void {
  const index = high >>> (32 - indexBits);
  const rest = high << indexBits;
  const zeros = rest !== 0 ? Math.clz32(rest) : 32 - indexBits + Math.clz32(low);
  const rank = zeros + 1;
  if (registers[start + index]! < rank) registers[start + index] = rank;
}

function mergeSets(cell: StateCell, encoded: Uint8Array, start: number, end: number): boolean {
  reader.reset(encoded, start, end);
  if (reader.readByte() === listTag) return mergeList(cell, reader.at, end);
  const from = reader.take(packedBytes);
  if (!isDense(cell) && !becomeDense(cell)) return false;
  for (let index = 0; index < registerCount; index++) {
    const rank = unpack(encoded, from, index);
    if (rank > rankMax) throw new RangeError("register above its range");
    if (rank > cell.bytes[cell.offset + headBytes + index]!) cell.bytes[cell.offset + headBytes + index] = rank;
  }
  return true;
}

function mergeList(cell: StateCell, start: number, end: number): boolean {
  if ((end - start) % hashBytes !== 0) throw new RangeError("part of a hash");
  if (!isDense(cell)) {
    // All or nothing: room for the longest that may become of it before the first hash goes in.
    const before = cell.length;
    const longest =
      before + end - start > headBytes + exactMax * hashBytes ? headBytes + registerCount : before + end - start;
    if (!cell.resize(longest)) return false;
    cell.resize(before);
  }
  for (reader.at = start; !reader.done;) {
    const high = reader.readUint32();
    addHash(cell, high, reader.readUint32());
  }
  return true;
}

// Four 6-bit registers are three bytes.
function pack(cell: StateCell, sink: ByteSink): void {
  const start = cell.offset + headBytes;
  for (let index = 0; index < registerCount; index += 4) {
    const group =
      (cell.bytes[start + index]! << 18) |
      (cell.bytes[start + index + 1]! << 12) |
      (cell.bytes[start + index + 2]! << 6) |
      cell.bytes[start + index + 3]!;
    sink.writeByte(group >>> 16);
    sink.writeByte((group >>> 8) & 0xff);
    sink.writeByte(group & 0xff);
  }
}

function unpack(packed: Uint8Array, start: number, index: number): number {
  const at = start + (index >>> 2) * 3;
  const group = (packed[at]! << 16) | (packed[at + 1]! << 8) | packed[at + 2]!;
  return (group >>> (18 - (index & 3) * 6)) & 0x3f;
}

function estimate(registers: Uint8Array, start: number): number {
  const histogram = new Float64Array(rankMax + 1);
  for (let index = 0; index < registerCount; index++) histogram[registers[start + index]!]!++;
  let z = registerCount * tau(1 - histogram[rankMax]! / registerCount);
  for (let rank = rankMax - 1; rank >= 1; rank--) z = (z + histogram[rank]!) / 2;
  z += registerCount * sigma(histogram[0]! / registerCount);
  return Math.round((registerCount * registerCount) / (2 * Math.LN2 * z));
}

function sigma(of: number): number {
  if (of === 1) return Number.POSITIVE_INFINITY;
  let x = of;
  let y = 1;
  let z = of;
  for (let before = -1; z !== before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(of: number): number {
  if (of === 0 || of === 1) return 0;
  let x = of;
  let y = 1;
  let z = 1 - of;
  for (let before = -1; z !== before;) {
    x = Math.sqrt(x);
    before = z;
    y /= 2;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

/** Count different values, by their encoding under `of`. */
export function distinct<T>(of: KeyCodec<T>): Aggregator<T, number> {
  return keepKernelState({
    wire: ["distinct", of.wire],
    stateBytes: headBytes,
    kernelState: "distinct",
    add: (cell, value) => {
      scratch.clear();
      of.encodeTo(value, scratch);
      hasher.reset().update(scratch.bytes, 0, scratch.length).words(words);
      return addHash(cell, words[0]!, words[1]!);
    },
    merge: mergeSets,
    encode: (cell, sink) => {
      if (isDense(cell)) {
        sink.writeByte(registersTag);
        pack(cell, sink);
        return;
      }
      sink.writeByte(listTag);
      for (let at = cell.offset + headBytes; at < cell.offset + cell.length; at += 4)
        sink.writeUint32(cell.view.getUint32(at, true));
    },
    present: (cell) =>
      isDense(cell) ? estimate(cell.bytes, cell.offset + headBytes) : cell.view.getUint32(cell.offset, true),
  });
}
