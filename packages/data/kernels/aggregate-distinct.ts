// States of `distinct`, as src/aggregate/distinct.ts has them: a list of up to 1,024 hashes, then 2^14 registers.
//
// uint32 count, uint32 form (0 list, 1 registers), then hashes as (high, low) words in ascending order, or registers.

import { murmurBlocks } from "./digest";

const headBytes: u32 = 8;
export const hashBytes: u32 = 8;
export const exactMax: u32 = 1024;
const indexBits: u32 = 14;
export const registerBytes: u32 = 16_384;

const words = memory.data(16, 16);

@inline
function mix(word: u32, before: u32, turn: u32, after: u32): u32 {
  return rotl<u32>(word * before, turn) * after;
}

@inline
function finish(word: u32): u32 {
  let hash = (word ^ (word >>> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
  return hash ^ (hash >>> 16);
}

/** The first two words of MurmurHash3_x86_128, the first one highest. Up to 16 bytes behind `to` are overwritten. */
export function hashOf(from: usize, to: usize): u64 {
  v128.store(words, i32x4.splat(0));
  const whole = from + ((to - from) & ~15);
  murmurBlocks(words, from, whole);
  // A word of zeros changes nothing.
  v128.store(to, i32x4.splat(0));
  const length = <u32>(to - from);
  let h1 = load<u32>(words) ^ mix(load<u32>(whole), 0x239b961b, 15, 0xab0e9789) ^ length;
  let h2 = load<u32>(words, 4) ^ mix(load<u32>(whole, 4), 0xab0e9789, 16, 0x38b34ae5) ^ length;
  let h3 = load<u32>(words, 8) ^ mix(load<u32>(whole, 8), 0x38b34ae5, 17, 0xa1e38b93) ^ length;
  let h4 = load<u32>(words, 12) ^ mix(load<u32>(whole, 12), 0xa1e38b93, 18, 0x239b961b) ^ length;
  h1 += h2 + h3 + h4;
  h2 = finish(h2 + h1);
  h3 = finish(h3 + h1);
  h4 = finish(h4 + h1);
  h1 = finish(h1) + h2 + h3 + h4;
  return (<u64>h1 << 32) | (h2 + h1);
}

/** How many bytes the state at `at` may grow by with one more hash. */
@inline
export function growthOfDistinct(at: usize): u32 {
  if (isDense(at)) return 0;
  return load<u32>(at) == exactMax ? registerBytes : 2 * hashBytes;
}

@inline
export function isDense(at: usize): bool {
  return load<u32>(at, 4) != 0;
}

/** Raise the register of a hash to its rank: zeros after the bits of the index, and one. */
@inline
export function raise(registers: usize, hash: u64): void {
  const register = registers + <usize>(hash >>> (64 - indexBits));
  const rest = hash << indexBits;
  // Of no bit at all 50 are zeros.
  const rank = <u8>(min<u64>(clz(rest), 64 - indexBits) + 1);
  if (load<u8>(register) < rank) store<u8>(register, rank);
}

@inline
function hashAt(place: usize): u64 {
  return rotl<u64>(load<u64>(place), 32);
}

/** Find a hash in a list. @returns where it belongs, from `at` on, or 0 when it is there. */
export function findHash(at: usize, hash: u64): u32 {
  let from: u32 = 0;
  let to = load<u32>(at);
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = hashAt(at + headBytes + <usize>(middle * hashBytes));
    if (other == hash) return 0;
    if (other < hash) from = middle + 1;
    else to = middle;
  }
  return headBytes + from * hashBytes;
}

/** Put a hash into the list of `length` bytes at `at`, behind which there is room for it. */
export function insertHash(at: usize, place: u32, length: u32, hash: u64): void {
  const from = at + <usize>place;
  if (length > place) memory.copy(from + hashBytes, from, length - place);
  store<u64>(from, rotl<u64>(hash, 32));
  store<u32>(at, load<u32>(at) + 1);
}

/** Turn a list into registers, for which there is room behind it; `spare` are 16 KiB. */
export function becomeDense(at: usize, spare: usize): void {
  const count = load<u32>(at);
  memory.fill(spare, 0, registerBytes);
  for (let index: u32 = 0; index < count; index++) raise(spare, hashAt(at + headBytes + <usize>(index * hashBytes)));
  store<u32>(at, 0);
  store<u32>(at, 1, 4);
  memory.copy(at + headBytes, spare, registerBytes);
}
