// Counts the words of a text of UTF-8: what stands between white space, or runs of letters. Words are
// hashed in groups, the slots of a group are touched before the first is searched, so that their cache misses overlap.

import { murmur32 } from "./hash";
import { appendKey, isLog } from "./log";
import { slotHash } from "./slot-hash";
import { findOrInsert, homeSlot, stoppedAtEnd } from "./table";

const groupMax: u32 = 128;
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
  store<u32>(place, slotHash(from, length), 8);
  grouped++;
}

/** Put the words of the group into a log. @returns as {@link countGroup}. */
function appendGroup(log: usize): usize {
  const end = group + <usize>grouped * 12;
  for (let place = group; place < end; place += 12) {
    const at = <usize>load<u32>(place);
    const length = load<u32>(place, 4);
    if (!appendKey(log, at, length, murmur32(at, length), 1)) {
      wordsCounted += <u32>((place - group) / 12);
      return at;
    }
  }
  wordsCounted += grouped;
  grouped = 0;
  return 0;
}

/** Count the words of the group. @returns 0, or where the first word begins that had no room. */
function countGroup(table: usize): usize {
  if (isLog(table)) return appendGroup(table);
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

/** Bytes of ASCII that are white space: 9 to 13 and 32. */
@inline
function plainBlanks(bytes: v128): v128 {
  const controls = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(9)), i8x16.splat(5));
  return v128.or(i8x16.eq(bytes, i8x16.splat(32)), controls);
}

/** Bytes of ASCII that are no letters and no digits. */
@inline
function otherThanLetters(bytes: v128): v128 {
  // Capitals become small letters, and no other byte becomes one.
  const small = v128.or(bytes, i8x16.splat(0x20));
  const letters = i8x16.lt_u(i8x16.sub(small, i8x16.splat(0x61)), i8x16.splat(26));
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  return v128.not(v128.or(letters, digits));
}

/** Where two bytes stand, one behind the other. */
@inline
function bothAt(bytes: v128, next: v128, first: u8, second: u8): v128 {
  return v128.and(i8x16.eq(bytes, u8x16(first)), i8x16.eq(next, u8x16(second)));
}

@inline
function u8x16(byte: u8): v128 {
  return i8x16.splat(<i8>byte);
}

/** Where white space beyond ASCII may begin: places of the first two bytes that such a character has. */
@inline
function wideCandidates(at: usize, bytes: v128): v128 {
  const next = v128.load(at, 1);
  const two = bothAt(bytes, next, 0xc2, 0xa0);
  const low = v128.or(bothAt(bytes, next, 0xe1, 0x9a), bothAt(bytes, v128.and(next, u8x16(0xfe)), 0xe2, 0x80));
  const high = v128.or(bothAt(bytes, next, 0xe3, 0x80), bothAt(bytes, next, 0xef, 0xbb));
  return v128.or(two, v128.or(low, high));
}

/**
 * Bytes of the character that begins here, where it is white space (`\s` of ECMAScript); else 0. Of ASCII only what is
 * white space comes here, of the rest what {@link wideCandidates} finds.
 */
@inline
function blankBytes(at: usize): usize {
  const lead: u32 = load<u8>(at);
  if (lead < 0x80) return 1;
  if (lead == 0xc2) return 2;
  const last: u32 = load<u8>(at, 2);
  // U+1680, U+3000, U+FEFF
  if (lead == 0xe1 || lead == 0xe3) return last == 0x80 ? 3 : 0;
  if (lead == 0xef) return last == 0xbf ? 3 : 0;
  // U+205F; U+2000 to U+200A, U+2028, U+2029, U+202F
  if (load<u8>(at, 1) == 0x81) return last == 0x9f ? 3 : 0;
  return last <= 0x8a || last == 0xa8 || last == 0xa9 || last == 0xaf ? 3 : 0;
}

/** Whether the 64 bytes from `at` on are of ASCII. */
@inline
function isPlain64(at: usize): bool {
  const first = v128.or(v128.load(at), v128.load(at, 16));
  return i8x16.bitmask(v128.or(first, v128.or(v128.load(at, 32), v128.load(at, 48)))) == 0;
}

/** Which of 16 bytes of ASCII end a word, where words are runs of letters or stand between white space. */
@inline
function plainStops(bytes: v128, isOfLetters: bool): u64 {
  return <u64>(<u32>i8x16.bitmask(isOfLetters ? otherThanLetters(bytes) : plainBlanks(bytes)));
}

