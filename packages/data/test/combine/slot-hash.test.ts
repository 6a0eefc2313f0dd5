// The hash by which a table finds a key: that it spreads keys which differ in little. That kernels have the same one is seen
// where they and the twin fill one table: test/kernel, test/map.

import { describe, expect, it } from "vitest";
import { slotHash } from "../../src/combine/slot-hash.ts";

const encoder = new TextEncoder();
const slotBits = 14;

function homeOf(key: string): number {
  const bytes = new Uint8Array(16);
  bytes.set(encoder.encode(key));
  const hash = slotHash({ bytes, words: new Int32Array(bytes.buffer), length: key.length, hash: 0 });
  return hash >>> (32 - slotBits);
}

/** Of half as many keys as slots: how many of them are alone with their home, or the first there. */
function homesOf(keyOf: (index: number) => string): number {
  return new Set(Array.from({ length: 1 << (slotBits - 1) }, (_, index) => homeOf(keyOf(index)))).size;
}

describe("slotHash()", () => {
  // Of keys that fall at random into twice as many slots 78.7 % have a home of their own or are the first there.
  const homesMin = 0.75 * (1 << (slotBits - 1));

  it.each<[string, (index: number) => string]>([
    ["numbers", String],
    ["numbers behind a name", (index) => `customer-${index}`],
    ["numbers before a name", (index) => `${index}.example`],
    ["numbers of fixed width", (index) => String(index).padStart(16, "0")],
    ["the last bytes of two words", (index) => `abc${letter(index)}def${letter(index >>> 5)}gh${letter(index >>> 10)}`],
    [
      "the last bytes of all words",
      (index) => `abc${letter(index)}def${letter(index >>> 5)}ghi${letter(index >>> 10)}jkl`,
    ],
  ])("spreads keys that differ in %s", (_, keyOf) => {
    expect(homesOf(keyOf)).toBeGreaterThan(homesMin);
  });

  it("is that of the key where it has more than 16 bytes", () => {
    expect(slotHash({ bytes: new Uint8Array(20), words: new Int32Array(5), length: 17, hash: -7 })).toBe(-7);
  });
});

function letter(index: number): string {
  return String.fromCharCode(0x41 + (index & 31));
}
