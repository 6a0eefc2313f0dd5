// P9: no flipped bit and no cut of a run file or a segment is ever read as pairs. Every bit and every cut of small
// files; the pairs handed out before the error must be a beginning of the right ones.

import { describe, expect, it, vi } from "vitest";
import { Murmur128, type SegmentSummary } from "../../src/index.ts";
import { digestBlock } from "../../src/run/block-check.ts";
import { memorySource } from "../../src/run/memory-store.ts";
import { openRunFile } from "../../src/run/run-file.ts";
import { SegmentCursor } from "../../src/run/segment-cursor.ts";
import { SegmentVerifier } from "../../src/run/segment-verifier.ts";
import {
  buildRun,
  type BuiltRun,
  deflate,
  origin,
  type Pair,
  pairAt,
  readCursor,
  readRun,
  show,
  sortPairs,
  tools,
} from "./run-kit.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

const given = sortPairs(
  ["", "a", "ab", "ab", "abc", "b", "b\0", "zebra", "zebras", "żółw"].map((key, index) => ({
    partition: index % 3 === 2 ? 2 : 0,
    key: Buffer.from(key),
    value: Buffer.from("v".repeat(index * 9)),
  })),
);

const runs: readonly (readonly [string, BuiltRun, readonly Pair[]])[] = [
  ["raw", buildRun(given, { partitions: 4, blockRawBytesMax: 64 }), given],
  ["packed", buildRun(given, { partitions: 4, codec: deflate }), given],
  ["empty", buildRun([], { partitions: 2 }), []],
  ["with values apart", buildRun(given.slice(0, 4), { partitions: 1, blockRawBytesMax: 70 }), given.slice(0, 4)],
];

const summaries = (run: BuiltRun): SegmentSummary[] =>
  run.vector.pairs.map((pairs, partition) => ({
    pairs,
    rawBytes: run.vector.rawBytes[partition]!,
    digest: run.vector.digests[partition]!,
  }));

function expectRefused(bytes: Uint8Array, what: string): void {
  let code: unknown;
  try {
    readRun(bytes);
  } catch (thrown) {
    code = (thrown as { code?: unknown }).code;
  }
  if (code !== "E_SEGMENT") expect.fail(`${what}: ${String(code)}`);
}

describe.each(runs)("a run file, %s,", (_name, run, pairs) => {
  it("is read whole", () => expect(show(readRun(run.bytes))).toEqual(show(pairs)));

  it("is refused with any bit flipped", () => {
    for (let bit = 0; bit < run.bytes.length * 8; bit++) {
      const damaged = run.bytes.slice();
      damaged[bit >>> 3]! ^= 1 << (bit & 7);
      expectRefused(damaged, `bit ${bit}`);
    }
  });

  it("is refused before a block is read when header, index or footer has a bit flipped", () => {
    const { segments } = openRunFile(memorySource(run.bytes), tools, origin);
    const blocksEnd = segments.at(-1)!.offset + segments.at(-1)!.bytes;
    for (let bit = 0; bit < run.bytes.length * 8; bit++) {
      if (bit >>> 3 >= segments[0]!.offset && bit >>> 3 < blocksEnd) continue;
      const damaged = run.bytes.slice();
      damaged[bit >>> 3]! ^= 1 << (bit & 7);
      expect(() => openRunFile(memorySource(damaged), tools, origin)).toThrow(
        expect.objectContaining({ code: "E_SEGMENT" }),
      );
    }
  });

  it("is refused with any end cut off, any byte missing or doubled, or more at the end", () => {
    for (let length = 0; length < run.bytes.length; length++) {
      expectRefused(run.bytes.slice(0, length), `cut to ${length}`);
      expectRefused(Buffer.concat([run.bytes.slice(0, length), run.bytes.slice(length + 1)]), `without byte ${length}`);
      expectRefused(
        Buffer.concat([run.bytes.slice(0, length), run.bytes.slice(length, length + 1), run.bytes.slice(length)]),
        `byte ${length} twice`,
      );
    }
    expectRefused(Buffer.concat([run.bytes, new Uint8Array(1)]), "one byte more");
    expectRefused(Buffer.concat([run.bytes, run.bytes]), "twice");
  });
});

