import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHash128 } from "../../src/digest/murmur-hash.ts";

const hashOf = (text: string, seed = 0): string => {
  const hash = createHash128(seed);
  for (const byte of new TextEncoder().encode(text)) hash.addByte(byte);
  return hash.digest();
};

describe("createHash128()", () => {
  // From the reference implementation, smhasher's MurmurHash3_x86_128.
  it.each([
    ["", 0, "00000000000000000000000000000000"],
    ["a", 0, "a794933c5556b01b5556b01b5556b01b"],
    ["The quick brown fox jumps over the lazy dog", 0, "2f1583c3ecee2c675d7bf66ce5e91d2c"],
  ])("hashes %j like the reference", (text, seed, digest) => {
    expect(hashOf(text, seed)).toBe(digest);
  });

  it("does not care how bytes come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff })), fc.nat({ max: 3 }), (words, shift) => {
        const [whole, single] = [createHash128(), createHash128()];
        for (let at = 0; at < shift; at += 1) {
          whole.addByte(at);
          single.addByte(at);
        }
        for (const word of words) {
          whole.addUint32(word);
          for (let bits = 0; bits < 32; bits += 8) single.addByte(word >>> bits);
        }
        expect(whole.digest()).toBe(single.digest());
      }),
    );
  });

  it("tells texts apart that only their border tells apart", () => {
    const two = (a: string, b: string): string => {
      const hash = createHash128();
      hash.addText(a);
      hash.addText(b);
      return hash.digest();
    };
    expect(two("ab", "c")).not.toBe(two("a", "bc"));
    expect(two("", "abc")).not.toBe(two("abc", ""));
  });

  it("tells integers apart up to 2^53, and below zero", () => {
    const one = (value: number): string => {
      const hash = createHash128();
      hash.addInteger(value);
      return hash.digest();
    };
    const values = [0, 1, -1, 2 ** 32, 2 ** 32 - 1, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 52];
    expect(new Set(values.map(one)).size).toBe(values.length);
  });
});
