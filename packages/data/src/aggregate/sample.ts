// k of the values, each with the same chance: those whose place (map task, position) has the greatest hash. Which places
// these are depends on how many values each task emits, and on nothing else: a retry, a spill or another machine
// chooses the same, another plan others.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec } from "../codec/codec.ts";
import { Murmur128 } from "../hash/murmur128.ts";
import type { Aggregator, Place } from "./aggregator.ts";
import { checkK, encodeEntries, headBytes, insertEntry, mergeEntries, presentEntries } from "./heaviest.ts";

const scratch = new ByteSink(256);
const reader = new ByteReader();
const placeArray = new Uint8Array(12);
const placeBytes = new DataView(placeArray.buffer);
const hasher = new Murmur128();
const words = new Uint32Array(4);

/** A number from 0 to 2^53 - 1; equal ones of different places are told apart by the bytes of their values. */
function lotOf(place: Place): number {
  placeBytes.setUint32(0, place.task);
  placeBytes.setFloat64(4, place.position);
  hasher.reset().update(placeArray, 0, 12).words(words);
  return (words[0]! >>> 11) * 0x1_0000_0000 + words[1]!;
}

/**
 * `k` of the values, or all when there are fewer, in random order: the first of them are a sample too.
 *
 * @param k 1 to 10,000. @throws {DataError} E_JOB_INVALID for another `k`.
 */
export function sample<T>(k: number, of: Codec<T>): Aggregator<T, readonly T[]> {
  checkK("sample", k);
  return {
    wire: ["sample", k, of.wire],
    stateBytes: headBytes,
    goesByPlace: true,
    add: (cell, value, place) => {
      scratch.clear();
      of.encodeTo(value, scratch);
      return insertEntry(cell, k, { weight: lotOf(place), item: scratch.bytes, start: 0, end: scratch.length });
    },
    merge: (cell, encoded, start, end) => mergeEntries(cell, k, reader.reset(encoded, start, end)),
    encode: encodeEntries,
    present: (cell) => presentEntries(cell, ({ start, end }) => of.decodeFrom(reader.reset(cell.bytes, start, end))),
  };
}
