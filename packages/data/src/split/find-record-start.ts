// Where the first record of a split begins. A record belongs to the split in which its first byte lies, and a record
// begins where a delimiter ends; so the search begins one delimiter before the split.
//
// A delimiter that can overlap itself (`++`, `abab`) hides which of its occurrences count: they are taken from the left,
// without overlap. Then the search goes back to a place that no occurrence crosses, from where the count is certain.

import { DataError } from "../data-error.ts";
import type { ChunkSource } from "./split-reader.ts";

/** Overlapping delimiters in a row: more than this is no data that anyone has, and going back further would cost its square. */
const overlapBytesMax = 16 * 1024 * 1024;

/** A place in the stream of chunks. */
export interface ChunkPlace {
  /** Undefined at the end of the file. */
  readonly chunk: Uint8Array | undefined;
  /** Place in the chunk. */
  readonly at: number;
  /** Place of the chunk's first byte in the file. */
  readonly chunkOffset: number;
}

/** For each length of a matched prefix, the longest proper border of it (Knuth, Morris, Pratt 1977). */
export function bordersOf(delimiter: Uint8Array): Int32Array {
  const borders = new Int32Array(delimiter.length);
  for (let index = 1, matched = 0; index < delimiter.length; index++) {
    while (matched > 0 && delimiter[index] !== delimiter[matched]) matched = borders[matched - 1]!;
    if (delimiter[index] === delimiter[matched]) matched++;
    borders[index] = matched;
  }
  return borders;
}

/** A split, whose end may become known only by reading. */
export interface SplitRange {
  readonly start: number;
  readonly end: () => number;
}

/**
 * Find the first place at or after `start`, before `end`, where a record begins.
 *
 * @returns where the source stands then, or undefined when no record begins in the range.
 */
export function findRecordStart(
  source: ChunkSource,
  delimiter: Uint8Array,
  { start, end }: SplitRange,
): ChunkPlace | undefined {
  if (start >= end()) return undefined;
  if (start === 0) {
    source.seek(0);
    return { chunk: source.next(), at: 0, chunkOffset: 0 };
  }
  const borders = bordersOf(delimiter);
  const overlaps = borders[delimiter.length - 1]! > 0;
  const from = overlaps ? findSafePlace(source, delimiter, start) : Math.max(0, start - delimiter.length);
  source.seek(from);
  return scanForEnd(source, { delimiter, borders, from, start, end });
}

interface Scan {
  readonly delimiter: Uint8Array;
  readonly borders: Int32Array;
  readonly from: number;
  readonly start: number;
  readonly end: () => number;
}

/** Take delimiters from the left until one ends in [start, end). */
function scanForEnd(source: ChunkSource, scan: Scan): ChunkPlace | undefined {
  const { delimiter, borders, start, end } = scan;
  let matched = 0;
  for (let chunkOffset = scan.from; chunkOffset < end();) {
    const chunk = source.next();
    if (chunk === undefined) return undefined;
    const limit = Math.min(chunk.length, end() - 1 - chunkOffset);
    for (let at = 0; at < limit; at++) {
      if (matched === 0) {
        at = chunk.indexOf(delimiter[0]!, at);
        if (at < 0 || at >= limit) break;
      }
      const byte = chunk[at]!;
      while (matched > 0 && delimiter[matched] !== byte) matched = borders[matched - 1]!;
      if (delimiter[matched] === byte) matched++;
      if (matched < delimiter.length) continue;
      matched = 0;
      if (chunkOffset + at + 1 >= start) return { chunk, at: at + 1, chunkOffset };
    }
    chunkOffset += chunk.length;
  }
  return undefined;
}

/** Find a place at most `start - delimiter.length` that no occurrence of the delimiter crosses. */
function findSafePlace(source: ChunkSource, delimiter: Uint8Array, start: number): number {
  const length = delimiter.length;
  for (let back = 4 * length; ; back *= 4) {
    const begin = Math.max(0, start - length - back);
    if (start - begin > overlapBytesMax) {
      throw new DataError(
        "E_RECORD_TOO_LARGE",
        `Cannot find where records begin at offset ${start}: the delimiter overlaps itself for more than ${overlapBytesMax} bytes; use a delimiter that does not begin as it ends`,
        { offset: start },
      );
    }
    const window = readWindow(source, begin, start + length);
    for (let place = start - length; place >= begin + length - 1 && place > 0; place--) {
      if (!isCrossed(window, delimiter, place - begin)) return place;
    }
    if (begin === 0) return 0;
  }
}

function isCrossed(window: Uint8Array, delimiter: Uint8Array, place: number): boolean {
  for (let at = place - delimiter.length + 1; at < place; at++) {
    let matched = 0;
    while (matched < delimiter.length && window[at + matched] === delimiter[matched]) matched++;
    if (matched === delimiter.length) return true;
  }
  return false;
}

function readWindow(source: ChunkSource, begin: number, end: number): Uint8Array {
  const window = new Uint8Array(end - begin);
  source.seek(begin);
  let length = 0;
  while (length < window.length) {
    const chunk = source.next();
    if (chunk === undefined) break;
    const part = chunk.subarray(0, window.length - length);
    window.set(part, length);
    length += part.length;
  }
  return window.subarray(0, length);
}
