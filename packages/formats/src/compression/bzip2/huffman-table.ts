// Huffman tables of a bzip2 block: canonical codes of 1 to 20 bits, looked up by their first bits.

/** Longest code that the format has. */
export const codeBitsMax = 20;
/** Codes of so many bits are found by one look; longer ones, which are rare, by a search over lengths. */
export const lookBits = 10;

/** What turns bits into symbols. */
export interface HuffmanTable {
  /** For each value of the next {@link lookBits} bits: `symbol << 5 | bits`, 0 where the code is longer or is none. */
  readonly look: Uint16Array;
  /** For each length: the greatest code of it, -1 when there is none. */
  readonly limit: Int32Array;
  /** For each length: what to subtract from a code to have its place in `symbols`. */
  readonly base: Int32Array;
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

/** Make the table of these lengths, one for each symbol. Incomplete codes are allowed, as the reference has it. */
export function createHuffmanTable(lengths: Uint8Array): HuffmanTable {
  const symbols = new Uint16Array(lengths.length);
  const limit = new Int32Array(codeBitsMax + 1).fill(-1);
  const base = new Int32Array(codeBitsMax + 1);
  const look = new Uint16Array(1 << lookBits);
  let code = 0;
  let count = 0;
  for (let bits = 1; bits <= codeBitsMax; bits++) {
    base[bits] = code - count;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== bits) continue;
      symbols[count++] = symbol;
      if (bits <= lookBits) {
        const first = code << (lookBits - bits);
        // Oversubscribed lengths give codes that do not fit: what they would overwrite lies behind the end.
        look.fill((symbol << 5) | bits, first, first + (1 << (lookBits - bits)));
      }
      limit[bits] = code++;
    }
    code *= 2;
  }
  return { look, limit, base, symbols };
}
