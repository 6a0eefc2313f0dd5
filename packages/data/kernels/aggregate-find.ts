// Finds bytes, 16 at a step. Up to 16 bytes beyond an end are read.

import { digitsEnd, digitsRead, pointRead, powerOfTen } from "./decimal";

/** Where a byte stands first from `at` up to `end`; `end` when it does not. */
@inline
export function findByte(at: usize, end: usize, byte: u8): usize {
  const wanted = i8x16.splat(byte);
  for (; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (mask != 0) return min(end, at + ctz(mask));
  }
  return end;
}

/** Which of the 64 bytes from `at` on are that byte: a bit for each. */
@inline
export function maskOf64(at: usize, byte: u8): u64 {
  const wanted = i8x16.splat(byte);
  const first = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), wanted)));
  const second = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 16), wanted)));
  const third = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 32), wanted)));
  const fourth = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 48), wanted)));
  return first | (second << 16) | (third << 32) | (fourth << 48);
}

/** Whether all bytes are below 128, and none is zero or a backslash. */
export function isPlain(at: usize, end: usize): bool {
  let bad = i8x16.splat(0);
  let least = i8x16.splat(1);
  for (; at + 64 <= end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    bad = v128.or(bad, v128.or(v128.or(special(a), special(b)), v128.or(special(c), special(d))));
    least = i8x16.min_u(least, i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)));
  }
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    bad = v128.or(bad, special(bytes));
    least = i8x16.min_u(least, bytes);
  }
  if ((i8x16.bitmask(bad) | i8x16.bitmask(i8x16.eq(least, i8x16.splat(0)))) != 0) return false;
  if (at >= end) return true;
  const bytes = v128.load(at);
  const mask = i8x16.bitmask(v128.or(special(bytes), i8x16.eq(bytes, i8x16.splat(0))));
  return (mask & ((1 << (<u32>(end - at))) - 1)) == 0;
}

/** High bits of bytes of 128 and more, and of backslashes. */
@inline
function special(bytes: v128): v128 {
  return v128.or(bytes, i8x16.eq(bytes, i8x16.splat(0x5c)));
}

/**
 * The number that 1 to 8 digits before `end` are, -1 when one of them is none; the 8 bytes before `end` are read. All eight
 * are reckoned at once, those in front of the digits as zeros.
 */
@inline
export function digitsOf(end: usize, length: usize): i32 {
  const others = <u64>(64 - (length << 3));
  const digits = ((load<u64>(end - 8) ^ 0x3030_3030_3030_3030) >> others) << others;
  if (((digits | (digits + 0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0) != 0) return -1;
  const pairs = digits * 10 + (digits >> 8);
  const high = (pairs & 0x0000_00ff_0000_00ff) * 0x000f_4240_0000_0064;
  const low = ((pairs >> 16) & 0x0000_00ff_0000_00ff) * 0x0000_2710_0000_0001;
  return <i32>((high + low) >> 32);
}

/** The number that {@link plainNumberEnd} found last. */
export let plainNumber: f64 = 0;

/** Read up to 15 digits with a point between some of them, or none. @returns their end, or 0 when there is no such number. */
export function plainNumberEnd(from: usize, end: usize): usize {
  const at = digitsEnd(from, end);
  const point = pointRead;
  if (at == 0 || point == from || point + 1 == at) return 0;
  plainNumber = digitsRead / powerOfTen(point == 0 ? 0 : at - point - 1);
  return at;
}

/** Two digits as a number, -1 for none. */
@inline
export function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}
