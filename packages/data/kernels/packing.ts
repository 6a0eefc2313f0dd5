// Words of the first bytes of keys, packed: of each byte only the bits that tell keys apart there. Ten digits that begin
// alike fit into one word so, where four bytes of them say next to nothing. The order of words is that of the bytes.

/** Bytes of a key that are looked at. */
const headBytes: u32 = 16;
/** Bytes that {@link packWord} can take: those that are alike in all keys are no part of it. */
const packedMax: u32 = 8;
const wordBits: u32 = 32;

// Of the bytes at each place, in all keys: the least, and the greatest.
let least: v128 = i64x2.splat(0);
let greatest: v128 = i64x2.splat(0);

// What packWord() does: bytes that it takes, what is taken off each, and what they are multiplied by, first within pairs
// of them.
let taken: v128 = i64x2.splat(0);
let floors: v128 = i64x2.splat(0);
let pairFactors: v128 = i64x2.splat(0);
let sumFactors: v128 = i64x2.splat(0);
const scratch = memory.data(80, 16);

/** Begin to look at keys. */
export function beginHeads(): void {
  least = i8x16.splat(-1);
  greatest = i8x16.splat(0);
}

/** Look at the first bytes of a key, zero behind its end. */
@inline
export function seeHead(head: v128): void {
  least = i8x16.min_u(least, head);
  greatest = i8x16.max_u(greatest, head);
}

/** Choose what words are made of, by all that was seen. @returns how many bytes of a key its word stands for, 4 or more. */
export function planWords(): u32 {
  const leastAt = scratch;
  const greatestAt = scratch + 16;
  const bitsAt = scratch + 32;
  v128.store(leastAt, least);
  v128.store(greatestAt, greatest);
  v128.store(bitsAt, i64x2.splat(0));
  // Of the bytes to take: which, and what is taken off. None is byte 255, which there is not: zero comes of it.
  const takenAt = scratch + 48;
  const floorsAt = scratch + 64;
  v128.store(takenAt, i8x16.splat(-1));
  v128.store(floorsAt, i64x2.splat(0));
  let count: u32 = 0;
  let bits: u32 = 0;
  let bytes: u32 = 0;
  for (; bytes < headBytes; bytes++) {
    const floor = load<u8>(leastAt + bytes);
    const own = 32 - clz<u32>(<u32>load<u8>(greatestAt + bytes) - floor);
    if (own == 0) continue;
    if (count == packedMax || bits + own > wordBits) break;
    store<u8>(takenAt + count, <u8>bytes);
    store<u8>(floorsAt + count, floor);
    store<u8>(bitsAt + count, <u8>own);
    bits += own;
    count++;
  }
  taken = v128.load(takenAt);
  floors = v128.load(floorsAt);
  // Each byte is moved by the bits of those behind it.
  for (let pair: u32 = 0; pair < packedMax >> 1; pair++) {
    const first = <u32>load<u8>(bitsAt + 2 * pair);
    const second = <u32>load<u8>(bitsAt + 2 * pair + 1);
    bits -= first + second;
    store<u16>(leastAt + 4 * pair, <u16>((<u32>1) << second));
    store<u16>(leastAt + 4 * pair, 1, 2);
    store<u32>(greatestAt + 4 * pair, (<u32>1) << bits);
  }
  pairFactors = v128.load(leastAt);
  sumFactors = v128.load(greatestAt);
  return bytes;
}

/** The word of the first bytes of a key, zero behind its end. */
@inline
export function packWord(head: v128): u32 {
  const bytes = i8x16.sub(i8x16.swizzle(head, taken), floors);
  const pairs = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), pairFactors);
  const moved = i32x4.mul(pairs, sumFactors);
  // No two lanes have a bit in common.
  const halves = v128.or(moved, i32x4.shuffle(moved, moved, 2, 3, 0, 1));
  return i32x4.extract_lane(halves, 0) | i32x4.extract_lane(halves, 1);
}
