// Of what characters words are made where they are runs of letters.

/** What words are: what stands between white space (`\s`), or the longest runs of {@link wordLetter}. */
export type WordKind = "blanks" | "letters";

/** A letter, mark or number. */
export const wordLetter: RegExp = /[\p{L}\p{M}\p{N}]/u;

/** So many characters have up to three bytes. */
const characters = 0x1_0000;
/** Of {@link letterBits}. */
export const letterBitsBytes: number = characters / 8;
let made: Uint8Array | undefined;

/**
 * A bit for each character of up to three bytes, by code points, the lowest of a byte first: whether it is a letter as the
 * platform's expressions know it, so that kernels and functions never differ. Made once, 10 ms. Not to be changed.
 */
export function letterBits(): Uint8Array {
  made ??= makeBits();
  return made;
}

function makeBits(): Uint8Array {
  const bits = new Uint8Array(letterBitsBytes);
  for (let code = 0; code < characters; code++)
    if (wordLetter.test(String.fromCharCode(code))) bits[code >>> 3]! |= 1 << (code & 7);
  return bits;
}
