// Which record of a batch a byte is of.

/** The one of records [first, last) in which a byte lies, or behind which, before the next. */
export function recordAt(offsets: Int32Array, place: number, first: number, last: number): number {
  let [low, high] = [first, last - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (offsets[2 * middle]! <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
