// Hashes of four short keys at once: nothing foretells a key's length, and no branch goes by it.

import { murmur32 } from "./hash";
import { keyHead } from "./table";

const shortMax: u32 = 16;

@inline
function turn(words: v128, by: i32): v128 {
  return v128.or(i32x4.shl(words, by), i32x4.shr_u(words, 32 - by));
}

/**
 * Take in one word of each key, as murmur32 of hash.ts does. Of a key whose rest it is, or which ended before, bytes behind
 * the end are zero, and change nothing.
 */
@inline
function takeIn(hashes: v128, words: v128, isWhole: v128): v128 {
  const mixed = i32x4.mul(turn(i32x4.mul(words, i32x4.splat(0xcc9e2d51)), 15), i32x4.splat(0x1b873593));
  const rest = v128.xor(hashes, mixed);
  const whole = i32x4.add(i32x4.mul(turn(rest, 13), i32x4.splat(5)), i32x4.splat(0xe6546b64));
  return v128.bitselect(whole, rest, isWhole);
}

@inline
function isLonger(lengths: v128, bytes: i32): v128 {
  return i32x4.gt_s(lengths, i32x4.splat(bytes));
}

@inline
function spread(hashes: v128, shift: i32): v128 {
  return v128.xor(hashes, i32x4.shr_u(hashes, shift));
}

@inline
function lengthAt(entry: usize): u32 {
  return load<u32>(entry, 4) - load<u32>(entry);
}

/** The first 16 bytes of an entry's key. */
@inline
function headAt(entry: usize, length: u32): v128 {
  return keyHead(<usize>load<u32>(entry), length);
}

@inline
function hashAt(entry: usize): u32 {
  return murmur32(<usize>load<u32>(entry), lengthAt(entry));
}

/**
 * Hash the keys of `count` entries of 16 bytes, each of which begins with two addresses: where its key begins and ends. Up
 * to 16 bytes beyond the begin of a key are read.
 *
 * @param to - where the hashes go, 4 bytes each.
 */
export function hashKeys(entry: usize, count: u32, to: usize): void {
  const end = to + ((<usize>count) << 2);
  for (; to + 16 <= end; to += 16, entry += 64) hashFour(entry, to);
  for (; to < end; to += 4, entry += 16) store<u32>(to, hashAt(entry));
}

function hashFour(entry: usize, to: usize): void {
  const a = lengthAt(entry);
  const b = lengthAt(entry + 16);
  const c = lengthAt(entry + 32);
  const d = lengthAt(entry + 48);
  if (max(max(a, b), max(c, d)) > shortMax) {
    for (const end = to + 16; to < end; to += 4, entry += 16) store<u32>(to, hashAt(entry));
    return;
  }
  const headA = headAt(entry, a);
  const headB = headAt(entry + 16, b);
  const headC = headAt(entry + 32, c);
  const headD = headAt(entry + 48, d);
  // Words at the same place of all keys side by side.
  const low = v128.shuffle<i32>(headA, headB, 0, 4, 1, 5);
  const lowOthers = v128.shuffle<i32>(headC, headD, 0, 4, 1, 5);
  const high = v128.shuffle<i32>(headA, headB, 2, 6, 3, 7);
  const highOthers = v128.shuffle<i32>(headC, headD, 2, 6, 3, 7);
  let lengths = i32x4.splat(a);
  lengths = i32x4.replace_lane(lengths, 1, b);
  lengths = i32x4.replace_lane(lengths, 2, c);
  lengths = i32x4.replace_lane(lengths, 3, d);
  let hashes = takeIn(i32x4.splat(0), v128.shuffle<i64>(low, lowOthers, 0, 2), isLonger(lengths, 3));
  hashes = takeIn(hashes, v128.shuffle<i64>(low, lowOthers, 1, 3), isLonger(lengths, 7));
  hashes = takeIn(hashes, v128.shuffle<i64>(high, highOthers, 0, 2), isLonger(lengths, 11));
  hashes = takeIn(hashes, v128.shuffle<i64>(high, highOthers, 1, 3), isLonger(lengths, 15));
  hashes = i32x4.mul(spread(v128.xor(hashes, lengths), 16), i32x4.splat(0x85ebca6b));
  hashes = i32x4.mul(spread(hashes, 13), i32x4.splat(0xc2b2ae35));
  v128.store(to, spread(hashes, 16));
}
