import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../src/hash/crc32.ts";
import { MergedCursor } from "../../src/merge/loser-tree.ts";
import { nextMergeWindow } from "../../src/merge/merge-plan.ts";
import { mergeRuns } from "../../src/merge/merge-runs.ts";
import { MemoryRunStore, memorySource } from "../../src/run/memory-store.ts";
import { openRunFile } from "../../src/run/run-file.ts";
import { RunWriter } from "../../src/run/run-writer.ts";
import { SegmentCursor } from "../../src/run/segment-cursor.ts";
import { buildRun, origin, type Pair, pairAt, readRun, show, sortPairs, tools } from "../run/run-kit.ts";

const key = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.array(fc.constantFrom(0, 7), { maxLength: 14 }).map((list) => Uint8Array.from(list)),
);
const runs = fc.array(
  fc
    .array(fc.record({ partition: fc.constant(0), key, value: fc.uint8Array({ maxLength: 4 }) }), { maxLength: 20 })
    .map(sortPairs),
  { maxLength: 64 },
);

function cursorOf(pairs: readonly Pair[], blockRawBytesMax = 64): SegmentCursor {
  const source = memorySource(buildRun(pairs, { partitions: 1, blockRawBytesMax }).bytes);
  const segment = openRunFile(source, tools, origin).segments[0]!;
  return new SegmentCursor({
    source,
    offset: segment.offset,
    bytes: segment.bytes,
    expected: segment,
    tools,
    origin,
    kind: "values",
  });
}

describe("MergedCursor", () => {
  it("merges up to 64 runs as a stable sort of all pairs does", () => {
    fc.assert(
      fc.property(runs, (given) => {
        const merged = new MergedCursor(given.map((pairs) => cursorOf(pairs)));
        const found: Pair[] = [];
        while (merged.next()) {
          const pair = pairAt(merged.current!, 0);
          const before = found.at(-1);
          expect(merged.sameKey).toBe(before !== undefined && Buffer.compare(before.key, pair.key) === 0);
          expect(Buffer.compare(merged.key.subarray(0, merged.keyLength), pair.key)).toBe(0);
          found.push(pair);
        }
        expect(show(found)).toEqual(show(sortPairs(given.flat())));
        expect(merged.next()).toBe(false);
        expect(merged.pairsRead).toBe(found.length);
      }),
      { numRuns: 200 },
    );
  });
  it("stops at a run whose keys do not ascend", () => {
    const lying = cursorOf([
      { partition: 0, key: Buffer.from("a"), value: Buffer.from("") },
      { partition: 0, key: Buffer.from("c"), value: Buffer.from("") },
    ]);
    const next = lying.next.bind(lying);
    // As a comparator that is no order would have left it: the second key is below the first.
    lying.next = () => {
      const more = next();
      if (lying.pairsRead === 2) lying.key[0] = 0x41;
      return more;
    };
    const merged = new MergedCursor([lying]);
    expect(merged.next()).toBe(true);
    expect(() => merged.next()).toThrow("merged keys ascend");
  });
});

describe("mergeRuns()", () => {
  it("merges partition by partition, values apart included", () => {
    const store = new MemoryRunStore();
    const all: Pair[] = [];
    const names = ["a", "b", "c"];
    for (const [index, name] of names.entries()) {
      const pairs = sortPairs(
        Array.from({ length: 40 }, (_, pair) => ({
          partition: pair % 3,
          key: Buffer.from(`k${(pair * 7) % 11}`),
          value: Buffer.alloc((pair % 5) * 60, index),
        })),
      );
      all.push(...pairs);
      store.files.set(name, buildRun(pairs, { partitions: 4, blockRawBytesMax: 128 }).bytes);
    }
    const writer = new RunWriter({
      target: store.createRun("merged"),
      crc32,
      partitions: 4,
      kind: "values",
      sources: "single",
      blockRawBytesMax: 128,
    });
    mergeRuns({ store, tools, names }, writer);
    writer.finish();
    expect(show(readRun(store.files.get("merged")!))).toEqual(show(sortPairs(all)));
    // Merging in one go or sorting at once gives one file.
    expect(
      Buffer.compare(
        store.files.get("merged")!,
        buildRun(sortPairs(all), { partitions: 4, blockRawBytesMax: 128 }).bytes,
      ),
    ).toBe(0);
  });
  it("names the file of this machine's disk that is damaged", () => {
    const store = new MemoryRunStore();
    const damaged = buildRun([{ partition: 0, key: Buffer.from("k"), value: Buffer.from("v") }], {
      partitions: 1,
    }).bytes.slice();
    damaged[45]! ^= 1;
    store.files.set("run.7", damaged);
    const writer = new RunWriter({
      target: store.createRun("merged"),
      crc32,
      partitions: 1,
      kind: "values",
      sources: "single",
    });
    expect(() => mergeRuns({ store, tools, names: ["run.7"] }, writer)).toThrow(
      expect.objectContaining({ code: "E_WORK_DISK", details: { reason: "corrupt", name: "run.7" } }),
    );
  });
});

describe("nextMergeWindow()", () => {
  it("ends for any runs and any fan-in, always with neighbours, and the last merge is full", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 300 }), fc.integer({ min: 2, max: 40 }), (sizes, fanIn) => {
        const bytes = [...sizes];
        let merges = 0;
        for (let window = nextMergeWindow(bytes, fanIn); window !== undefined; window = nextMergeWindow(bytes, fanIn)) {
          expect(window.end - window.begin).toBeGreaterThanOrEqual(2);
          expect(window.end - window.begin).toBeLessThanOrEqual(fanIn);
          bytes.splice(
            window.begin,
            window.end - window.begin,
            bytes.slice(window.begin, window.end).reduce((a, b) => a + b, 0),
          );
          merges++;
        }
        expect(bytes.length).toBe(Math.min(sizes.length, fanIn));
        expect(merges).toBe(sizes.length <= fanIn ? 0 : Math.ceil((sizes.length - fanIn) / (fanIn - 1)));
      }),
    );
  });
  it("takes the smallest neighbours", () => expect(nextMergeWindow([9, 1, 1, 9], 3)).toEqual({ begin: 1, end: 3 }));
});
