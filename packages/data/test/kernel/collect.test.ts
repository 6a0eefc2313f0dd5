// Records that a kernel puts into the sort buffer against those emitted one by one: the same run file.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type KernelMemory,
  type MapOutputOptions,
  MemoryRunStore,
  addLinesAsKeys,
  addPairsOfRecords,
  booleanCodec,
  bytesCodec,
  createKernelMemory,
  createMapOutput,
  createSplitReader,
  sum,
  textCodec,
} from "../../src/index.ts";
import { tools } from "../map/map-reduce-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 65_536;
const kernelMemory = createKernelMemory(memoryBytes);

interface Given {
  readonly bytes: Uint8Array;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly chunkBytes: number;
  readonly partitions: number;
  readonly cuts?: readonly Uint8Array[];
}

interface Ran {
  readonly run: Uint8Array;
  readonly counts: readonly number[];
}

type Options = Partial<MapOutputOptions<unknown, unknown, unknown>>;

function outputOf(
  options: Options,
): ReturnType<typeof createMapOutput<unknown, unknown, unknown>> & { store: MemoryRunStore } {
  const store = new MemoryRunStore();
  const output = createMapOutput<unknown, unknown, unknown>({
    key: bytesCodec as never,
    value: bytesCodec as never,
    partitions: 1,
    memoryBytes,
    store,
    tools,
    runName: "run",
    ...options,
  });
  return Object.assign(output, { store });
}

function run({ bytes, keyBytes, valueBytes, chunkBytes, partitions, cuts }: Given, memory?: KernelMemory): Ran {
  const output = outputOf({
    partitions,
    ...(cuts === undefined ? {} : { cuts }),
    ...(memory === undefined ? {} : { memory }),
  });
  const step = memory === undefined ? undefined : addPairsOfRecords(memory, output, { keyBytes, valueBytes });
  if (memory !== undefined) expect(step).toBeDefined();
  let at = 0;
  const reader = createSplitReader({
    source: {
      seek: (offset) => {
        at = offset;
      },
      next: () => {
        const chunk = bytes.subarray(at, at + chunkBytes);
        at += chunk.length;
        return chunk.length === 0 ? undefined : chunk;
      },
    },
    start: 0,
    end: bytes.length,
    framing: { kind: "fixed", bytes: keyBytes + valueBytes },
  });
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = 0; index < batch.count; index++) {
      index = step?.mapFrom(batch, index) ?? index;
      if (index === batch.count) break;
      const record = batch.bytes.subarray(batch.offsets[2 * index], batch.offsets[2 * index + 1]);
      if (record.length === keyBytes + valueBytes) output.emit(record.subarray(0, keyBytes), record.subarray(keyBytes));
    }
  const { pairsEmitted, spills, pairs } = output.finish();
  return { run: output.store.files.get("run")!, counts: [pairsEmitted, spills, pairs] };
}

function expectSame(given: Given): Ran {
  const byKernel = run(given, kernelMemory);
  const byRecord = run(given);
  expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
  expect(byKernel.counts).toEqual(byRecord.counts);
  return byKernel;
}

/** A run of lines, each of which is a key behind a byte, and those that were left to the function. */
function runLines(text: Uint8Array, given: Pick<Given, "chunkBytes" | "partitions" | "cuts">, memory?: KernelMemory) {
  const { chunkBytes, partitions, cuts } = given;
  const output = outputOf({
    value: booleanCodec as never,
    partitions,
    ...(cuts === undefined ? {} : { cuts }),
    ...(memory === undefined ? {} : { memory }),
  });
  const pair = { wires: ["bytes", "boolean"], before: Uint8Array.of(7), value: Uint8Array.of(1) } as const;
  const step = memory === undefined ? undefined : addLinesAsKeys(memory, output, pair);
  if (memory !== undefined) expect(step).toBeDefined();
  let at = 0;
  const reader = createSplitReader({
    source: {
      seek: (offset) => {
        at = offset;
      },
      next: () => {
        const chunk = text.subarray(at, at + chunkBytes);
        at += chunk.length;
        return chunk.length === 0 ? undefined : chunk;
      },
    },
    start: 0,
    end: text.length,
    framing: { kind: "delimited", delimiter: "line" },
    longRecords: "cut",
    ...(memory === undefined ? {} : { memory }),
  });
  let left = 0;
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = 0; index < batch.count; index++) {
      index = step?.mapFrom(batch, index) ?? index;
      if (index === batch.count) break;
      left++;
      const line = batch.bytes.subarray(batch.offsets[2 * index], batch.offsets[2 * index + 1]);
      if (line.length < 65_536) output.emit(Uint8Array.of(7, ...line), true);
    }
  const { pairsEmitted, spills, pairs } = output.finish();
  return { run: output.store.files.get("run")!, counts: [pairsEmitted, spills, pairs], left };
}

