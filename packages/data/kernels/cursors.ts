// Cursors over the bodies of verified blocks, pair after pair: what src/run/segment-cursor.ts does for one pair at a time,
// with all of its checks.
//
// Cursor, 64 bytes: 0 place and 4 end in the body, 8 pairs left in it, 12 key (an address), 16 its length, 20 value (an
// address), 24 its length, 28 marks, 32 the key's first 8 bytes as a number, zero beyond its end.

import { compareBytes, copyBytes } from "./keys";

export const cursorBytes: usize = 64;

/** The next pair is the first of its block. */
export const markFirst: u32 = 1;
/** The value lies apart. */
export const markApart: u32 = 2;
/** There are no more pairs. */
export const markEnded: u32 = 4;
/** A pair has been read. */
export const markRead: u32 = 8;
/** The key is that of the pair before. */
export const markSame: u32 = 16;

const sortKeyBytesMax: u32 = 196610;
/** What {@link readNumber} gives for a number that does not end, or is too large for anything here. */
const noNumber: u32 = 0xffffffff;

let numberEnd: usize = 0;

@inline
function readNumber(at: usize, end: usize): u32 {
  if (at < end) {
    const first = load<u8>(at);
    if (first < 0x80) {
      numberEnd = at + 1;
      return first;
    }
  }
  return readLongNumber(at, end);
}

function readLongNumber(at: usize, end: usize): u32 {
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 35 && at < end; shift += 7) {
    const digit = <u64>load<u8>(at++);
    value |= (digit & 0x7f) << shift;
    if (digit < 0x80) {
      numberEnd = at;
      return value > 0x7fffffff ? noNumber : <u32>value;
    }
  }
  return noNumber;
}

@inline
export function prefixOf(cursor: usize): u64 {
  return load<u64>(cursor, 32);
}

@inline
export function keyOf(cursor: usize): usize {
  return load<u32>(cursor, 12);
}

@inline
export function keyLengthOf(cursor: usize): u32 {
  return load<u32>(cursor, 16);
}

@inline
export function hasMark(cursor: usize, mark: u32): bool {
  return (load<u32>(cursor, 28) & mark) != 0;
}

/**
 * Read the next pair of a body that has one.
 *
 * @param isStates - then keys differ from each other.
 * @returns whether it is whole, and its key not below that of the pair before.
 */
export function readPair(cursor: usize, isStates: bool): bool {
  const end = <usize>load<u32>(cursor, 4);
  const shared = readNumber(load<u32>(cursor), end);
  if (shared == noNumber) return false;
  const suffix = readNumber(numberEnd, end);
  if (suffix == noNumber) return false;
  const mark = readNumber(numberEnd, end);
  if (mark == noNumber) return false;
  let at = numberEnd;
  if (suffix > <u32>(end - at) || shared + suffix > sortKeyBytesMax) return false;
  const marks = load<u32>(cursor, 28);
  const key = keyOf(cursor);
  const before = keyLengthOf(cursor);
  const length = shared + suffix;
  let same = false;
  if ((marks & markFirst) != 0) {
    if (shared != 0) return false;
    if ((marks & markRead) != 0) {
      const order = compareBytes(at, key, min(suffix, before));
      if (order < 0 || (order == 0 && suffix < before)) return false;
      same = order == 0 && suffix == before;
    }
  } else if (shared == before) same = suffix == 0;
  else if (shared > before || suffix == 0 || load<u8>(at) <= load<u8>(key + shared)) return false;
  if (same && isStates) return false;
  copyBytes(key + shared, at, suffix);
  at += suffix;
  const isApart = (mark & 1) != 0;
  const valueLength = mark >> 1;
  if (!isApart) {
    if (valueLength > <u32>(end - at)) return false;
    store<u32>(cursor, <u32>at, 20);
    at += valueLength;
  }
  const left = load<u32>(cursor, 8) - 1;
  if (left == 0 && at != end) return false;
  store<u32>(cursor, <u32>at);
  store<u32>(cursor, left, 8);
  store<u32>(cursor, length, 16);
  store<u32>(cursor, valueLength, 24);
  store<u32>(cursor, markRead | (isApart ? markApart : 0) | (same ? markSame : 0), 28);
  if (shared < 8 || length < 8) {
    const head = bswap<u64>(load<u64>(key));
    store<u64>(cursor, length >= 8 ? head : length == 0 ? 0 : head & (~(<u64>0) << (<u64>(8 - length) << 3)), 32);
  }
  return true;
}

/** Whether the key of one cursor comes before that of another; equal keys come in the order of the cursors. */
@inline
export function isBefore(a: usize, b: usize): bool {
  const headA = prefixOf(a);
  const headB = prefixOf(b);
  // An ended cursor has the greatest number, which a key may have as well.
  if (headA != headB) return headA < headB;
  return isBeforeByRest(a, b);
}

function isBeforeByRest(a: usize, b: usize): bool {
  if (hasMark(a, markEnded)) return hasMark(b, markEnded) && a < b;
  if (hasMark(b, markEnded)) return true;
  const lengthA = keyLengthOf(a);
  const lengthB = keyLengthOf(b);
  const common = min(lengthA, lengthB);
  const order = common > 8 ? compareBytes(keyOf(a) + 8, keyOf(b) + 8, common - 8) : 0;
  if (order != 0) return order < 0;
  return lengthA == lengthB ? a < b : lengthA < lengthB;
}
