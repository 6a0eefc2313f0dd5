// Where kernels find the offsets of records.

import { expect, it } from "vitest";
import { batchOffsets } from "../../src/kernel/batch-offsets.ts";

it("batchOffsets() copies what lies elsewhere, once a batch", () => {
  const words = new Int32Array(16);
  const addressOf = batchOffsets({ words, offsets: 32 });
  const one = { offsets: Int32Array.of(1, 2, 3, 4, 5, 6), count: 2 };
  expect(addressOf(one)).toBe(32);
  expect([...words]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0]);
  words.fill(0);
  expect(addressOf(one)).toBe(32);
  expect(words.every((word) => word === 0)).toBe(true);
  expect(addressOf({ offsets: Int32Array.of(7, 8), count: 1 })).toBe(32);
  expect(words[8]).toBe(7);
  expect(addressOf({ offsets: words.subarray(2), count: 1 })).toBe(8);
});
