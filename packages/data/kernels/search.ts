// Searches for a text.

/**
 * Find the first place from `from` up to `to` where a text begins, or a byte of 128 or more stands, whichever comes first.
 * Four bytes of the text, the first and the last among them, are looked for at 64 places at once (after W. Muła,
 * "SIMD-friendly algorithms for substring searching", 2016, with two more, as the first and the last of `" 50` are near each
 * other in most lines of a log), the others one by one where these are there. Up to 16 bytes and the text's length beyond
 * are read.
 *
 * @param length - of the text, 1 or more.
 * @returns the place, `to` when there is none. A text that begins before `to` may end behind it.
 */
export function findTextOrNonAscii(from: usize, to: usize, text: usize, length: u32): usize {
  const last = <usize>length - 1;
  const second = last / 3;
  const third = last - second;
  const a = i8x16.splat(load<i8>(text));
  const b = i8x16.splat(load<i8>(text + second));
  const c = i8x16.splat(load<i8>(text + third));
  const d = i8x16.splat(load<i8>(text + last));
  for (let at = from; at < to; ) {
    for (; at + 64 <= to; at += 64) {
      const low = v128.or(hits(at, a, b, c, d, second, third, last), hits(at + 16, a, b, c, d, second, third, last));
      const high = v128.or(hits(at + 32, a, b, c, d, second, third, last), hits(at + 48, a, b, c, d, second, third, last));
      if (i8x16.bitmask(v128.or(low, high)) != 0) break;
    }
    for (const stop = min(to, at + 64); at < stop; at += 16) {
      let mask: u32 = i8x16.bitmask(hits(at, a, b, c, d, second, third, last));
      while (mask != 0) {
        const place = at + ctz(mask);
        if (place >= to) return to;
        if (load<u8>(place) >= 128 || isText(place, text, length)) return place;
        mask &= mask - 1;
      }
    }
  }
  return to;
}

/** High bits at those of 16 places where the four bytes are, or one of 128 or more. */
@inline
function hits(at: usize, a: v128, b: v128, c: v128, d: v128, second: usize, third: usize, last: usize): v128 {
  const bytes = v128.load(at);
  const inner = v128.and(i8x16.eq(v128.load(at + second), b), i8x16.eq(v128.load(at + third), c));
  const outer = v128.and(i8x16.eq(bytes, a), i8x16.eq(v128.load(at + last), d));
  return v128.or(bytes, v128.and(inner, outer));
}

@inline
function isText(place: usize, text: usize, length: u32): bool {
  for (let index: u32 = 0; index < length; index++)
    if (load<u8>(place + index) != load<u8>(text + index)) return false;
  return true;
}
