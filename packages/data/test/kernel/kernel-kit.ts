// What property tests of kernels have in common: a map that runs over bytes with kernels or without. `npm run kernel-cases`
// prints how many cases ran.

import { expect } from "vitest";
import {
  type BatchStep,
  type Framing,
  type KernelMemory,
  type MapOutput,
  type MapOutputOptions,
  MemoryRunStore,
  type RecordBatch,
  type TextKernels,
  createMapOutput,
  createSplitReader,
  textKernels,
} from "../../src/index.ts";
import { tools } from "../map/map-reduce-kit.ts";
import { ChunkedSource } from "../split/chunked-source.ts";

export type AnyOutput = MapOutput<unknown, unknown, unknown>;
export type AnyOptions = Omit<
  MapOutputOptions<unknown, unknown, unknown>,
  "store" | "tools" | "runName" | "memoryBytes" | "memory"
>;

/** What a map came to. */
export interface Ran {
  readonly run: Uint8Array;
  readonly pairsEmitted: number;
  readonly spills: number;
  /** Records that went through the function. */
  readonly left: number;
}

export interface MapSetup {
  readonly options: AnyOptions;
  readonly memoryBytes: number;
  readonly framing: Framing;
  readonly chunkBytes: number;
  /** Whether chunks are read into kernel memory, where there is some. */
  readonly inPlace?: boolean;
  /** Makes the step that kernels do. */
  readonly step: (memory: KernelMemory, output: AnyOutput) => BatchStep | undefined;
  /** The function that it stands for. */
  readonly map: (record: Uint8Array, emit: AnyOutput["emit"]) => void;
}

/** Make an output that keeps its files in memory. */
export function outputOf(
  options: AnyOptions,
  memoryBytes: number,
  memory?: KernelMemory,
): { readonly output: AnyOutput; readonly store: MemoryRunStore } {
  const store = new MemoryRunStore();
  const kernels = memory === undefined ? {} : { memory };
  const output = createMapOutput<unknown, unknown, unknown>({
    ...options,
    ...kernels,
    memoryBytes,
    store,
    tools,
    runName: "run",
  });
  return { output, store };
}

/** Emit pairs, one after the other, into an output. */
export function runPairs(
  pairs: Iterable<readonly [key: unknown, value: unknown]>,
  options: AnyOptions,
  { memoryBytes, memory }: { readonly memoryBytes: number; readonly memory?: KernelMemory | undefined },
): Omit<Ran, "left"> {
  const { output, store } = outputOf(options, memoryBytes, memory);
  for (const [key, value] of pairs) output.emit(key, value);
  return finish(output, store);
}

function finish(output: AnyOutput, store: MemoryRunStore): Omit<Ran, "left"> {
  const { pairsEmitted, spills } = output.finish();
  expect([...store.files.keys()]).toEqual(["run"]);
  return { run: store.files.get("run")!, pairsEmitted, spills };
}

/** Map bytes: by kernels where there is memory for them, and what they leave by the function. */
export function runMap(bytes: Uint8Array, setup: MapSetup, memory?: KernelMemory): Ran {
  const { framing, chunkBytes } = setup;
  const { output, store } = outputOf(setup.options, setup.memoryBytes, memory);
  const step = memory === undefined ? undefined : setup.step(memory, output);
  if (memory !== undefined) expect(step).toBeDefined();
  const chunks = setup.inPlace === true && memory !== undefined ? { memory } : {};
  const source = new ChunkedSource(bytes, chunkBytes, chunks.memory);
  const reader = createSplitReader({ source, start: 0, end: bytes.length, framing, longRecords: "cut", ...chunks });
  let left = 0;
  const mapOne = ({ bytes: chunk, offsets }: RecordBatch, index: number): void => {
    left++;
    setup.map(chunk.subarray(offsets[2 * index], offsets[2 * index + 1]), output.emit);
  };
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = step?.mapFrom(batch, 0) ?? 0; index < batch.count;) {
      mapOne(batch, index++);
      if (index < batch.count) index = step?.mapFrom(batch, index) ?? index;
    }
  return { ...finish(output, store), left };
}

/** Memory that counts the bytes in which its kernels of texts search: those before what they find. */
export function countSearched(memory: KernelMemory): {
  readonly memory: KernelMemory;
  readonly searched: () => number;
} {
  const kernels = memory.open(textKernels)!;
  let searched = 0;
  const counting =
    (find: (from: number, to: number) => number) =>
    (from: number, to: number): number => {
      const found = find(from, to);
      searched += found - from;
      return found;
    };
  const counted: TextKernels = {
    ...kernels,
    findNonAscii: counting(kernels.findNonAscii),
    findInvalidUtf8: counting(kernels.findInvalidUtf8),
    findFourBytes: counting(kernels.findFourBytes),
  };
  const { place, budget } = memory;
  const face = { place, budget, baseOf: (batch: RecordBatch) => memory.baseOf(batch), open: () => counted };
  return { memory: face as unknown as KernelMemory, searched: () => searched };
}

/** Expect the same run file of both ways. @returns what came by kernels. */
export function expectTwins(bytes: Uint8Array, setup: MapSetup, memory: KernelMemory): Ran {
  const byKernel = runMap(bytes, setup, memory);
  const byRecord = runMap(bytes, setup);
  expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
  expect(byKernel.pairsEmitted).toBe(byRecord.pairsEmitted);
  return byKernel;
}
