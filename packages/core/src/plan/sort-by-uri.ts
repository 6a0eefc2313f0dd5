// The one order of files: by the bytes of their URIs. Plans, listings and manifests agree on it in any locale.

/** Compare two texts by their UTF-8 bytes, which is the order of code points: UTF-16 units differ above U+D800. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** Move surrogates, which stand for code points from U+10000, above U+E000 to U+FFFF. */
function utf8Rank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * Sort by {@link compareUtf8} of the URIs. @returns a new array.
 * URIs are nearly always ASCII, for which the engine's own comparison gives the same order several times faster.
 */
export function sortByUri<Item extends { readonly uri: string }>(items: readonly Item[]): Item[] {
  const plain = items.every(({ uri }) => !/[\ud800-\uffff]/.test(uri));
  if (!plain) return items.toSorted((a, b) => compareUtf8(a.uri, b.uri));
  return items.toSorted((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
}