/** The same of the 64 bytes from `at` on. */
@inline
function plainStops64(at: usize, isOfLetters: bool): u64 {
  const first = plainStops(v128.load(at), isOfLetters) | (plainStops(v128.load(at, 16), isOfLetters) << 16);
  const last = plainStops(v128.load(at, 32), isOfLetters) | (plainStops(v128.load(at, 48), isOfLetters) << 16);
  return first | (last << 32);
}

/** Take the words that bytes of ASCII from `at` on end, a bit of `stops` each. @returns where the next word begins. */
@inline
function takeEach(begin: usize, at: usize, stops: u64): usize {
  while (stops != 0) {
    const stop = at + <usize>ctz(stops);
    stops &= stops - 1;
    if (stop > begin) take(begin, stop);
    begin = stop + 1;
  }
  return begin;
}

/** Begin to count. */
@inline
function begins(table: usize): void {
  store<u32>(table, stoppedAtEnd, 32);
  wordsCounted = 0;
  grouped = 0;
}

/** Take the last word, which the end of the text ends. @returns as {@link countWords}. */
@inline
function ends(table: usize, begin: usize, to: usize): usize {
  if (to > begin) take(begin, to);
  const stopped = countGroup(table);
  return stopped != 0 ? stopped : to;
}

/** A step of 64 bytes brings at most 32 words. */
@inline
function isGroupFull(): bool {
  return grouped > groupMax - 33;
}

/**
 * Add 1 to each word of the bytes from `from` up to `to`, which are UTF-8, words being what stands between white space. Up
 * to 17 bytes beyond are read.
 *
 * @returns `to`, or where the first word begins that was not counted, with the reason in the table's block.
 */
export function countWords(table: usize, from: usize, to: usize): usize {
  begins(table);
  let begin = from;
  for (let at = from; at < to;) {
    if (at + 64 <= to && isPlain64(at)) {
      begin = takeEach(begin, at, plainStops64(at, false));
      at += 64;
    } else {
      const bytes = v128.load(at);
      let mask: u32 = i8x16.bitmask(v128.or(plainBlanks(bytes), wideCandidates(at, bytes)));
      if (at + 16 > to) mask &= (1 << <u32>(to - at)) - 1;
      while (mask != 0) {
        const stop = at + ctz(mask);
        mask &= mask - 1;
        const width = blankBytes(stop);
        if (width == 0) continue;
        if (stop > begin) take(begin, stop);
        begin = stop + width;
      }
      at += 16;
    }
    if (isGroupFull()) {
      const stopped = countGroup(table);
      if (stopped != 0) return stopped;
    }
  }
  return ends(table, begin, to);
}

/** Bytes of the character that begins with a byte; there are none of four bytes. */
@inline
function charBytes(lead: u32): usize {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
}

/** Whether a character of up to three bytes is one of those that `letters` has bits of, by code points. */
@inline
function isLetter(letters: usize, at: usize, lead: u32): bool {
  let code = lead;
  if (lead >= 0xe0)
    code = ((lead & 0x0f) << 12) | ((<u32>load<u8>(at, 1) & 0x3f) << 6) | (<u32>load<u8>(at, 2) & 0x3f);
  else if (lead >= 0x80) code = ((lead & 0x1f) << 6) | (<u32>load<u8>(at, 1) & 0x3f);
  return ((load<u8>(letters + <usize>(code >>> 3)) >>> (code & 7)) & 1) != 0;
}

/**
 * The same where words are runs of letters. No character has four bytes.
 *
 * @param letters - a bit for each character of up to three bytes: whether it is of a word. Of ASCII letters and digits are.
 */
export function countLetterWords(table: usize, from: usize, to: usize, letters: usize): usize {
  begins(table);
  let begin = from;
  for (let at = from; at < to;) {
    const bytes = v128.load(at);
    if (at + 64 <= to && isPlain64(at)) {
      begin = takeEach(begin, at, plainStops64(at, true));
      at += 64;
    } else if (i8x16.bitmask(bytes) == 0) {
      let stops = plainStops(bytes, true);
      if (at + 16 > to) stops &= (1 << <u64>(to - at)) - 1;
      begin = takeEach(begin, at, stops);
      at += 16;
    } else
      for (const stop = min(to, at + 16); at < stop;) {
        const lead: u32 = load<u8>(at);
        const width = charBytes(lead);
        if (!isLetter(letters, at, lead)) {
          if (at > begin) take(begin, at);
          begin = at + width;
        }
        at += width;
      }
    if (isGroupFull()) {
      const stopped = countGroup(table);
      if (stopped != 0) return stopped;
    }
  }
  return ends(table, begin, to);
}
