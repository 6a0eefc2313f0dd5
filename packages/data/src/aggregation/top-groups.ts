// The k groups of highest rank, ties by key: the head of the sorted list of all groups that were added, which no order
// and no grouping changes. Ranks, keys and what travels with them are bytes; their order is that of key codecs.
//
// Working state: uint32 count, uint32 place of the last entry, uint32 k, uint32 0, entries of (uint32 length of rank, key
// and payload, and their bytes). Encoded: k, count, entries, with varints.

import type { Aggregator, StateCell } from "../aggregate/aggregator.ts";
import { ByteRange } from "../bytes/byte-range.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import { invariant } from "../data-error.ts";

/** Insertion walks the entries: beyond this a job should sort. */
export const topCountMax = 10_000;

/** A group that may be among the first. Nothing of it is kept. */
export interface RankedGroup {
  /** How many are kept, 1 to 10,000; the same for all groups that meet. */
  readonly count: number;
  /** Encoded so that higher ranks have greater bytes. */
  readonly rank: Uint8Array;
  /** Encoded key: of two of one rank, the lesser comes first. */
  readonly key: Uint8Array;
  /** Travels with it. */
  readonly payload: Uint8Array;
}

/** A group that is among the first, in order; its bytes are the caller's. */
export type TopGroup = Pick<RankedGroup, "key" | "payload">;

const headBytes = 16;
const entryHeadBytes = 12;

/** An entry to put in. */
interface Entry {
  readonly rank: ByteRange;
  readonly key: ByteRange;
  readonly payload: ByteRange;
}

/** Make the aggregator of the first groups. Cost of a group that is among them so far: the number of entries before it. */
export function topGroups(): Aggregator<RankedGroup, readonly TopGroup[]> {
  const entry: Entry = { rank: new ByteRange(), key: new ByteRange(), payload: new ByteRange() };
  const reader = new ByteReader();
  return {
    wire: "topGroups",
    stateBytes: headBytes,
    add: (cell, group) => {
      invariant(group.count >= 1 && group.count <= topCountMax, "a top list has 1 to 10,000 groups");
      entry.rank.set(group.rank, 0, group.rank.length);
      entry.key.set(group.key, 0, group.key.length);
      entry.payload.set(group.payload, 0, group.payload.length);
      return insert(cell, group.count, entry);
    },
    merge: (cell, encoded, start, end) => mergeTop(cell, reader.reset(encoded, start, end), entry),
    encode: (cell, sink) => {
      sink.writeVarint(cell.view.getUint32(cell.offset + 8, true));
      sink.writeVarint(cell.view.getUint32(cell.offset, true));
      visit(cell, (at, lengths) => {
        for (const length of lengths) sink.writeVarint(length);
        sink.writeBytes(cell.bytes, at, at + lengths[0] + lengths[1] + lengths[2]);
      });
    },
    present: (cell) => {
      const groups: TopGroup[] = [];
      visit(cell, (at, [rank, key, payload]) => {
        const begin = at + rank;
        groups.push({
          key: cell.bytes.slice(begin, begin + key),
          payload: cell.bytes.slice(begin + key, begin + key + payload),
        });
      });
      return groups;
    },
  };
}

type Lengths = readonly [rank: number, key: number, payload: number];

function lengthsAt(cell: StateCell, place: number): Lengths {
  const at = cell.offset + place;
  return [cell.view.getUint32(at, true), cell.view.getUint32(at + 4, true), cell.view.getUint32(at + 8, true)];
}

function entryBytes(cell: StateCell, place: number): number {
  const [rank, key, payload] = lengthsAt(cell, place);
  return entryHeadBytes + rank + key + payload;
}

function visit(cell: StateCell, see: (at: number, lengths: Lengths) => void): void {
  for (let place = headBytes; place < cell.length; place += entryBytes(cell, place))
    see(cell.offset + place + entryHeadBytes, lengthsAt(cell, place));
}

/** Whether an entry stands before the one at `place`: a higher rank, a lesser key, lesser bytes. */
function isBefore(entry: Entry, cell: StateCell, place: number): boolean {
  const [rank, key, payload] = lengthsAt(cell, place);
  const at = cell.offset + place + entryHeadBytes;
  const byRank = compareWith(entry.rank, cell, at, rank);
  if (byRank !== 0) return byRank > 0;
  const byKey = compareWith(entry.key, cell, at + rank, key);
  if (byKey !== 0) return byKey < 0;
  return compareWith(entry.payload, cell, at + rank + key, payload) < 0;
}

function compareWith(range: ByteRange, cell: StateCell, at: number, length: number): number {
  return compareRanges(range.bytes, range.start, range.end, cell.bytes, at, at + length);
}

function insert(cell: StateCell, k: number, entry: Entry): boolean {
  const count = cell.view.getUint32(cell.offset, true);
  const last = cell.view.getUint32(cell.offset + 4, true);
  const kept = count === 0 ? k : cell.view.getUint32(cell.offset + 8, true);
  invariant(kept === k, "top lists that meet are of one length");
  const full = count === k;
  if (full && !isBefore(entry, cell, last)) return true;

  let place = headBytes;
  const end = full ? last : cell.length;
  while (place < end && !isBefore(entry, cell, place)) place += entryBytes(cell, place);
  const size = entryHeadBytes + entry.rank.length + entry.key.length + entry.payload.length;
  const length = end + size;
  if (length > cell.length && !cell.resize(length)) return false;
  const at = cell.offset + place;
  cell.bytes.copyWithin(at + size, at, cell.offset + end);
  writeEntry(cell, at, entry);
  if (length < cell.length) cell.resize(length);
  cell.view.setUint32(cell.offset, full ? count : count + 1, true);
  cell.view.setUint32(cell.offset + 4, lastEntry(cell, place), true);
  cell.view.setUint32(cell.offset + 8, k, true);
  cell.view.setUint32(cell.offset + 12, 0, true);
  return true;
}

function writeEntry(cell: StateCell, at: number, entry: Entry): void {
  const { rank, key, payload } = entry;
  cell.view.setUint32(at, rank.length, true);
  cell.view.setUint32(at + 4, key.length, true);
  cell.view.setUint32(at + 8, payload.length, true);
  let to = at + entryHeadBytes;
  for (const range of [rank, key, payload]) {
    cell.bytes.set(range.bytes.subarray(range.start, range.end), to);
    to += range.length;
  }
}

function lastEntry(cell: StateCell, from: number): number {
  for (let place = from; ;) {
    const next = place + entryBytes(cell, place);
    if (next >= cell.length) return place;
    place = next;
  }
}

function mergeTop(cell: StateCell, reader: ByteReader, entry: Entry): boolean {
  const { bytes, at: start, end } = reader;
  const k = reader.readVarint();
  const count = reader.readVarint();
  // All or nothing: the bytes are there before the first entry goes in.
  const before = cell.length;
  if (!cell.resize(before + (end - start) + count * entryHeadBytes)) return false;
  cell.resize(before);
  while (!reader.done) {
    const rank = reader.readVarint();
    const key = reader.readVarint();
    const payload = reader.readVarint();
    const from = reader.take(rank + key + payload);
    entry.rank.set(bytes, from, from + rank);
    entry.key.set(bytes, from + rank, from + rank + key);
    entry.payload.set(bytes, from + rank + key, from + rank + key + payload);
    insert(cell, k, entry);
  }
  return true;
}
