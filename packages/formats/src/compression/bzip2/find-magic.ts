// Where the 48 bits of a block's magic number stand in bytes, at any bit. They can stand there by chance, once in 2^48
// places: who finds them checks the block.

import { BitCursor } from "./bit-cursor.ts";
import { blockMagic, magicBits } from "./block-decoder.ts";

/** For each byte: a bit for each of the 8 shifts with which the magic number's second byte on a boundary is this one. */
const shiftsOfByte = new Uint8Array(256);
for (let shift = 0; shift < 8; shift++) {
  // The 8 bits behind the first `8 - shift` ones, and 8 more.
  const byte = Math.floor(blockMagic / 2 ** (magicBits - 16 + shift)) & 0xff;
  shiftsOfByte[byte] = shiftsOfByte[byte]! | (1 << shift);
}

/** Find all places where the magic number stands whole. @returns bits counted from the first byte, ascending. */
export function findBlockMagics(bytes: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let at = 1; at < bytes.length; at++) {
    const shifts = shiftsOfByte[bytes[at]!]!;
    if (shifts === 0) continue;
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (at - 1) * 8 + shift;
      if (((shifts >> shift) & 1) === 1 && magicAt(bytes, bit) === blockMagic) found.push(bit);
    }
  }
  return found.sort((left, right) => left - right);
}

/** The 48 bits at a place as a number; -1 where they are not all there. */
export function magicAt(bytes: Uint8Array, bit: number): number {
  const cursor = new BitCursor(bytes, bit);
  return cursor.has(magicBits) ? cursor.take(24) * 2 ** 24 + cursor.take(24) : -1;
}
