// The k heaviest entries of a sorted multiset, ties by the bytes of the item: what `topK` and `sample` are made of.
// Entries with equal weight and item all count: the state is the head of the sorted multiset of everything added, which
// no order and no grouping changes.
//
// Working state: uint32 count, uint32 place of the last entry, entries of (8 bytes of weight, uint32 length, item).

import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import { DataError } from "../data-error.ts";
import type { StateCell } from "./aggregator.ts";

/** Bytes of no entries, all zero. */
export const headBytes = 8;
const entryHeadBytes = 12;
/** Insertion walks the entries: beyond this a job should sort. */
const kMax = 10_000;

/** A record as bytes. */
export interface Entry {
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

/** Put an entry in its place, and the last out when there are more than `k`. */
export function insertEntry(cell: StateCell, k: number, entry: Entry): boolean {
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

/** Merge the encoded state that a reader is at. @returns false, with the state unchanged, when the cell could not grow. */
export function mergeEntries(cell: StateCell, k: number, reader: ByteReader): boolean {
  const { bytes, at: start, end } = reader;
  // All or nothing: the bytes are there before the first entry goes in.
  const before = cell.length;
  if (!cell.resize(before + (end - start) + reader.readVarint() * entryHeadBytes)) return false;
  cell.resize(before);
  while (!reader.done) {
    const weight = reader.readFloat64();
    const length = reader.readVarint();
    const from = reader.take(length);
    insertEntry(cell, k, { weight, item: bytes, start: from, end: from + length });
  }
  return true;
}

/** Append the canonical encoding. */
export function encodeEntries(cell: StateCell, sink: ByteSink): void {
  sink.writeVarint(cell.view.getUint32(cell.offset, true));
  for (let place = headBytes; place < cell.length; place += entryBytes(cell, place)) {
    const at = cell.offset + place;
    sink.writeFloat64(cell.view.getFloat64(at, true));
    const length = cell.view.getUint32(at + 8, true);
    sink.writeVarint(length);
    sink.writeBytes(cell.bytes, at + entryHeadBytes, at + entryHeadBytes + length);
  }
}

/** Read all entries, heaviest first. */
export function presentEntries<A>(
  cell: StateCell,
  read: (item: { readonly start: number; readonly end: number }, weight: number) => A,
): A[] {
  const results: A[] = [];
  for (let place = headBytes; place < cell.length; place += entryBytes(cell, place)) {
    const at = cell.offset + place;
    const item = { start: at + entryHeadBytes, end: at + entryBytes(cell, place) };
    results.push(read(item, cell.view.getFloat64(at, true)));
  }
  return results;
}

/** Refuse a `k` that no list can have. @throws {DataError} E_JOB_INVALID. */
export function checkK(name: string, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > kMax)
    throw new DataError("E_JOB_INVALID", `Cannot make "${name}": k is ${k}; give an integer from 1 to ${kMax}`);
}
