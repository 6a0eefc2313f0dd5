// MurmurHash3_x86_32 with seed 0 (Austin Appleby, public domain, smhasher): where a key goes, in the combine table and
// among partitions. Named and seeded by nothing, so that it is the same in every process and release.

const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;

/** Hash a range of bytes. @returns 32 bits, unsigned. */
export function murmur32(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const tail = end - (length & 3);
  let hash = 0;
  let at = start;
  for (; at < tail; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, c1);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, c2);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  if (at < end) {
    let word = bytes[at]!;
    if (at + 1 < end) word |= bytes[at + 1]! << 8;
    if (at + 2 < end) word |= bytes[at + 2]! << 16;
    word = Math.imul(word, c1);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, c2);
  }
  hash ^= length;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * The same hash of bytes given as little-endian words, as quick as the hash can be.
 *
 * @param words bytes from place 0; those after `length` up to a multiple of 4 are zero.
 * @param length bytes to hash.
 * @returns 32 bits, signed: a number that an object's field holds without a box.
 */
export function murmur32Words(words: Int32Array, length: number): number {
  const whole = length >>> 2;
  let hash = 0;
  for (let index = 0; index < whole; index++) {
    let word = Math.imul(words[index]!, c1);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, c2);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  if ((length & 3) !== 0) {
    let word = Math.imul(words[whole]!, c1);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, c2);
  }
  hash ^= length;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
