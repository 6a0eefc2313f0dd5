// A 128-bit hash of bytes and numbers that both sides of a socket compute alike: MurmurHash3 x86_128 (Austin Appleby,
// public domain). It tells equal from different content; it is no defence against someone who forges content.

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/** Feed a hash piece by piece. The pieces are not marked: `addText` writes its own length first. */
export interface Hash128 {
  /** Append one byte, 0 to 255. */
  addByte(value: number): void;
  /** Append 4 bytes, little-endian. */
  addUint32(value: number): void;
  /** Append a safe integer as 8 bytes, two's complement, little-endian. */
  addInteger(value: number): void;
  /** Append the count of UTF-16 code units as 4 bytes, then each unit as 2 bytes, little-endian. */
  addText(text: string): void;
  /** End. @returns 32 lower-case hexadecimal digits: h1, h2, h3, h4. The hash must not be fed afterwards. */
  digest(): string;
}

/**
 * Start a hash with the given 32-bit seed.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp function MurmurHash3_x86_128
 */
export function createHash128(seed = 0): Hash128 {
  return new Murmur128(seed);
}

class Murmur128 implements Hash128 {
  readonly #lanes: Uint32Array;
  readonly #words = new Uint32Array(4);
  #length = 0;

  constructor(seed: number) {
    this.#lanes = new Uint32Array(4).fill(seed);
  }

  addByte(value: number): void {
    const at = this.#length & 15;
    const word = at >>> 2;
    this.#words[word] = (this.#words[word] ?? 0) | ((value & 0xff) << ((at & 3) * 8));
    this.#length += 1;
    if (at === 15) this.#mixBlock();
  }

  addUint32(value: number): void {
    const at = this.#length & 15;
    if ((at & 3) !== 0) {
      for (let shift = 0; shift < 32; shift += 8) this.addByte(value >>> shift);
      return;
    }
    this.#words[at >>> 2] = value;
    this.#length += 4;
    if (at === 12) this.#mixBlock();
  }

  addInteger(value: number): void {
    this.addUint32(value >>> 0);
    this.addUint32(Math.floor(value / 0x1_0000_0000) >>> 0);
  }

  addText(text: string): void {
    this.addUint32(text.length);
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      this.addByte(unit);
      this.addByte(unit >>> 8);
    }
  }

  digest(): string {
    const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = this.#words;
    const tail = this.#length & 15;
    let [h1 = 0, h2 = 0, h3 = 0, h4 = 0] = this.#lanes;
    if (tail > 12) h4 ^= Math.imul(rotate(Math.imul(k4, c4), 18), c1);
    if (tail > 8) h3 ^= Math.imul(rotate(Math.imul(k3, c3), 17), c4);
    if (tail > 4) h2 ^= Math.imul(rotate(Math.imul(k2, c2), 16), c3);
    if (tail > 0) h1 ^= Math.imul(rotate(Math.imul(k1, c1), 15), c2);
    const length = this.#length;
    h1 ^= length;
    h2 ^= length;
    h3 ^= length;
    h4 ^= length;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = finalMix(h1);
    h2 = finalMix(h2);
    h3 = finalMix(h3);
    h4 = finalMix(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    return [h1, h2 + h1, h3 + h1, h4 + h1].map(hex32).join("");
  }

  #mixBlock(): void {
    const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = this.#words;
    let [h1 = 0, h2 = 0, h3 = 0, h4 = 0] = this.#lanes;
    h1 ^= Math.imul(rotate(Math.imul(k1, c1), 15), c2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(k2, c2), 16), c3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(k3, c3), 17), c4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(k4, c4), 18), c1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
    this.#lanes.set([h1, h2, h3, h4]);
    this.#words.fill(0);
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Mix 32 bits so that each input bit changes each output bit with probability one half; a bijection. */
export function finalMix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Print the low 32 bits as 8 lower-case hexadecimal digits. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
