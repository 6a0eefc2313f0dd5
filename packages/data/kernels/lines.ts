// Finds lines.

/**
 * Note where the lines of the bytes from `from` up to `to` begin and end, those alone that LF ends: pairs of offsets from
 * `base`, the CR before an LF left out. Up to 64 bytes beyond are read.
 *
 * @param pairs - where pairs are noted, with room for `pairsMax`.
 * @returns how many were.
 */
export function splitLines(base: usize, from: usize, to: usize, pairs: usize, pairsMax: u32): u32 {
  const last = pairs + ((<usize>pairsMax) << 3);
  let place = pairs;
  let begin = from;
  for (let at = from; at < to; at += 64) {
    if (place == last) return pairsMax;
    let mask = lineFeedsOf64(at);
    if (at + 64 > to) mask &= ((<u64>1) << (<u64>(to - at))) - 1;
    // Where lines are long the first feed of 64 bytes is the last, and whether there is one is hard to foretell: it is
    // noted as if there were, and the next takes its place when there was none.
    const isOne = <usize>(mask != 0);
    let end = at + <usize>ctz(mask);
    notePair(place, base, begin, end);
    place += isOne << 3;
    begin += (end + 1 - begin) & (0 - isOne);
    for (mask &= mask - 1; mask != 0; mask &= mask - 1) {
      if (place == last) return pairsMax;
      end = at + <usize>ctz(mask);
      notePair(place, base, begin, end);
      place += 8;
      begin = end + 1;
    }
  }
  return <u32>((place - pairs) >> 3);
}

@inline
function notePair(place: usize, base: usize, begin: usize, end: usize): void {
  const isCarriage = <u32>(end > begin) & <u32>(load<u8>(end - 1) == 13);
  store<u32>(place, <u32>(begin - base));
  store<u32>(place, <u32>(end - base) - isCarriage, 4);
}

/** Which of the 64 bytes from `at` on are LF: a bit for each. */
@inline
function lineFeedsOf64(at: usize): u64 {
  const feed = i8x16.splat(10);
  const first = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), feed)));
  const second = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 16), feed)));
  const third = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 32), feed)));
  const fourth = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 48), feed)));
  return first | (second << 16) | (third << 32) | (fourth << 48);
}

/**
 * Where the first byte of 128 or more stands from `from` up to `to`; `to` when there is none. Up to 16 bytes beyond are
 * read.
 */
export function findNonAscii(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(v128.load(at));
    if (mask != 0) return min(to, at + ctz(mask));
  }
  return to;
}
