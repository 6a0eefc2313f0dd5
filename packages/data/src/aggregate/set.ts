// The different values of a key, a bounded number of them. Beyond the bound adding and merging are refused: which values
// a shortened set would keep is nothing that an author could mean.
//
// Working state: uint32 count, uint32 bytes of entries, entries in the order in which they came (uint32 length, bytes,
// padded to 4), then their places (uint32 each) in the order of values. The encoding is in the order of values alone.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import type { KeyCodec } from "../codec/codec.ts";
import { DataError } from "../data-error.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";

const headBytes = 8;
const lengthBytes = 4;
const placeBytes = 4;
/** What a reader of results would call a list; more is a job of its own, with the value in the key. */
const defaultMax = 1000;
const maxMax = 100_000;

const scratch = new ByteSink(256);
const reader = new ByteReader();

/** A value as bytes. */
interface Entry {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

function countOf(cell: StateCell): number {
  return cell.view.getUint32(cell.offset, true);
}

/** Where the places begin, relative to the state's begin. */
function placesOf(cell: StateCell): number {
  return headBytes + cell.view.getUint32(cell.offset + 4, true);
}

/** Place of the entry at `index` in the order of values, relative to the state's begin. */
function placeAt(cell: StateCell, index: number): number {
  return cell.view.getUint32(cell.offset + placesOf(cell) + index * placeBytes, true);
}

/** Index at which a value stands or would stand; -1 - index when it is there. */
function search(cell: StateCell, entry: Entry): number {
  let low = 0;
  let high = countOf(cell);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = cell.offset + placeAt(cell, middle);
    const from = at + lengthBytes;
    const to = from + cell.view.getUint32(at, true);
    const order = compareRanges(entry.bytes, entry.start, entry.end, cell.bytes, from, to);
    if (order === 0) return -1 - middle;
    if (order > 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function entryBytes(length: number): number {
  return lengthBytes + ((length + 3) & ~3);
}

/** @throws {DataError} E_VALUE_INVALID when the value is one too many. */
function insert(cell: StateCell, max: number, entry: Entry): boolean {
  const index = search(cell, entry);
  if (index < 0) return true;
  const count = countOf(cell);
  if (count === max) {
    throw new DataError(
      "E_VALUE_INVALID",
      `Cannot add to "set": it has ${max} different values already; give a greater max, or count them with distinct()`,
    );
  }
  const length = entry.end - entry.start;
  const size = entryBytes(length);
  const before = cell.length;
  const place = placesOf(cell);
  if (!cell.resize(before + size + placeBytes)) return false;
  const { bytes, view, offset } = cell;
  // The places move behind the new entry, and those of greater values one further.
  const places = offset + place;
  const split = places + index * placeBytes;
  bytes.copyWithin(split + size + placeBytes, split, offset + before);
  bytes.copyWithin(places + size, places, split);
  view.setUint32(split + size, place, true);
  view.setUint32(places, length, true);
  bytes.set(entry.bytes.subarray(entry.start, entry.end), places + lengthBytes);
  view.setUint32(offset, count + 1, true);
  view.setUint32(offset + 4, place - headBytes + size, true);
  return true;
}

/** Merge the encoded state that the shared reader is at. */
function mergeSets(cell: StateCell, max: number): boolean {
  const { bytes, at: start, end } = reader;
  const count = reader.readVarint();
  if (count > end - start) throw new RangeError("more values than bytes");
  // All or nothing: the bytes are there before the first value goes in.
  const before = cell.length;
  if (!cell.resize(before + (end - start) + count * (entryBytes(0) + 3 + placeBytes))) return false;
  cell.resize(before);
  while (!reader.done) {
    const length = reader.readVarint();
    const from = reader.take(length);
    insert(cell, max, { bytes, start: from, end: from + length });
  }
  return true;
}

function encodeSet(cell: StateCell, sink: ByteSink): void {
  const count = countOf(cell);
  sink.writeVarint(count);
  for (let index = 0; index < count; index++) {
    const at = cell.offset + placeAt(cell, index);
    const length = cell.view.getUint32(at, true);
    sink.writeVarint(length);
    sink.writeBytes(cell.bytes, at + lengthBytes, at + lengthBytes + length);
  }
}

/**
 * The different values, in the codec's order. One more than `max` of them fails the job, wherever it is found.
 *
 * @param options - `max`: 1 to 100,000; 1,000 when absent.
 * @throws {DataError} E_JOB_INVALID for another `max`.
 */
export function set<T>(of: KeyCodec<T>, options: { readonly max?: number } = {}): Aggregator<T, readonly T[]> {
  const { max = defaultMax } = options;
  if (!Number.isInteger(max) || max < 1 || max > maxMax)
    throw new DataError("E_JOB_INVALID", `Cannot make "set": max is ${max}; give an integer from 1 to ${maxMax}`);
  return {
    wire: ["set", of.wire, max],
    stateBytes: headBytes,
    add: (cell, value) => {
      scratch.clear();
      of.encodeTo(value, scratch);
      return insert(cell, max, { bytes: scratch.bytes, start: 0, end: scratch.length });
    },
    merge: (cell, encoded, start, end) => {
      reader.reset(encoded, start, end);
      return mergeSets(cell, max);
    },
    encode: encodeSet,
    present: (cell) =>
      Array.from({ length: countOf(cell) }, (_, index) => {
        const at = cell.offset + placeAt(cell, index);
        const from = at + lengthBytes;
        return of.decodeFrom(reader.reset(cell.bytes, from, from + cell.view.getUint32(at, true)));
      }),
  };
}
