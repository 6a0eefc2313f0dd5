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
