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

// Powers of ten that are exact doubles: a quotient of two exact doubles is rounded once.
const powersOfTen = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]);

/** The number that {@link plainNumberEnd} found last. */
export let plainNumber: f64 = 0;

/** Read up to 15 digits with a point between some of them, or none. @returns their end, or 0 when there is no such number. */
export function plainNumberEnd(from: usize, end: usize): usize {
  let value: u64 = 0;
  let at = from;
  let point: usize = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit <= 9) value = value * 10 + digit;
    else if (load<u8>(at) == 0x2e && point == 0 && at > from) point = at;
    else break;
    if (at - from > 15) return 0;
  }
  const digits = at - from - <usize>(point != 0);
  if (digits == 0 || digits > 15 || point + 1 == at) return 0;
  const places = point == 0 ? 0 : at - point - 1;
  plainNumber = <f64>value / load<f64>(powersOfTen + (places << 3));
  return at;
}

/** Two digits as a number, -1 for none. */
@inline
export function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}
