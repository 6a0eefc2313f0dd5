// The k records of greatest weight, ties by the bytes of the item. Records with equal weight and item all count:
// the state is the head of the sorted multiset of everything added, which no order and no grouping changes.
//
// Working state: uint32 count, uint32 place of the last entry, entries of (8 bytes of weight, uint32 length, item).

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import type { Codec } from "../codec/codec.ts";
import { refuseValue } from "../codec/make-codec.ts";
import { DataError } from "../data-error.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";

/** A record and what it counts. */
export interface Weighted<T> {
  readonly item: T;
  readonly weight: number;
}

const headBytes = 8;
const entryHeadBytes = 12;
/** Insertion walks the entries: beyond this a job should sort. */
const kMax = 10_000;

const scratch = new ByteSink(256);
const reader = new ByteReader();

/** A record as bytes. */
interface Entry {
  readonly weight: number;
  readonly item: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Whether an entry stands before the one at `place`. */
function isBefore(entry: Entry, cell: StateCell, place: number): boolean {
  const other = cell.view.getFloat64(place, true);
  if (entry.weight !== other) return entry.weight > other;
  const from = place + entryHeadBytes;
  const length = cell.view.getUint32(place + 8, true);
  return compareRanges(entry.item, entry.start, entry.end, cell.bytes, from, from + length) < 0;
}

function insert(cell: StateCell, k: number, entry: Entry): boolean {
  const count = cell.view.getUint32(cell.offset, true);
  const last = cell.view.getUint32(cell.offset + 4, true);
  const full = count === k;
  if (full && !isBefore(entry, cell, cell.offset + last)) return true;

  // Find the place, relative to the state's begin, and the entry before what is dropped.
  let place = headBytes;
  const kept = full ? last : cell.length;
  while (place < kept && !isBefore(entry, cell, cell.offset + place)) place += entryBytes(cell, place);
  const itemBytes = entry.end - entry.start;
  const size = entryHeadBytes + itemBytes;
  const length = kept + size;
  if (length > cell.length && !cell.resize(length)) return false;
  const at = cell.offset + place;
  cell.bytes.copyWithin(at + size, at, cell.offset + kept);
  cell.view.setFloat64(at, entry.weight, true);
  cell.view.setUint32(at + 8, itemBytes, true);
  cell.bytes.set(entry.item.subarray(entry.start, entry.end), at + entryHeadBytes);
  if (length < cell.length) cell.resize(length);
  cell.view.setUint32(cell.offset, full ? count : count + 1, true);
  cell.view.setUint32(cell.offset + 4, lastEntry(cell, place), true);
  return true;
}

function entryBytes(cell: StateCell, place: number): number {
  return entryHeadBytes + cell.view.getUint32(cell.offset + place + 8, true);
}

function lastEntry(cell: StateCell, from: number): number {
  let place = from;
  for (;;) {
    const next = place + entryBytes(cell, place);
    if (next >= cell.length) return place;
    place = next;
  }
}

/** Merge the encoded state that the shared reader is at. */
function mergeTop(cell: StateCell, k: number): boolean {
  const { bytes, at: start, end } = reader;
  // All or nothing: the bytes are there before the first entry goes in.
  const before = cell.length;
  if (!cell.resize(before + (end - start) + reader.readVarint() * entryHeadBytes)) return false;
  cell.resize(before);
  while (!reader.done) {
    const weight = reader.readFloat64();
    const length = reader.readVarint();
    const from = reader.take(length);
    insert(cell, k, { weight, item: bytes, start: from, end: from + length });
  }
  return true;
}

/** @param k 1 to 10,000. @throws {DataError} E_JOB_INVALID for another `k`. Weights are numbers, NaN is refused. */
export function topK<T>(k: number, item: Codec<T>): Aggregator<Weighted<T>, readonly Weighted<T>[]> {
  if (!Number.isInteger(k) || k < 1 || k > kMax)
    throw new DataError("E_JOB_INVALID", `Cannot make "topK": k is ${k}; give an integer from 1 to ${kMax}`);
  return {
    wire: ["topK", k, item.wire],
    stateBytes: headBytes,
    add: (cell, value) => {
      if (typeof value !== "object" || value === null) refuseValue("topK", value, "no { item, weight }");
      if (typeof value.weight !== "number" || Number.isNaN(value.weight))
        refuseValue("topK", value.weight, "the weight is no number");
      scratch.clear();
      item.encodeTo(value.item, scratch);
      return insert(cell, k, { weight: value.weight + 0, item: scratch.bytes, start: 0, end: scratch.length });
    },
    merge: (cell, encoded, start, end) => {
      reader.reset(encoded, start, end);
      return mergeTop(cell, k);
    },
    encode: (cell, sink) => {
      sink.writeVarint(cell.view.getUint32(cell.offset, true));
      for (let place = headBytes; place < cell.length; place += entryBytes(cell, place)) {
        const at = cell.offset + place;
        sink.writeFloat64(cell.view.getFloat64(at, true));
        const length = cell.view.getUint32(at + 8, true);
        sink.writeVarint(length);
        sink.writeBytes(cell.bytes, at + entryHeadBytes, at + entryHeadBytes + length);
      }
    },
    present: (cell) => {
      const top: Weighted<T>[] = [];
      for (let place = headBytes; place < cell.length; place += entryBytes(cell, place)) {
        const at = cell.offset + place;
        const value = item.decodeFrom(reader.reset(cell.bytes, at + entryHeadBytes, at + entryBytes(cell, place)));
        top.push({ item: value, weight: cell.view.getFloat64(at, true) });
      }
      return top;
    },
  };
}
