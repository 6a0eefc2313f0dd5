import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkPartitionConserved,
  checkRangesTile,
  decodeVector,
  digestVector,
  encodeVector,
  type SegmentVector,
  sumPartition,
} from "../../src/index.ts";

const vectors = fc
  .array(
    fc.record({
      pairs: fc.maxSafeInteger().map(Math.abs),
      rawBytes: fc.maxSafeInteger().map(Math.abs),
      digest: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    }),
  )
  .map((rows): SegmentVector => ({
    pairs: rows.map((row) => row.pairs),
    rawBytes: rows.map((row) => row.rawBytes),
    digests: rows.map((row) => row.digest.toString(16).padStart(16, "0")),
  }));

describe("a segment vector", () => {
  it("survives its binary form, sizes up to 2^53", () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        expect(decodeVector(encodeVector(vector))).toEqual(vector);
      }),
    );
  });
  it("has another digest when anything in it differs", () => {
    const vector: SegmentVector = {
      pairs: [1, 2],
      rawBytes: [10, 20],
      digests: ["0123456789abcdef", "fedcba9876543210"],
    };
    const others = [
      { ...vector, pairs: [2, 1] },
      { ...vector, pairs: [1, 3] },
      { ...vector, rawBytes: [10, 21] },
      { ...vector, digests: vector.digests.toReversed() },
      { pairs: [1], rawBytes: [10], digests: vector.digests.slice(0, 1) },
    ];
    expect(new Set([vector, ...others].map(digestVector)).size).toBe(6);
    expect(digestVector(vector)).toMatch(/^[0-9a-f]{32}$/u);
  });
  it("refuses bytes that are none", () => {
    expect(() => decodeVector(new Uint8Array(25))).toThrow(expect.objectContaining({ code: "E_CONSERVATION" }));
    expect(() => decodeVector(new Uint8Array(24).fill(255))).toThrow(
      expect.objectContaining({ code: "E_CONSERVATION" }),
    );
  });
});

describe("checkPartitionConserved()", () => {
  const written = sumPartition(
    [
      { pairs: [3, 0], rawBytes: [30, 0], digests: [] },
      { pairs: [4, 1], rawBytes: [40, 5], digests: [] },
    ],
    0,
  );
  it("takes what was written", () => {
    expect(written).toEqual({ segments: 2, pairs: 7, rawBytes: 70 });
    checkPartitionConserved(0, written, written);
  });
  it.each(["segments", "pairs", "rawBytes"] as const)("refuses other %s", (what) => {
    for (const more of [-1, 1])
      expect(() => checkPartitionConserved(0, written, { ...written, [what]: written[what] + more })).toThrow(
        expect.objectContaining({ code: "E_CONSERVATION" }),
      );
  });
});

describe("checkRangesTile()", () => {
  const check = (ranges: readonly (readonly [number, number])[], bytes: number): void =>
    checkRangesTile(
      ranges.map(([begin, end]) => ({ begin, end })),
      bytes,
      "file:/x",
    );
  it("takes ranges that tile, in any order, empty ones anywhere", () => {
    check(
      [
        [5, 10],
        [0, 5],
        [7, 7],
      ],
      10,
    );
    check([], 0);
    check([[0, 0]], 0);
  });
  it.each([
    ["a gap at the begin", [[1, 10]], 10],
    [
      "a gap",
      [
        [0, 4],
        [5, 10],
      ],
      10,
    ],
    ["a gap at the end", [[0, 9]], 10],
    [
      "an overlap",
      [
        [0, 6],
        [5, 10],
      ],
      10,
    ],
    [
      "a range twice",
      [
        [0, 10],
        [0, 10],
      ],
      10,
    ],
    ["a range beyond the file", [[0, 11]], 10],
    ["nothing read", [], 10],
  ] as const)("refuses %s", (_name, ranges, bytes) =>
    expect(() => check(ranges, bytes)).toThrow(expect.objectContaining({ code: "E_CONSERVATION" })),
  );
});
