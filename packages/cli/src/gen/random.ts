// Random numbers for generated files: fast, seeded, the same on every machine. Not for secrets.

/** A stream of 32-bit numbers (xoshiro128**, Blackman and Vigna 2018), seeded by splitmix32. */
export interface RandomStream {
  /** Next number, 0 to 2^32-1. */
  next(): number;
}

/** Make a stream. @param seed any integer; equal seeds give equal streams. @param stream tells streams of one seed apart. */
export function createRandomStream(seed: number, stream: number): RandomStream {
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
  const splitmix = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  return {
    next: () => {
      const scrambled = Math.imul(b, 5);
      const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      return result;
    },
  };
}
