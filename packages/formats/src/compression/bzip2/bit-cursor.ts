// Bits of a block's head, most significant first. For headers: the symbols of a block are read by faster code.

/** Reads bits of bytes in memory. */
export class BitCursor {
  readonly #bytes: Uint8Array;
  /** Place of the next bit. */
  bit: number;

  constructor(bytes: Uint8Array, bit: number) {
    this.#bytes = bytes;
    this.bit = bit;
  }

  /** Whether `count` bits are there. */
  has(count: number): boolean {
    return this.bit + count <= this.#bytes.length * 8;
  }

  /** Take 0 to 32 bits; bits behind the end are 0, see {@link BitCursor.isPast}. */
  take(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      const free = 8 - (this.bit & 7);
      const taken = Math.min(free, left);
      const byte = this.#bytes[this.bit >>> 3] ?? 0;
      value = (value << taken) | ((byte >> (free - taken)) & ((1 << taken) - 1));
      this.bit += taken;
      left -= taken;
    }
    return value >>> 0;
  }

  /** Whether bits were taken that are not there. */
  get isPast(): boolean {
    return this.bit > this.#bytes.length * 8;
  }
}
