// Runs that kernels merge against those merged pair by pair: the same file, byte for byte.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type Aggregator, MemoryRunStore, bytesCodec, count, createKernelMemory, sum } from "../../src/index.ts";
import type { KernelMemory, RunTools } from "../../src/index.ts";
import { mergeRuns } from "../../src/merge/merge-runs.ts";
import { RunWriter } from "../../src/run/run-writer.ts";
import { mapTask, tools } from "../map/map-reduce-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memory = createKernelMemory(16 << 20);
const plainTools: RunTools = { ...tools, codecs: [] };

type Any = Aggregator<unknown, unknown>;
type Pair = readonly [key: Uint8Array, value: unknown];

interface Settings {
  readonly aggregator?: Any;
  readonly partitions: number;
  /** Of the runs that are read, and of the one that is written. */
  readonly blocks: readonly [number, number];
  readonly unpacks: boolean;
}

function storeOf(runs: readonly (readonly Pair[])[], settings: Settings): MemoryRunStore {
  const { aggregator, partitions, blocks, unpacks } = settings;
  const store = new MemoryRunStore();
  for (const [index, pairs] of runs.entries()) {
    const { bytes } = mapTask<unknown, unknown, unknown>(pairs, {
      key: bytesCodec as never,
      ...(aggregator === undefined ? { value: bytesCodec as never } : { aggregator }),
      ...(unpacks ? { codec: tools.codecs[0]! } : {}),
      partitions,
      memoryBytes: 1 << 20,
      blockRawBytesMax: blocks[0],
    });
    store.files.set(`run.${index}`, bytes);
  }
  return store;
}

function merge(store: MemoryRunStore, settings: Settings, kernelMemory?: KernelMemory): Uint8Array {
  const { aggregator, partitions, blocks, unpacks } = settings;
  const names = [...store.files.keys()].filter((name) => name !== "merged");
  const given = unpacks ? tools : plainTools;
  const writer = new RunWriter({
    target: store.createRun("merged"),
    crc32: given.crc32,
    partitions,
    kind: aggregator === undefined ? "values" : "states",
    sources: "single",
    blockRawBytesMax: blocks[1],
    memory: kernelMemory,
  });
  kernelMemory?.borrow();
  mergeRuns(
    { store, tools: given, names, memory: kernelMemory, ...(aggregator === undefined ? {} : { aggregator }) },
    writer,
  );
  kernelMemory?.giveBack();
  writer.finish();
  return store.files.get("merged")!;
}

function expectSame(runs: readonly (readonly Pair[])[], settings: Settings): void {
  const store = storeOf(runs, settings);
  const byKernel = merge(store, settings, memory);
  store.files.delete("merged");
  expect(Buffer.compare(byKernel, merge(store, settings))).toBe(0);
}

const prefix = new Uint8Array(40).fill(5);
const few = fc.uint8Array({ maxLength: 4, max: 2 });
const keys = fc.oneof(
  { weight: 4, arbitrary: few },
  { weight: 3, arbitrary: few.map((rest) => Uint8Array.of(...prefix, ...rest)) },
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 24 }) },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 900 }).map((length) => new Uint8Array(length).fill(9)) },
);
const values = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.integer({ min: 31, max: 2000 }).map((length) => new Uint8Array(length).fill(1)) },
  { weight: 1, arbitrary: fc.integer({ min: 65_000, max: 66_000 }).map((length) => new Uint8Array(length).fill(2)) },
);
const blockSizes = fc.constantFrom(64, 300, 5000, 262_144);
const settings = fc.record({
  partitions: fc.integer({ min: 1, max: 4 }),
  blocks: fc.tuple(blockSizes, blockSizes),
  unpacks: fc.boolean(),
});

describe("mergeRuns()", () => {
  it("writes the same run of pairs by kernels", () => {
    const runs = fc.array(fc.array(fc.tuple(keys, values), { maxLength: 60, size: "max" }), { maxLength: 6 });
    fc.assert(
      fc.property(runs, settings, (given, options) => {
        expectSame(given, options);
      }),
      { numRuns: 60 },
    );
  });

  it("writes the same run of sums by kernels, whatever they are", () => {
    const amounts = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -300, max: 300 }) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 53 - 1, -(2 ** 53), 2 ** 40, -(2 ** 52), 0.5, Number.NaN) },
    );
    const runs = fc.array(fc.array(fc.tuple(keys, amounts), { maxLength: 60, size: "max" }), { maxLength: 6 });
    fc.assert(
      fc.property(runs, settings, fc.boolean(), (given, options, isSum) => {
        expectSame(given, { ...options, aggregator: (isSum ? sum() : count()) as Any });
      }),
      { numRuns: 150 },
    );
  });

  it("writes the same run of many keys by kernels", () => {
    const runs = Array.from({ length: 7 }, (_, run) =>
      Array.from({ length: 4000 }, (_unused, index): Pair => {
        const number = Math.imul(index * 7 + run, 2_654_435_761) >>> 0;
        return [new TextEncoder().encode(`${"x".repeat(index % 31)}${number % 5000}`), index];
      }),
    );
    const options: Settings = { partitions: 3, blocks: [262_144, 262_144], unpacks: false };
    expectSame(runs, { ...options, aggregator: sum() as Any });
    expectSame(
      runs.map((pairs) => pairs.map(([key], index): Pair => [key, key.subarray(0, index % 9)])),
      options,
    );
  });
});
