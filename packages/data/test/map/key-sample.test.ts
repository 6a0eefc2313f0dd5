import { describe, expect, it } from "vitest";
import { dataLimits, intCodec, KeySample, textCodec } from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("KeySample", () => {
  it("keeps all keys while there are few, ascending", () => {
    const sample = new KeySample({ key: textCodec, keysMax: 4, keyBytesMax: 64, random: seededRandom(1) });
    for (const key of ["b", "a", "b"]) sample.take(key);
    expect(sample.sorted().map(textOf)).toEqual(["a", "b", "b"]);
    expect(sample.count).toBe(3);
  });

  it("keeps beginnings of long keys", () => {
    const sample = new KeySample({ key: textCodec, keysMax: 4, keyBytesMax: 3, random: seededRandom(1) });
    sample.take("abcdef");
    expect(sample.sorted().map(textOf)).toEqual(["abc"]);
  });

  it("keeps each of many keys with the same chance", () => {
    const random = seededRandom(7);
    const kept = Array.from({ length: 10 }, () => 0);
    for (let round = 0; round < 500; round++) {
      const sample = new KeySample({ key: textCodec, keysMax: 50, keyBytesMax: 64, random });
      for (let key = 0; key < 1_000; key++) sample.take(String(key));
      expect(sample.sorted().length).toBe(50);
      for (const bytes of sample.sorted()) {
        kept[Math.floor(Number(textOf(bytes)) / 100)]! += 1;
      }
    }
    // 25,000 keys in 10 bins of 2,500, standard deviation below 50.
    for (const count of kept) expect(Math.abs(count - 2_500)).toBeLessThan(250);
  });

  it("gives the same sample for the same keys and numbers", () => {
    const run = (): readonly Uint8Array[] => {
      const sample = new KeySample({ key: intCodec, keysMax: 5, keyBytesMax: 64, random: seededRandom(3) });
      for (let key = 0; key < 100; key++) sample.take(key);
      return sample.sorted();
    };
    expect(run()).toEqual(run());
  });

  it("refuses what a map output refuses", () => {
    const sample = new KeySample({ key: textCodec, keysMax: 4, keyBytesMax: 64, random: seededRandom(1) });
    for (const key of ["\uD800", 7 as never, "x".repeat(dataLimits.keyBytesMax + 1)])
      expect(() => sample.take(key)).toThrow(expect.objectContaining({ code: "E_KEY_INVALID" }));
  });
});
