// The hash by which a combine table finds a key. It is its own: the hash that chooses the partition takes a step for each
// four bytes, and a kernel waits for that more than for the search.

import type { TableKey } from "./table-key.ts";

const inlineWords = 4;

/**
 * Hash a key: one of up to 16 bytes by its four words, a longer one as `murmur32` does. The highest bits are the best.
 *
 * @returns 32 bits, signed.
 */
export function slotHash({ words, length, hash }: TableKey): number {
  if (length > inlineWords * 4) return hash;
  // Each word is turned, as its last byte reaches only the highest bits of its product.
  const low = (Math.imul(words[0]!, 0xcc9e2d51) + turn(Math.imul(words[1]!, 0x1b873593), 16)) | 0;
  const high = (turn(Math.imul(words[2]!, 0x85ebca6b), 8) + turn(Math.imul(words[3]!, 0xc2b2ae35), 24)) | 0;
  const sum = (low + high) | 0;
  return Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
