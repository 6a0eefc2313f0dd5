import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addVector,
  createPartitionSums,
  partitionSum,
  subtractVector,
  sumSegments,
  vectorDigest,
} from "../../src/shuffle/segment-sum.ts";

const digest = fc.stringMatching(/^[0-9a-f]{16}$/);
const segments = fc.uniqueArray(fc.record({ task: fc.nat({ max: 99_999 }), digest }), {
  selector: ({ task }) => task,
  maxLength: 50,
});

describe("sumSegments()", () => {
  it("does not depend on order", () => {
    fc.assert(
      fc.property(segments, (list) => {
        expect(sumSegments([...list].reverse())).toBe(sumSegments(list));
      }),
    );
  });

  it("changes when a segment is missing, doubled, changed, or exchanged with another's", () => {
    fc.assert(
      fc.property(segments, digest, digest, (rest, one, two) => {
        fc.pre(one !== two);
        const [first, second] = [
          { task: 100_000, digest: one },
          { task: 100_001, digest: two },
        ];
        const sum = sumSegments([first, second, ...rest]);
        expect(sumSegments([second, ...rest])).not.toBe(sum);
        expect(sumSegments([first, first, second, ...rest])).not.toBe(sum);
        expect(sumSegments([{ ...first, digest: two }, second, ...rest])).not.toBe(sum);
        expect(sumSegments([{ ...first, digest: two }, { ...second, digest: one }, ...rest])).not.toBe(sum);
      }),
    );
  });

  it("is zero for nothing, and fixed for known segments", () => {
    expect(sumSegments([])).toBe("0000000000000000");
    expect(sumSegments([{ task: 0, digest: "0000000000000000" }])).toMatchInlineSnapshot(`"0b259eed8b71a1f9"`);
    expect(
      sumSegments([
        { task: 1, digest: "0123456789abcdef" },
        { task: 2, digest: "fedcba9876543210" },
      ]),
    ).toMatchInlineSnapshot(`"208ed9ebbfcafd9d"`);
  });
});

describe("partition sums", () => {
  const vectors = fc.integer({ min: 1, max: 5 }).chain((partitions) => {
    const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: partitions, maxLength: partitions });
    const vector = fc.record({ pairs: list(fc.nat()), rawBytes: list(fc.nat()), digests: list(digest) });
    return fc.record({ partitions: fc.constant(partitions), vectors: fc.array(vector, { maxLength: 8 }) });
  });

  it("agree with what a reducer sums, and forget what is subtracted", () => {
    fc.assert(
      fc.property(vectors, ({ partitions, vectors: list }) => {
        const sums = createPartitionSums(partitions);
        list.forEach((vector, task) => addVector(sums, task, vector));
        for (let partition = 0; partition < partitions; partition += 1) {
          expect(partitionSum(sums, partition)).toEqual({
            maps: list.length,
            pairs: list.reduce((sum, { pairs }) => sum + (pairs[partition] ?? 0), 0),
            rawBytes: list.reduce((sum, { rawBytes }) => sum + (rawBytes[partition] ?? 0), 0),
            digest: sumSegments(list.map((vector, task) => ({ task, digest: vector.digests[partition] ?? "" }))),
          });
        }
        list.forEach((vector, task) => subtractVector(sums, task, vector));
        expect(sums).toEqual(createPartitionSums(partitions));
      }),
    );
  });

  it("refuse a vector of another length", () => {
    expect(() => addVector(createPartitionSums(2), 0, { pairs: [1], rawBytes: [1], digests: ["0"] })).toThrow(
      /a vector of 1 for 2/,
    );
  });
});

describe("vectorDigest()", () => {
  it("is what the data package gives for the same vector", () => {
    const vector = {
      pairs: [1, 2 ** 40 + 5],
      rawBytes: [3, 2 ** 53 - 1],
      digests: ["0000000000000001", "fedcba98000000ff"],
    };
    expect(vectorDigest(vector)).toBe("f16e893b655f666531009cec3ac83fcb");
  });

  it("tells vectors apart by any of their numbers", () => {
    const vector = { pairs: [1, 2], rawBytes: [3, 4], digests: ["0000000000000001", "0000000000000002"] };
    const others = [
      { ...vector, pairs: [1, 3] },
      { ...vector, rawBytes: [3, 5] },
      { ...vector, digests: ["0000000000000001", "0000000000000003"] },
      { pairs: [2, 1], rawBytes: [4, 3], digests: ["0000000000000002", "0000000000000001"] },
      { pairs: [1], rawBytes: [3], digests: ["0000000000000001"] },
    ];
    expect(vectorDigest(vector)).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set([vector, ...others].map(vectorDigest)).size).toBe(6);
  });
});