function expectSameLines(text: Uint8Array, given: Pick<Given, "chunkBytes" | "partitions" | "cuts">): number {
  const byKernel = runLines(text, given, kernelMemory);
  const byRecord = runLines(text, given);
  expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
  expect(byKernel.counts).toEqual(byRecord.counts);
  return byKernel.left;
}

describe("addLinesAsKeys()", () => {
  it("writes what the record-by-record path writes", () => {
    const lines = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.stringMatching(/^[a-c\0 ]{0,20}$/u) },
        { weight: 1, arbitrary: fc.constantFrom("\u00e9", "\u{1f642}x", "\r", "a\r") },
        { weight: 1, arbitrary: fc.integer({ min: 20, max: 900 }).map((length) => "y".repeat(length)) },
      ),
      { maxLength: 200, size: "max" },
    );
    const cuts = fc.array(
      fc.uint8Array({ maxLength: 3, min: 96, max: 99 }).map((cut) => Uint8Array.of(7, ...cut)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 3000 }), fc.option(cuts), (given, chunkBytes, ranges) => {
        const sorted = ranges?.toSorted((a, b) => Buffer.compare(a, b));
        const by = sorted === undefined ? { partitions: 5 } : { partitions: sorted.length + 1, cuts: sorted };
        expectSameLines(new TextEncoder().encode(given.join("\n")), { chunkBytes, ...by });
      }),
      { numRuns: 300 },
    );
  });

  it("goes on where the buffer was full, and leaves lines that are too long", () => {
    const text = Array.from({ length: 9000 }, (_, index) => `${Math.imul(index, 2_654_435_761)} of these lines`);
    text[5000] = "z".repeat(65_536);
    text[7000] = "w".repeat(50_000);
    const left = expectSameLines(new TextEncoder().encode(`${text.join("\n")}\n`), {
      chunkBytes: 1 << 20,
      partitions: 3,
    });
    expect(left).toBe(1);
  });
});

describe("addPairsOfRecords()", () => {
  it("writes what the record-by-record path writes", () => {
    const cuts = fc.array(fc.uint8Array({ maxLength: 12, max: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4000, max: 3, size: "max" }),
        fc.record({
          keyBytes: fc.integer({ min: 0, max: 30 }),
          valueBytes: fc.integer({ min: 1, max: 90 }),
          chunkBytes: fc.integer({ min: 1, max: 3000 }),
        }),
        fc.option(cuts),
        (bytes, sizes, given) => {
          const sorted = given?.toSorted((a, b) => Buffer.compare(a, b));
          const ranges = sorted === undefined ? { partitions: 5 } : { partitions: sorted.length + 1, cuts: sorted };
          expectSame({ bytes, ...sizes, ...ranges });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("goes on where the buffer was full, and leaves a record that has no room in an empty one", () => {
    const bytes = new Uint8Array(400_037).map((_, index) => Math.imul(index, 2_654_435_761) >>> 24);
    const { counts } = expectSame({ bytes, keyBytes: 10, valueBytes: 90, chunkBytes: 70_000, partitions: 3 });
    expect(counts[1]).toBeGreaterThan(5);
    expectSame({ bytes, keyBytes: 10, valueBytes: 70_000, chunkBytes: 1 << 20, partitions: 3 });
  });

  it("is there for bytes, by hash or by ranges that have room, and for nothing else", () => {
    const make = (options: Options): unknown => {
      const output = outputOf({ memory: kernelMemory, partitions: 2, ...options });
      output.discard();
      return output.addRecords;
    };
    expect(make({})).toBeDefined();
    expect(make({ cuts: [Uint8Array.of(7)] })).toBeDefined();
    expect(make({ cuts: [new Uint8Array(500_000)] })).toBeUndefined();
    expect(make({ partition: () => 0 })).toBeUndefined();
    expect(make({ key: textCodec as never })).toBeUndefined();
    expect(make({ value: textCodec as never })).toBeUndefined();
    expect(make({ combine: { pairs: 9, run: () => undefined } })).toBeUndefined();
    expect(outputOf({}).addRecords).toBeUndefined();
    const sums = createMapOutput<unknown, unknown, unknown>({
      key: bytesCodec as never,
      aggregator: sum() as never,
      partitions: 1,
      memoryBytes,
      memory: kernelMemory,
      store: new MemoryRunStore(),
      tools,
      runName: "run",
    });
    sums.discard();
    expect(sums.addRecords).toBeUndefined();
  });
});
