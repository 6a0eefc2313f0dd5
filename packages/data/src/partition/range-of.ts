// Which key range a key lies in: partitions whose order is that of their keys, for a total order over part files.

import { compareRanges } from "../bytes/compare-bytes.ts";

/**
 * Choose the partition of the first `length` bytes of `key`: the first `i` with key < `cuts[i]` in the order of unsigned
 * bytes, where a beginning comes before what it begins, else `cuts.length`. So a key that equals a cut goes behind it.
 *
 * @param cuts ascending; equal ones leave partitions empty. Cost: log2 of their number comparisons.
 * @returns an integer in [0, cuts.length].
 */
export function rangeOf(cuts: readonly Uint8Array[], key: Uint8Array, length: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const cut = cuts[middle]!;
    if (compareRanges(key, 0, length, cut, 0, cut.length) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
