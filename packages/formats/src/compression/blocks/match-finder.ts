// Where bytes repeat, for packers of Snappy and LZ4 blocks: one place for each hash of four bytes, as both reference
// packers keep them. Fast and greedy; the ratio is theirs at their fastest.

/** What is repeated: `length` bytes at `at` stand `offset` before it too. */
export interface Match {
  at: number;
  offset: number;
  length: number;
}

/** Shortest repetition that is worth a copy. */
export const matchBytesMin = 4;
// 2^14 places of 4 bytes: 64 KiB, as LZ4 has by default.
const hashBits = 14;
/** Offsets of both formats' short forms have 16 bits. */
const offsetMax = 0xffff;
/** Knuth's multiplier of Fibonacci hashing, 2^32 / golden ratio. */
const multiplier = 0x9e3779b1;

/** Finds repetitions in one block after the other. */
export class MatchFinder {
  /** Places of the last four bytes of each hash, counted from 1. */
  readonly #places = new Int32Array(1 << hashBits);
  readonly #match: Match = { at: 0, offset: 0, length: 0 };

  /** Forget the block before. */
  begin(): void {
    this.#places.fill(0);
  }

  /**
   * Find the first repetition that begins at or behind `from`, and that begins and ends before `limit`.
   *
   * @returns it, valid until the next call, or undefined when there is none.
   */
  next(bytes: Uint8Array, from: number, limit: number): Match | undefined {
    const places = this.#places;
    const last = limit - matchBytesMin;
    // Bytes that do not repeat are looked at ever more loosely, as both reference packers do.
    let misses = 32;
    for (let at = from; at <= last; at += misses++ >> 5) {
      const four = fourBytes(bytes, at);
      const hash = Math.imul(four, multiplier) >>> (32 - hashBits);
      const before = places[hash]! - 1;
      places[hash] = at + 1;
      if (before < 0 || at - before > offsetMax || fourBytes(bytes, before) !== four) continue;
      let length = matchBytesMin;
      while (at + length < limit && bytes[before + length] === bytes[at + length]) length++;
      const match = this.#match;
      match.at = at;
      match.offset = at - before;
      match.length = length;
      return match;
    }
    return undefined;
  }
}

function fourBytes(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
