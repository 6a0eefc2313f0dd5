// Numbers as runs have them.

/** Append a varint. @returns its end. */
@inline
export function writeVarint(at: usize, value: u32): usize {
  while (value >= 0x80) {
    store<u8>(at++, value | 0x80);
    value >>= 7;
  }
  store<u8>(at, value);
  return at + 1;
}

/** Append an integer of up to 2^53 as src/codec/number-codecs.ts has it. @returns its end. */
@inline
export function writeInt(at: usize, value: f64): usize {
  const magnitude = <u64>abs(value);
  const count = (64 - <u32>clz<u64>(magnitude) + 7) >> 3;
  const flip: u64 = value < 0 ? ~(<u64>0) : 0;
  store<u8>(at, value < 0 ? 0x80 - count : 0x80 + count);
  if (count > 0) store<u64>(at, bswap<u64>((magnitude ^ flip) << (<u64>(8 - count) << 3)), 1);
  return at + 1 + count;
}

/** Read an integer that {@link writeInt} wrote. @returns NaN for any other bytes. */
@inline
export function readInt(at: usize, length: u32): f64 {
  if (length == 0 || length > 8) return NaN;
  const lead = <i32>load<u8>(at);
  const count: u32 = length - 1;
  const negative = lead < 0x80;
  if (lead != (negative ? 0x80 - <i32>count : 0x80 + <i32>count) || count > 7) return NaN;
  if (count == 0) return 0;
  let magnitude = bswap<u64>(load<u64>(at + 1)) >> (<u64>(8 - count) << 3);
  if (negative) magnitude ^= ((<u64>1) << (<u64>count << 3)) - 1;
  // In its shortest form the first byte is not zero.
  if (magnitude >> (<u64>(count - 1) << 3) == 0 || magnitude > 9007199254740991) return NaN;
  return negative ? -<f64>magnitude : <f64>magnitude;
}

/** Append an integer of up to 2^53 in decimal. @returns its end. */
export function writeDecimal(at: usize, value: f64): usize {
  let rest = <u64>abs(value);
  if (value < 0) store<u8>(at++, 45);
  if (rest < 10) {
    store<u8>(at, 48 + <u8>rest);
    return at + 1;
  }
  let digits: usize = 1;
  for (let bound: u64 = 10; rest >= bound; bound *= 10) digits++;
  for (let place = at + digits - 1; place >= at; place--) {
    store<u8>(place, 48 + <u8>(rest % 10));
    rest /= 10;
  }
  return at + digits;
}
