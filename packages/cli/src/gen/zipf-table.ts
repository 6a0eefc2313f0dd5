// Draw ranks by Zipf's law in constant time (alias method, Walker 1977; Vose 1991): rank k has weight 1 / (k + 1)^exponent.

import type { RandomStream } from "./random.ts";

/** Draws ranks 0 to `count - 1`. */
export interface ZipfTable {
  draw(random: RandomStream): number;
}

/** Build the table. @param count ranks, 1 to 2^20, rounded up to a power of two with zero weights. Cost: linear. */
export function createZipfTable(count: number, exponent: number): ZipfTable {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, count)));
  const weights = Float64Array.from({ length: size }, (_, rank) => (rank < count ? (rank + 1) ** -exponent : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scaled = weights.map((weight) => (weight * size) / total);
  const { threshold, alias } = fillAliases(scaled);
  const mask = size - 1;
  const bits = Math.log2(size);
  return {
    draw: (random) => {
      const drawn = random.next();
      const slot = drawn & mask;
      // The bits above the slot decide between it and its alias: 32 - bits of them are enough for a generator.
      return drawn >>> bits < (threshold[slot] ?? 0) ? slot : (alias[slot] ?? 0);
    },
  };

  function fillAliases(probabilities: Float64Array): { threshold: Float64Array; alias: Uint32Array } {
    const range = 2 ** (32 - Math.log2(size));
    const thresholds = new Float64Array(size).fill(range);
    const aliases = Uint32Array.from({ length: size }, (_, slot) => slot);
    const small: number[] = [];
    const large: number[] = [];
    probabilities.forEach((probability, slot) => (probability < 1 ? small : large).push(slot));
    while (small.length > 0 && large.length > 0) {
      const low = small.pop() ?? 0;
      const high = large.pop() ?? 0;
      thresholds[low] = (probabilities[low] ?? 0) * range;
      aliases[low] = high;
      probabilities[high] = (probabilities[high] ?? 0) + (probabilities[low] ?? 0) - 1;
      ((probabilities[high] ?? 0) < 1 ? small : large).push(high);
    }
    return { threshold: thresholds, alias: aliases };
  }
}