describe("a segment read alone", () => {
  const [, run] = runs[0]!;
  const file = openRunFile(memorySource(run.bytes), tools, origin);
  const entry = file.segments[0]!;
  const segment = run.bytes.slice(entry.offset, entry.offset + entry.bytes);
  const right = show(given.filter((pair) => pair.partition === 0));

  function readAlone(
    bytes: Uint8Array,
    expected: SegmentSummary,
  ): { readonly code: unknown; readonly pairs: string[] } {
    const cursor = new SegmentCursor({
      source: memorySource(bytes),
      offset: 0,
      bytes: bytes.length,
      expected,
      tools,
      origin,
      kind: "values",
    });
    const pairs: Pair[] = [];
    try {
      while (cursor.next()) pairs.push(pairAt(cursor, 0));
      return { code: undefined, pairs: show(pairs) };
    } catch (thrown) {
      return { code: (thrown as { code?: unknown }).code, pairs: show(pairs) };
    }
  }

  function verifyAlone(bytes: Uint8Array, expected: SegmentSummary, pieceBytes: number): unknown {
    try {
      const verifier = new SegmentVerifier(expected, tools, origin);
      for (let at = 0; at < bytes.length; at += pieceBytes) verifier.push(bytes.subarray(at, at + pieceBytes));
      verifier.finish();
      return undefined;
    } catch (thrown) {
      return (thrown as { code?: unknown }).code;
    }
  }

  it("is what it must be, in pieces of any size", () => {
    expect(readAlone(segment, entry)).toEqual({ code: undefined, pairs: right });
    for (const pieceBytes of [1, 2, 3, 19, 20, 21, 100, 10_000])
      expect(verifyAlone(segment, entry, pieceBytes)).toBeUndefined();
  });

  it("gives only right pairs before it is refused, with any bit flipped or any cut", () => {
    for (let bit = 0; bit < segment.length * 8; bit++) {
      const damaged = segment.slice();
      damaged[bit >>> 3]! ^= 1 << (bit & 7);
      const { code, pairs } = readAlone(damaged, entry);
      expect(code).toBe("E_SEGMENT");
      expect(pairs).toEqual(right.slice(0, pairs.length));
      expect(verifyAlone(damaged, entry, 64)).toBe("E_SEGMENT");
    }
    for (let length = 0; length < segment.length; length++) {
      const cut = segment.slice(0, length);
      const { code, pairs } = readAlone(cut, entry);
      expect(code).toBe("E_SEGMENT");
      expect(pairs).toEqual(right.slice(0, pairs.length));
      expect(verifyAlone(cut, entry, 64)).toBe("E_SEGMENT");
    }
  });

  it("is refused when whole blocks are missing, doubled, swapped, or from another partition", () => {
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < segment.length;) {
      const size = 20 + new DataView(segment.buffer, segment.byteOffset + at).getUint32(12);
      blocks.push(segment.slice(at, at + size));
      at += size;
    }
    expect(blocks.length).toBeGreaterThan(3);
    const other = file.segments[2]!;
    const variants = [
      ...blocks.map((_, index) => blocks.filter((__, kept) => kept !== index)),
      ...blocks.map((block, index) => blocks.toSpliced(index, 0, block)),
      ...blocks.slice(1).map((_, index) => blocks.toSpliced(index, 2, blocks[index + 1]!, blocks[index]!)),
      [run.bytes.slice(other.offset, other.offset + other.bytes)],
      [],
    ];
    for (const variant of variants) {
      expect(readAlone(Buffer.concat(variant), entry).code).toBe("E_SEGMENT");
      expect(verifyAlone(Buffer.concat(variant), entry, 7)).toBe("E_SEGMENT");
    }
  });

  it("is refused when it is not what the coordinator journalled", () => {
    for (const expected of [
      { ...entry, pairs: entry.pairs + 1 },
      { ...entry, pairs: entry.pairs - 1 },
      { ...entry, rawBytes: entry.rawBytes + 1 },
      { ...entry, digest: "0".repeat(16) },
    ]) {
      expect(readAlone(segment, expected).code).toBe("E_SEGMENT");
      expect(verifyAlone(segment, expected, 50)).toBe("E_SEGMENT");
    }
  });

  it("allocates nothing by a length that a damaged head announces", () => {
    const damaged = segment.slice();
    new DataView(damaged.buffer).setUint32(8, 0xffff_ffff);
    new DataView(damaged.buffer).setUint32(12, 0xffff_fff0);
    const before = process.memoryUsage().arrayBuffers;
    expect(readAlone(damaged, entry).code).toBe("E_SEGMENT");
    expect(verifyAlone(damaged, entry, 64)).toBe("E_SEGMENT");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
  });

  it("is refused when its blocks are sound but their keys do not ascend", () => {
    const digest = new Murmur128();
    const blocks = ["b", "a"].map((key) => {
      const bytes = buildRun([{ partition: 0, key: Buffer.from(key), value: Buffer.from("v") }], {
        partitions: 1,
      }).bytes;
      const { offset, bytes: length } = openRunFile(memorySource(bytes), tools, origin).segments[0]!;
      const block = bytes.slice(offset, offset + length);
      digestBlock(digest, 1, 1, block.subarray(20));
      return block;
    });
    const lying = {
      pairs: 2,
      rawBytes: blocks.reduce((sum, block) => sum + block.length - 20, 0),
      digest: digest.hex(16),
    };
    expect(verifyAlone(Buffer.concat(blocks), lying, 64)).toBeUndefined();
    expect(readAlone(Buffer.concat(blocks), lying)).toEqual({ code: "E_SEGMENT", pairs: ["0 62 76"] });
  });

  it("is told apart as cut or corrupt", () => {
    const cursor = (bytes: Uint8Array): SegmentCursor =>
      new SegmentCursor({
        source: memorySource(bytes),
        offset: 0,
        bytes: segment.length,
        expected: entry,
        tools,
        origin,
        kind: "values",
      });
    expect(() => readCursor(cursor(segment.slice(0, -1)), 0)).toThrow(
      expect.objectContaining({ details: { reason: "cut", name: "test" } }),
    );
    const damaged = segment.slice();
    damaged[30]! ^= 4;
    expect(() => readCursor(cursor(damaged), 0)).toThrow(
      expect.objectContaining({ details: { reason: "corrupt", name: "test" } }),
    );
  });
});

describe("summaries", () => {
  it("of a run are what its index says", () => {
    for (const [, run] of runs)
      expect(
        openRunFile(memorySource(run.bytes), tools, origin).segments.map(({ pairs, rawBytes, digest }) => ({
          pairs,
          rawBytes,
          digest,
        })),
      ).toEqual(summaries(run));
  });
});
