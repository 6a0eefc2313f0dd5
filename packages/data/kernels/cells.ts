// Texts as rows of output have them.

const lineFeed: u8 = 10;

/** Whether bytes are of one line; up to 15 beyond are read. */
@inline
export function isLine(at: usize, length: u32): bool {
  const feed = i8x16.splat(lineFeed);
  for (let index: u32 = 0; index < length; index += 16) {
    let mask: u32 = i8x16.bitmask(i8x16.eq(v128.load(at + index), feed));
    if (index + 16 > length) mask &= (1 << (length - index)) - 1;
    if (mask != 0) return false;
  }
  return true;
}

/** The letter behind the backslash of a byte that is escaped, 0 for others. */
@inline
function escapeOf(byte: u8): u8 {
  if (byte == 9) return 116;
  if (byte == 10) return 110;
  if (byte == 13) return 114;
  return byte == 92 ? 92 : 0;
}

/**
 * Append a text as a cell of a table of text: TAB, LF, CR and backslash get a backslash. Up to twice as many bytes are
 * written, and 15 beyond.
 *
 * @returns the end.
 */
@inline
export function writeEscaped(to: usize, from: usize, length: u32): usize {
  for (let index: u32 = 0; index < length; index += 16) {
    const bytes = v128.load(from + index);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(9)), i8x16.eq(bytes, i8x16.splat(10))),
      v128.or(i8x16.eq(bytes, i8x16.splat(13)), i8x16.eq(bytes, i8x16.splat(92))),
    );
    const here = min(16, length - index);
    const mask: u32 = i8x16.bitmask(special) & ((1 << here) - 1);
    v128.store(to, bytes);
    if (mask == 0) {
      to += here;
      continue;
    }
    for (let inner: u32 = 0; inner < here; inner++) {
      const byte = load<u8>(from + index + inner);
      const letter = escapeOf(byte);
      if (letter != 0) store<u8>(to++, 92);
      store<u8>(to++, letter != 0 ? letter : byte);
    }
  }
  return to;
}
