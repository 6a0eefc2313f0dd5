// Finds lines.

/**
 * Note where the lines of the bytes from `from` up to `to` begin and end, those alone that LF ends: pairs of offsets from
 * `base`, the CR before an LF left out. Up to 16 bytes beyond are read.
 *
 * @param pairs - where pairs are noted, with room for `pairsMax`.
 * @returns how many were.
 */
export function splitLines(base: usize, from: usize, to: usize, pairs: usize, pairsMax: u32): u32 {
  const lineFeed = i8x16.splat(10);
  const last = pairs + ((<usize>pairsMax) << 3);
  let place = pairs;
  let begin = from;
  for (let at = from; at < to; at += 16) {
    let mask: u32 = i8x16.bitmask(i8x16.eq(v128.load(at), lineFeed));
    if (at + 16 > to) mask &= (1 << (<u32>(to - at))) - 1;
    while (mask != 0) {
      if (place == last) return pairsMax;
      const end = at + ctz(mask);
      const isCarriage = end > begin && load<u8>(end - 1) == 13;
      store<u32>(place, <u32>(begin - base));
      store<u32>(place, <u32>(end - base) - <u32>isCarriage, 4);
      place += 8;
      begin = end + 1;
      mask &= mask - 1;
    }
  }
  return <u32>((place - pairs) >> 3);
}

/** Where the first byte of 128 or more stands from `from` up to `to`; `to` when there is none. Up to 16 bytes beyond are read. */
export function findNonAscii(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(v128.load(at));
    if (mask != 0) return min(to, at + ctz(mask));
  }
  return to;
}
