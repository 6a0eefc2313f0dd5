// Counts the words of a text of ASCII: what stands between white space (9 to 13 and 32). Words are hashed in groups, the
// slots of a group are touched before the first is searched, so that their cache misses overlap.

import { murmur32 } from "./hash";
import { findOrInsert, homeSlot, stoppedAtEnd } from "./table";

const groupMax: u32 = 64;
// Of each word of the group: where it begins, its length, its hash.
const group = memory.data(<i32>(groupMax * 12), 16);
let grouped: u32 = 0;
let touched: u32 = 0;

/** The words counted by the last call. */
export let wordsCounted: u32 = 0;

@inline
function take(from: usize, to: usize): void {
  const place = group + <usize>grouped * 12;
  const length = <u32>(to - from);
  store<u32>(place, <u32>from);
  store<u32>(place, length, 4);
  store<u32>(place, murmur32(from, length), 8);
  grouped++;
}

/** Count the words of the group. @returns 0, or where the first word begins that had no room. */
function countGroup(table: usize): usize {
  const end = group + <usize>grouped * 12;
  let sum: u32 = 0;
  for (let place = group; place < end; place += 12) sum += load<u32>(homeSlot(table, load<u32>(place, 8)), 20);
  // Kept, so that the loads are not left out.
  touched = sum;
  for (let place = group; place < end; place += 12) {
    const at = <usize>load<u32>(place);
    const slot = findOrInsert(table, at, load<u32>(place, 4), load<u32>(place, 8));
    if (slot == 0) {
      wordsCounted += <u32>((place - group) / 12);
      return at;
    }
    store<f64>(slot, load<f64>(slot, 24) + 1, 24);
  }
  wordsCounted += grouped;
  grouped = 0;
  return 0;
}

/**
 * Add 1 to each word of the bytes from `from` up to `to`, all of them below 128. Up to 16 bytes beyond are read.
 *
 * @returns `to`, or where the first word begins that was not counted, with the reason in the table's block.
 */
export function countWords(table: usize, from: usize, to: usize): usize {
  const blank = i8x16.splat(32);
  const control = i8x16.splat(9);
  const controls = i8x16.splat(5);
  store<u32>(table, stoppedAtEnd, 32);
  wordsCounted = 0;
  grouped = 0;
  let begin = from;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const blanks = v128.or(i8x16.eq(bytes, blank), i8x16.lt_u(i8x16.sub(bytes, control), controls));
    let mask: u32 = i8x16.bitmask(blanks);
    if (at + 16 > to) mask &= (1 << <u32>(to - at)) - 1;
    while (mask != 0) {
      const stop = at + ctz(mask);
      if (stop > begin) take(begin, stop);
      begin = stop + 1;
      mask &= mask - 1;
    }
    // A step of 16 bytes brings at most 8 words.
    if (grouped > groupMax - 9) {
      const stopped = countGroup(table);
      if (stopped != 0) return stopped;
    }
  }
  if (to > begin) take(begin, to);
  const stopped = countGroup(table);
  return stopped != 0 ? stopped : to;
}
