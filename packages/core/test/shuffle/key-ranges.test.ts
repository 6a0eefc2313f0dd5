import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutKeyRanges, limits, sampleKeysMaxOf } from "../../src/index.ts";

const hexKey: fc.Arbitrary<string> = fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes).toString("hex"));
/** The partition of a key, as hosts choose it. */
const partitionOf = (key: string, cuts: readonly string[]): number => {
  const index = cuts.findIndex((cut) => Buffer.compare(Buffer.from(key, "hex"), Buffer.from(cut, "hex")) < 0);
  return index < 0 ? cuts.length : index;
};
const counts = (keys: readonly string[], partitions: number): readonly number[] => {
  const cuts = cutKeyRanges(keys, partitions);
  return Array.from(
    { length: partitions },
    (_, index) => keys.filter((key) => partitionOf(key, cuts) === index).length,
  );
};
const spread = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(8, "0"));

describe("cutKeyRanges()", () => {
  it("gives one cut fewer than partitions, ascending, of sampled keys, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(hexKey, { minLength: 1 }), fc.integer({ min: 1, max: 20 }), (keys, partitions) => {
        const cuts = cutKeyRanges(keys, partitions);
        expect(cuts).toHaveLength(partitions - 1);
        expect(cuts).toEqual([...cuts].sort());
        expect(cuts.every((cut) => keys.includes(cut))).toBe(true);
        expect(cutKeyRanges([...keys].reverse(), partitions)).toEqual(cuts);
      }),
    );
  });

  it("gives distinct cuts above the least key as long as there are enough keys, and else uses them all", () => {
    fc.assert(
      fc.property(fc.array(hexKey, { minLength: 2 }), fc.integer({ min: 1, max: 20 }), (keys, partitions) => {
        const distinct = [...new Set(keys)].sort();
        const cuts = new Set(cutKeyRanges(keys, partitions));
        if (distinct.length > 1) expect(cuts.has(distinct[0] ?? "")).toBe(false);
        if (distinct.length >= partitions) expect(cuts.size).toBe(partitions - 1);
        else if (distinct.length > 1) expect([...cuts].sort()).toEqual(distinct.slice(1));
      }),
    );
  });

  it("cuts distinct keys into shares that differ by one at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }), (count, partitions) => {
        const shares = counts(spread(count), partitions).filter((share) => share > 0);
        expect(shares).toHaveLength(Math.min(count, partitions));
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("leaves a heavy key its own partition and shares out what is left", () => {
    const heavy = Array.from({ length: 1_000 }, () => "00000032");
    const shares = counts([...spread(100), ...heavy], 5);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(1_100);
    expect(shares.filter((share) => share >= 1_000)).toHaveLength(1);
    const others = shares.filter((share) => share < 1_000);
    expect(Math.max(...others)).toBeLessThanOrEqual(50);
    expect(Math.min(...others)).toBeGreaterThan(0);
  });

  it("sends everything to partition 0 when nothing was sampled", () => {
    const cuts = cutKeyRanges([], 4);
    expect(cuts).toHaveLength(3);
    expect(["", "00", "ff", "ff".repeat(63)].map((key) => partitionOf(key, cuts))).toEqual([0, 0, 0, 0]);
  });

  it("takes all keys of a large job in a moment, and gives what fits into one message", () => {
    const keys = Array.from({ length: limits.sampleKeysMax }, (_, index) =>
      ((index * 2_654_435_761) % 4_294_967_296).toString(16).padStart(2 * limits.sampleKeyBytesMax, "0"),
    );
    const cuts = cutKeyRanges(keys, limits.reducesMax);
    expect(new Set(cuts).size).toBe(limits.reducesMax - 1);
    expect(cuts.length * (limits.sampleKeyBytesMax + 3)).toBeLessThan(1024 * 1024);
  });
});

describe("sampleKeysMaxOf()", () => {
  it("shares out the keys of a job among its tasks, within bounds", () => {
    expect([0, 1, 100, 101, 1_000, 6_250, 50_000].map(sampleKeysMaxOf)).toEqual([1_000, 1_000, 1_000, 991, 100, 16, 4]);
  });
});
