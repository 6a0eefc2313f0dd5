import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, rangeOf } from "../../src/index.ts";

const bytes = fc.uint8Array({ maxLength: 4 });

describe("rangeOf()", () => {
  it("gives the first partition whose cut is above the key", () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 12 }), bytes, (unsorted, key) => {
        const cuts = unsorted.toSorted(compareBytes);
        const above = cuts.findIndex((cut) => compareBytes(key, cut) < 0);
        expect(rangeOf(cuts, key, key.length)).toBe(above < 0 ? cuts.length : above);
      }),
      { numRuns: 2_000 },
    );
  });

  it("puts a key that equals a cut, and one that it begins, behind it", () => {
    const cuts = [Uint8Array.of(1, 2)];
    expect(rangeOf(cuts, Uint8Array.of(1), 1)).toBe(0);
    expect(rangeOf(cuts, Uint8Array.of(1, 1, 255), 3)).toBe(0);
    expect(rangeOf(cuts, Uint8Array.of(1, 2), 2)).toBe(1);
    expect(rangeOf(cuts, Uint8Array.of(1, 2, 0), 3)).toBe(1);
  });

  it("looks at no more of a buffer than the key is long", () => {
    expect(rangeOf([Uint8Array.of(1, 2)], Uint8Array.of(1, 2, 3), 1)).toBe(0);
    expect(rangeOf([], Uint8Array.of(9), 1)).toBe(0);
  });
});
