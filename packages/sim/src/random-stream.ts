// Random numbers split by purpose: each (seed, purpose, parts) has a stream of its own, so that one fault more or less
// never shifts the draws of another. Not for secrets.

/** Draw numbers from one purpose's stream; the same name gives the same numbers, for ever. */
export interface RandomStream {
  /** 0 to 2^32-1. */
  next(): number;
  /** 0 (inclusive) to 1 (exclusive). */
  float(): number;
  /** `least` to `most`, both inclusive. */
  integer(least: number, most: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(items: readonly T[]): T;
  /** A whole number of ms, at least 1, exponential with the mean, at most 20 means. */
  delayMs(meanMs: number): number;
}

/** Make the stream of a purpose. Parts are joined with `|`. */
export function createStream(seed: number, purpose: string, ...parts: readonly (string | number)[]): RandomStream {
  return new SmallFastCounter(hashName(`${seed}|${purpose}|${parts.join("|")}`));
}

/** sfc32, a generator of 128 bits of state that passes PractRand. */
class SmallFastCounter implements RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(state: readonly [number, number, number, number]) {
    [this.a, this.b, this.c, this.counter] = state;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  float(): number {
    return this.next() / 4_294_967_296;
  }

  integer(least: number, most: number): number {
    return least + Math.floor(this.float() * (most - least + 1));
  }

  chance(p: number): boolean {
    return this.float() < p;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }

  delayMs(meanMs: number): number {
    const drawn = -Math.log(1 - this.float()) * meanMs;
    return Math.max(1, Math.min(Math.round(drawn), 20 * Math.ceil(meanMs)));
  }
}

/** Hash a name to 128 bits (the mixing of MurmurHash3, four lanes). */
function hashName(name: string): [number, number, number, number] {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  let c = 0xc2b2ae35;
  let d = 0x27d4eb2f;
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    a = Math.imul(a ^ code, 0x85ebca6b) ^ (b >>> 15);
    b = Math.imul(b ^ code, 0xc2b2ae35) ^ (c >>> 13);
    c = Math.imul(c ^ code, 0x27d4eb2f) ^ (d >>> 16);
    d = Math.imul(d ^ code, 0x165667b1) ^ (a >>> 14);
  }
  return [a, b, c, d];
}
