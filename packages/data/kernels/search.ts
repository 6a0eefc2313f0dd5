// Searches for a text.

/**
 * Find the first place from `from` up to `to` where a text begins, or a byte of 128 or more stands, whichever comes first.
 * The bytes of its first and last place are looked for 16 places at once (W. Muła, "SIMD-friendly algorithms for substring
 * searching", 2016), the others one by one where both are there. Up to 16 bytes and the text's length beyond are read.
 *
 * @param length - of the text, 1 or more.
 * @returns the place, `to` when there is none. A text that begins before `to` may end behind it.
 */
export function findTextOrNonAscii(from: usize, to: usize, text: usize, length: u32): usize {
  const first = i8x16.splat(load<i8>(text));
  const last = i8x16.splat(load<i8>(text + length - 1));
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const both = v128.and(i8x16.eq(bytes, first), i8x16.eq(v128.load(at + length - 1), last));
    let mask: u32 = i8x16.bitmask(v128.or(bytes, both));
    while (mask != 0) {
      const place = at + ctz(mask);
      if (place >= to) return to;
      if (load<u8>(place) >= 128 || isText(place, text, length)) return place;
      mask &= mask - 1;
    }
  }
  return to;
}

@inline
function isText(place: usize, text: usize, length: u32): bool {
  for (let index: u32 = 0; index < length; index++)
    if (load<u8>(place + index) != load<u8>(text + index)) return false;
  return true;
}
