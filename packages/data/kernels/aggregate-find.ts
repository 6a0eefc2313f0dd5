// Finds bytes, 16 at a step. Up to 16 bytes beyond an end are read.

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

/** Whether all bytes are below 128, and none is zero or a backslash. */
@inline
export function isPlain(at: usize, end: usize): bool {
  const backslash = i8x16.splat(0x5c);
  const zero = i8x16.splat(0);
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    if (i8x16.bitmask(v128.or(bytes, v128.or(i8x16.eq(bytes, backslash), i8x16.eq(bytes, zero)))) != 0) return false;
  }
  if (at == end) return true;
  const bytes = v128.load(at);
  const mask = i8x16.bitmask(v128.or(bytes, v128.or(i8x16.eq(bytes, backslash), i8x16.eq(bytes, zero))));
  return (mask & ((1 << (<u32>(end - at))) - 1)) == 0;
}

/** Two digits as a number, -1 for none. */
@inline
export function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}
