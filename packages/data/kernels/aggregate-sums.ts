// Wide sums, as src/aggregate/exact-sum.ts has them: digits of base 2^24 as doubles, in a window as wide as the values.
//
// int16 index of the lowest digit, uint8 specials, uint8 unused, uint32 additions since the last carry, then the digits.

const headBytes: u32 = 8;
const base: f64 = 16_777_216;
const unitDigit: i32 = 93;
const pendingMax: u32 = 32;
const lowestBitShift: i32 = 1157;
const largeTop: f64 = 281_474_976_710_656;

/** Bytes of a sum that was one double and becomes wide. */
export const widenedBytes: u32 = 40;
/** No sum is longer. */
export const sumBytesMax: u32 = 1544;

/** Turn the one double, a safe integer, at `at` into digits; there is room behind it. */
export function widen(at: usize): void {
  const value = <i64>load<f64>(at);
  memory.fill(at, 0, widenedBytes);
  store<i16>(at, <i16>unitDigit);
  const rest = value / 16_777_216;
  store<f64>(at, <f64>(value % 16_777_216), 8);
  store<f64>(at, <f64>(rest % 16_777_216), 16);
  store<f64>(at, <f64>(rest / 16_777_216), 24);
}

/** Index of the digit that holds the lowest bit of a finite double's 53. */
@inline
function lowestDigit(value: f64): i32 {
  const exponent = <i32>((reinterpret<u64>(value) >>> 52) & 0x7ff);
  return (max(exponent, 1) + lowestBitShift) / 24;
}

@inline
function newFirst(at: usize, value: f64): i32 {
  return min(<i32>load<i16>(at), lowestDigit(value));
}

@inline
function newEnd(at: usize, length: u32, value: f64): i32 {
  const count = <i32>((length - headBytes) >>> 3);
  const isLarge = abs(load<f64>(at + <usize>(length - 8))) > largeTop;
  return max(<i32>load<i16>(at) + count + <i32>isLarge, lowestDigit(value) + 4);
}

/** How long a wide sum of `length` bytes has to be for a value. */
export function bytesFor(at: usize, length: u32, value: f64): u32 {
  if (value == 0 || !isFinite(value)) return length;
  return headBytes + (<u32>(newEnd(at, length, value) - newFirst(at, value)) << 3);
}

/** Move the digits of a sum that was lengthened from `before` bytes for a value. */
export function spread(at: usize, before: u32, after: u32, value: f64): void {
  const count = before - headBytes;
  const first = newFirst(at, value);
  const body = at + headBytes;
  const moved = body + (<usize>(<i32>load<i16>(at) - first) << 3);
  memory.copy(moved, body, count);
  memory.fill(body, 0, <u32>(moved - body));
  memory.fill(moved + count, 0, <u32>(at + after - moved - count));
  store<i16>(at, <i16>first);
}

/** Add a value, which the window of the `length` bytes spans. */
export function addWide(at: usize, length: u32, value: f64): void {
  if (!isFinite(value)) {
    store<u8>(at, load<u8>(at, 2) | (value > 0 ? 2 : 4), 2);
    return;
  }
  if (value == 0) return;
  if (load<u32>(at, 4) >= pendingMax) carry(at, length);
  const bits = reinterpret<u64>(value);
  const exponent = <i32>((bits >>> 52) & 0x7ff);
  const position = max(exponent, 1) + lowestBitShift;
  const digit = position / 24;
  const power = <f64>((<u32>1) << <u32>(position - digit * 24));
  const scale = value < 0 ? -power : power;
  const mantissa = (bits & 0xf_ffff_ffff_ffff) | (exponent == 0 ? 0 : 0x10_0000_0000_0000);
  const where = at + headBytes + (<usize>(digit - <i32>load<i16>(at)) << 3);
  // The 53 bits as 24, 24 and 5; shifted by less than 24 each stays below 2^47.
  store<f64>(where, load<f64>(where) + <f64>(<u32>mantissa & 0xff_ffff) * scale);
  store<f64>(where, load<f64>(where, 8) + <f64>(<u32>(mantissa >>> 24) & 0xff_ffff) * scale, 8);
  store<f64>(where, load<f64>(where, 16) + <f64>(<u32>(mantissa >>> 48)) * scale, 16);
  store<u32>(at, load<u32>(at, 4) + 1, 4);
}

/** Bring all digits but the top one into [0, 2^24). */
function carry(at: usize, length: u32): void {
  const end = at + <usize>(length - 8);
  let over: f64 = 0;
  for (let where = at + headBytes; where < end; where += 8) {
    const digit = load<f64>(where) + over;
    over = floor(digit / base);
    store<f64>(where, digit - over * base);
  }
  store<f64>(end, load<f64>(end) + over);
  store<u32>(at, 0, 4);
}
