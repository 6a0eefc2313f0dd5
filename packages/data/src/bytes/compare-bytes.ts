// The one order of keys: unsigned bytes from the left, a prefix before what it begins.

/** Compare two byte ranges. @returns below 0, 0 or above 0. Cost: the length of the common prefix. */
// Called for every pair of a merge: objects for the two ranges would cost more than the comparison.
// eslint-disable-next-line max-params
export function compareRanges(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const common = aLength < bLength ? aLength : bLength;
  for (let index = 0; index < common; index++) {
    const difference = a[aStart + index]! - b[bStart + index]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** Compare two byte arrays in key order. @returns below 0, 0 or above 0. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return compareRanges(a, 0, a.length, b, 0, b.length);
}
