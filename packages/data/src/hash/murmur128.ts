// MurmurHash3_x86_128 with seed 0 (Austin Appleby, public domain, smhasher), streaming: the content digest of segments
// and vectors, and the hash under `distinct`. Only 32-bit multiplications, which JavaScript has at full speed.
// It finds faults, not forgers: who may write segments is decided elsewhere.

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/** Takes blocks of 16 bytes at once, where it can. */
export interface MurmurBlocks {
  /** Take bytes from `start` up to `end`, a multiple of 16 of them, into the four words. @returns false when it cannot. */
  take(state: Int32Array, bytes: Uint8Array, start: number, end: number): boolean;
}

// Shorter ones cost less than a call.
const blocksBytesMin = 512;

/** Hash bytes that arrive in pieces; how they are cut does not matter. */
export class Murmur128 {
  readonly #byKernel: MurmurBlocks | undefined;
  readonly #state = new Int32Array(4);
  #h1 = 0;
  #h2 = 0;
  #h3 = 0;
  #h4 = 0;
  #length = 0;
  readonly #tail = new Uint8Array(16);
  #tailLength = 0;

  /** @param byKernel - for bytes in kernel memory. */
  constructor(byKernel?: MurmurBlocks) {
    this.#byKernel = byKernel;
  }

  /** Begin again. */
  reset(): this {
    this.#h1 = this.#h2 = this.#h3 = this.#h4 = 0;
    this.#length = 0;
    this.#tailLength = 0;
    return this;
  }

  /** Take a range of bytes; nothing of it is kept. */
  update(bytes: Uint8Array, start = 0, end: number = bytes.length): this {
    this.#length += end - start;
    let at = start;
    if (this.#tailLength > 0) {
      while (this.#tailLength < 16 && at < end) this.#tail[this.#tailLength++] = bytes[at++]!;
      if (this.#tailLength < 16) return this;
      this.#blocks(this.#tail, 0, 16);
      this.#tailLength = 0;
    }
    const whole = at + ((end - at) & ~15);
    if (whole - at < blocksBytesMin || !this.#takeByKernel(bytes, at, whole)) this.#blocks(bytes, at, whole);
    for (at = whole; at < end; at++) this.#tail[this.#tailLength++] = bytes[at]!;
    return this;
  }

  /** The hash of what was taken so far, as four 32-bit words written to `into`. More may be taken after. */
  words(into: Uint32Array): Uint32Array {
    const k = [0, 0, 0, 0];
    for (let index = 0; index < this.#tailLength; index++) k[index >>> 2]! |= this.#tail[index]! << ((index & 3) * 8);
    let h1 = this.#h1 ^ mix(k[0]!, c1, 15, c2);
    let h2 = this.#h2 ^ mix(k[1]!, c2, 16, c3);
    let h3 = this.#h3 ^ mix(k[2]!, c3, 17, c4);
    let h4 = this.#h4 ^ mix(k[3]!, c4, 18, c1);
    // The reference hashes lengths below 2^32; the low word of a longer one is taken.
    const length = this.#length >>> 0;
    h1 ^= length;
    h2 ^= length;
    h3 ^= length;
    h4 ^= length;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = finish(h1);
    h2 = finish(h2);
    h3 = finish(h3);
    h4 = finish(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    into[0] = h1;
    into[1] = h2 + h1;
    into[2] = h3 + h1;
    into[3] = h4 + h1;
    return into;
  }

  /** The first `digits` (8, 16, 24 or 32) hexadecimal digits of the hash, word by word, most significant digit first. */
  hex(digits: 16 | 32): string {
    const words = this.words(new Uint32Array(4));
    let text = "";
    for (let index = 0; index < digits / 8; index++) text += words[index]!.toString(16).padStart(8, "0");
    return text;
  }

  #takeByKernel(bytes: Uint8Array, start: number, end: number): boolean {
    const state = this.#state;
    state[0] = this.#h1;
    state[1] = this.#h2;
    state[2] = this.#h3;
    state[3] = this.#h4;
    if (this.#byKernel?.take(state, bytes, start, end) !== true) return false;
    this.#h1 = state[0];
    this.#h2 = state[1];
    this.#h3 = state[2];
    this.#h4 = state[3];
    return true;
  }

  #blocks(bytes: Uint8Array, start: number, end: number): void {
    let h1 = this.#h1;
    let h2 = this.#h2;
    let h3 = this.#h3;
    let h4 = this.#h4;
    for (let at = start; at < end; at += 16) {
      let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      k = Math.imul(k, c1);
      h1 ^= Math.imul((k << 15) | (k >>> 17), c2);
      h1 = (h1 << 19) | (h1 >>> 13);
      h1 = (Math.imul((h1 + h2) | 0, 5) + 0x561ccd1b) | 0;
      k = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
      k = Math.imul(k, c2);
      h2 ^= Math.imul((k << 16) | (k >>> 16), c3);
      h2 = (h2 << 17) | (h2 >>> 15);
      h2 = (Math.imul((h2 + h3) | 0, 5) + 0x0bcaa747) | 0;
      k = bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24);
      k = Math.imul(k, c3);
      h3 ^= Math.imul((k << 17) | (k >>> 15), c4);
      h3 = (h3 << 15) | (h3 >>> 17);
      h3 = (Math.imul((h3 + h4) | 0, 5) + 0x96cd1c35) | 0;
      k = bytes[at + 12]! | (bytes[at + 13]! << 8) | (bytes[at + 14]! << 16) | (bytes[at + 15]! << 24);
      k = Math.imul(k, c4);
      h4 ^= Math.imul((k << 18) | (k >>> 14), c1);
      h4 = (h4 << 13) | (h4 >>> 19);
      h4 = (Math.imul((h4 + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    this.#h1 = h1;
    this.#h2 = h2;
    this.#h3 = h3;
    this.#h4 = h4;
  }
}

function mix(word: number, before: number, turn: number, after: number): number {
  const turned = Math.imul(word, before);
  return Math.imul((turned << turn) | (turned >>> (32 - turn)), after);
}

function finish(word: number): number {
  let hash = word ^ (word >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
