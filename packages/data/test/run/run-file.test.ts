import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { dataLimits } from "../../src/index.ts";
import { memorySource } from "../../src/run/memory-store.ts";
import { openRunFile, vectorOf } from "../../src/run/run-file.ts";
import { SegmentCursor } from "../../src/run/segment-cursor.ts";
import { verifySegment } from "../../src/run/segment-verifier.ts";
import { seededRandom } from "../seeded-random.ts";
import { buildRun, deflate, origin, type Pair, readCursor, readRun, show, sortPairs, tools } from "./run-kit.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.uint8Array({ maxLength: 3 }),
  fc.nat(300).map((length) => new Uint8Array(length).fill(7)),
);
const pairs = fc.array(fc.record({ partition: fc.nat(3), key: bytes, value: bytes }), { maxLength: 60 }).map(sortPairs);

function filled(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

describe("a run file", () => {
  it("gives back its pairs, raw and packed, for blocks of any size", () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(64, 100, 1000, 262_144), fc.boolean(), (given, blockRawBytesMax, packed) => {
        const run = buildRun(given, { partitions: 4, blockRawBytesMax, ...(packed ? { codec: deflate } : {}) });
        expect(show(readRun(run.bytes))).toEqual(show(given));
        expect(run.pairs).toBe(given.length);
        expect(run.storedBytes).toBe(run.bytes.length);
        expect(vectorOf(openRunFile(memorySource(run.bytes), tools, origin))).toEqual(run.vector);
      }),
      { numRuns: 400 },
    );
  });

  it("has digests and raw bytes that do not depend on compression", () => {
    fc.assert(
      fc.property(pairs, (given) => {
        expect(buildRun(given, { partitions: 4, codec: deflate }).vector).toEqual(
          buildRun(given, { partitions: 4 }).vector,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("has digests that tell values, keys and orders apart", () => {
    const pair = (key: string, value: string): Pair => ({
      partition: 0,
      key: Buffer.from(key),
      value: Buffer.from(value),
    });
    const digests = [
      [],
      [pair("a", "b")],
      [pair("a", "c")],
      [pair("ab", "")],
      [pair("a", "b"), pair("a", "c")],
      [pair("a", "c"), pair("a", "b")],
      [pair("", "ab")],
    ].map((given) => buildRun(given, { partitions: 1 }).vector.digests[0]);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("takes values around every limit, from 0 bytes to four times a block", () => {
    const inline = dataLimits.valueInlineBytesMax;
    const block = dataLimits.blockRawBytesMax;
    const sizes = [
      0,
      1,
      inline - 1,
      inline,
      inline + 1,
      block - 20,
      block - 1,
      block,
      block + 1,
      2 * block,
      4 * block + 3,
    ];
    const given = sizes.map((size, index) => ({
      partition: index % 2,
      key: Buffer.from(`key ${index}`),
      value: filled(size, size),
    }));
    for (const codec of [undefined, deflate]) {
      const run = buildRun(sortPairs(given), { partitions: 2, ...(codec ? { codec } : {}) });
      expect(show(readRun(run.bytes))).toEqual(show(sortPairs(given)));
      for (const segment of openRunFile(memorySource(run.bytes), tools, origin).segments)
        verifySegment(memorySource(run.bytes), segment, tools, origin);
    }
  });

  it("takes keys of the limit, and many values apart in a row", () => {
    const key = new Uint8Array(dataLimits.sortKeyBytesMax).fill(1);
    const given = [
      ...Array.from({ length: 600 }, (_, index) => ({
        partition: 0,
        key: Buffer.from("a"),
        value: filled(200 + (index % 3), index),
      })),
      { partition: 0, key, value: filled(90_000, 1) },
    ].map((pair) => ({ ...pair, key: pair.key }));
    const small = buildRun(given.slice(0, 600), { partitions: 1, blockRawBytesMax: 128 });
    expect(show(readRun(small.bytes))).toEqual(show(given.slice(0, 600)));
    const large = buildRun(sortPairs(given), { partitions: 1 });
    expect(show(readRun(large.bytes))).toEqual(show(sortPairs(given)));
  });

  it("refuses a value above the record limit", () => {
    const value = new Uint8Array(dataLimits.recordBytesMax + 1);
    expect(() => buildRun([{ partition: 0, key: Buffer.from("k"), value }], { partitions: 1 })).toThrow(
      expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }),
    );
  });

  it("refuses pairs out of order, and two states of a key", () => {
    const pair = (partition: number, key: string): Pair => ({
      partition,
      key: Buffer.from(key),
      value: Buffer.from(""),
    });
    for (const given of [
      [pair(0, "b"), pair(0, "a")],
      [pair(0, "ab"), pair(0, "a")],
      [pair(1, "a"), pair(0, "a")],
      [pair(2, "a")],
    ]) {
      expect(() => buildRun(given, { partitions: 2 })).toThrow(expect.objectContaining({ name: "InvariantError" }));
    }
    expect(() => buildRun([pair(0, "a"), pair(0, "a")], { partitions: 2, kind: "states" })).toThrow(
      expect.objectContaining({ name: "InvariantError" }),
    );
  });

  it("holds any partition's segment so that it can be read alone", () => {
    fc.assert(
      fc.property(pairs, fc.nat(3), (given, partition) => {
        const run = buildRun(given, { partitions: 4, blockRawBytesMax: 64 });
        const file = openRunFile(memorySource(run.bytes), tools, origin);
        const entry = file.segment(partition)!;
        expect(entry).toEqual(file.segments[partition]);
        expect(file.segment(file.partitions)).toBeUndefined();
        const alone = run.bytes.slice(entry.offset, entry.offset + entry.bytes);
        const expected = {
          pairs: run.vector.pairs[partition]!,
          rawBytes: run.vector.rawBytes[partition]!,
          digest: run.vector.digests[partition]!,
        };
        const cursor = new SegmentCursor({
          source: memorySource(alone),
          offset: 0,
          bytes: alone.length,
          expected,
          tools,
          origin,
          kind: "values",
        });
        expect(show(readCursor(cursor, partition))).toEqual(show(given.filter((pair) => pair.partition === partition)));
      }),
      { numRuns: 100 },
    );
  });
});
