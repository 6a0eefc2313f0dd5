// Which record of a batch a byte is of, and where records begin to be too long.

import type { RecordBatch } from "../split/split-reader.ts";

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

/** The first record from `first` up to `last` that has more than `bytesMax` bytes; `last` when there is none. */
export function endOfShort(
  { offsets }: Pick<RecordBatch, "offsets">,
  first: number,
  { last, bytesMax }: { readonly last: number; readonly bytesMax: number },
): number {
  for (let index = first; index < last; index++)
    if (offsets[2 * index + 1]! - offsets[2 * index]! > bytesMax) return index;
  return last;
}
