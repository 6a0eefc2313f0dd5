// Checks UTF-8, sixteen bytes at a time: J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte",
// 2021. Three tables by half bytes say which errors each may be part of; an error is what all three say.

import { firstBytes } from "./masks";

// Bits of the tables, as in the paper: a lead that nothing follows, a byte that nothing precedes, sequences that are longer
// than they need be (of 2, 3, 4 bytes), halves of surrogates, code points above U+10FFFF, two bytes that follow.
const tooShort: i8 = 1;
const tooLong: i8 = 2;
const overlong3: i8 = 4;
const tooLarge: i8 = 8;
const surrogate: i8 = 16;
const overlong2: i8 = 32;
const tooLarge1000: i8 = 64;
const overlong4: i8 = 64;
const twoFollow: i8 = -128;
const carry: i8 = tooShort | tooLong | twoFollow;
const high: i8 = carry | tooLarge | tooLarge1000;

/** What is wrong with a block, the one before it being right; zero where nothing is. */
@inline
function errorsOf(before: v128, bytes: v128): v128 {
  const half = i8x16.splat(0x0f);
  const previous = i8x16.shuffle(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const firstHigh = i8x16.swizzle(
    i8x16(
      tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong,
      twoFollow, twoFollow, twoFollow, twoFollow,
      tooShort | overlong2, tooShort, tooShort | overlong3 | surrogate, tooShort | tooLarge | tooLarge1000 | overlong4,
    ),
    i8x16.shr_u(previous, 4),
  );
  const firstLow = i8x16.swizzle(
    i8x16(
      carry | overlong3 | overlong2 | overlong4, carry | overlong2, carry, carry,
      carry | tooLarge, high, high, high, high, high, high, high, high, high | surrogate, high, high,
    ),
    v128.and(previous, half),
  );
  const secondHigh = i8x16.swizzle(
    i8x16(
      tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort,
      tooLong | overlong2 | twoFollow | overlong3 | tooLarge1000 | overlong4,
      tooLong | overlong2 | twoFollow | overlong3 | tooLarge,
      tooLong | overlong2 | twoFollow | surrogate | tooLarge,
      tooLong | overlong2 | twoFollow | surrogate | tooLarge,
      tooShort, tooShort, tooShort, tooShort,
    ),
    i8x16.shr_u(bytes, 4),
  );
  const errors = v128.and(v128.and(firstHigh, firstLow), secondHigh);
  // Third and fourth bytes of sequences are the second of two that follow, and nothing else is: a lead of 0xe0 or more two
  // places before, or one of 0xf0 or more three before, gives 0x80 or more.
  const second = i8x16.shuffle(before, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const third = i8x16.shuffle(before, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const follows = v128.or(
    i8x16.sub_sat_u(second, i8x16.splat(0x60)),
    i8x16.sub_sat_u(third, i8x16.splat(0x70)),
  );
  return v128.xor(v128.and(follows, i8x16.splat(-128)), errors);
}

/**
 * Find the first byte from `from` up to `to` at which no whole character begins that is UTF-8; `to` when there is none. A
 * character begins at `from`. Up to 64 bytes beyond are read.
 */
export function findInvalidUtf8(from: usize, to: usize): usize {
  let before = i8x16.splat(0);
  let at = from;
  // One block more, of nothing, shows a character that the end cuts.
  while (at <= to) {
    // A block of ASCII alone is right when that before it was such a block.
    if (!v128.any_true(before)) {
      while (at + 64 <= to && isAscii(at)) at += 64;
    }
    let bytes = v128.load(at);
    if (at + 16 > to) bytes = v128.and(bytes, firstBytes(to - at));
    const isPlain = i8x16.bitmask(bytes) == 0;
    if (!isPlain || v128.any_true(before)) {
      if (v128.any_true(errorsOf(before, bytes))) return firstInvalid(from, at, to);
    }
    before = isPlain ? i8x16.splat(0) : bytes;
    at += 16;
  }
  return to;
}

/**
 * The first byte from `from` up to `to` with which a character of four bytes begins; `to` when there is none. Up to 16 bytes
 * beyond are read.
 */
export function findFourBytes(from: usize, to: usize): usize {
  const least = i8x16.splat(<i8>0xf0);
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(i8x16.ge_u(v128.load(at), least));
    if (mask != 0) return min(to, at + ctz(mask));
  }
  return to;
}

@inline
function isAscii(at: usize): bool {
  const first = v128.or(v128.load(at), v128.load(at, 16));
  const second = v128.or(v128.load(at, 32), v128.load(at, 48));
  return i8x16.bitmask(v128.or(first, second)) == 0;
}

/** The same byte by byte, where all characters are right that end before the block at `at`, and not all in it. */
function firstInvalid(from: usize, at: usize, to: usize): usize {
  let place = at;
  for (let back: usize = 1; back <= 3 && at - back >= from; back++) {
    const byte = load<u8>(at - back);
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    place = at - back;
    break;
  }
  while (place < to) {
    if (load<u8>(place) < 0x80) {
      place++;
      continue;
    }
    const bytes = sequenceBytes(place, to);
    if (bytes == 0) return place;
    place += bytes;
  }
  return to;
}

/** Bytes of the character of several bytes that begins here; 0 when none does. */
function sequenceBytes(at: usize, to: usize): usize {
  const lead: u32 = load<u8>(at);
  const bytes: u32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || at + bytes > to) return 0;
  let code = lead & (0x7f >>> bytes);
  for (let index: u32 = 1; index < bytes; index++) {
    const byte: u32 = load<u8>(at + index);
    if ((byte & 0xc0) != 0x80) return 0;
    code = (code << 6) | (byte & 0x3f);
  }
  if (bytes == 3 && (code < 0x800 || code >>> 11 == 0xd800 >>> 11)) return 0;
  if (bytes == 4 && (code < 0x10000 || code > 0x10ffff)) return 0;
  return bytes;
}
