// The kernel that counts words against the record-by-record path: the same run file, byte for byte.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type KernelMemory,
  MemoryRunStore,
  type RecordBatch,
  type SplitReader,
  count,
  countWordsOfLines,
  createKernelMemory,
  createMapOutput,
  createSplitReader,
  intCodec,
  sum,
  textCodec,
} from "../../src/index.ts";
import { tools } from "../map/map-reduce-kit.ts";
import { splitWords } from "../../src/expression/text-operations.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 65_536;
const kernelMemory = createKernelMemory(memoryBytes);

interface Ran {
  readonly run: Uint8Array;
  readonly pairsEmitted: number;
  readonly spills: number;
  /** Records that went through the function. */
  readonly left: number;
}

function readerOf(text: Uint8Array, chunkBytes: number): SplitReader {
  let at = 0;
  const source = {
    seek: (offset: number) => {
      at = offset;
    },
    next: () => {
      const chunk = text.subarray(at, at + chunkBytes);
      at += chunk.length;
      return chunk.length === 0 ? undefined : chunk;
    },
  };
  return createSplitReader({
    source,
    start: 0,
    end: text.length,
    framing: { kind: "delimited", delimiter: "line" },
    longRecords: "cut",
  });
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function run(
  text: Uint8Array,
  options: { readonly memory?: KernelMemory; readonly chunkBytes: number; readonly partitions: number },
): Ran {
  const store = new MemoryRunStore();
  const output = createMapOutput<unknown, unknown, unknown>({
    key: textCodec as never,
    aggregator: sum() as never,
    partitions: options.partitions,
    memoryBytes,
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    store,
    tools,
    runName: "run",
  });
  const step = options.memory === undefined ? undefined : countWordsOfLines(options.memory, output);
  if (options.memory !== undefined) expect(step).toBeDefined();
  let left = 0;
  const mapOne = ({ bytes, offsets }: RecordBatch, index: number): void => {
    left++;
    const line = decoder.decode(bytes.subarray(offsets[2 * index], offsets[2 * index + 1]));
    for (const word of splitWords(line)) if (Buffer.byteLength(word) <= 65_536) output.emit(word, 1);
  };
  const reader = readerOf(text, options.chunkBytes);
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = 0; index < batch.count; index++) {
      index = step?.mapFrom(batch, index) ?? index;
      if (index < batch.count) mapOne(batch, index);
    }
  const { pairsEmitted, spills } = output.finish();
  return { run: store.files.get("run")!, pairsEmitted, spills, left };
}

const words = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[!-~]{1,20}$/u) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("a", "the", "x\0y", "\x1f", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaa0"),
  },
  { weight: 1, arbitrary: fc.constantFrom("na\u00efve", "\u{1f642}", "\u00a0", "a\u3000b", "\ufeffx", "\ufffd") },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 3000 }).map((length) => "y".repeat(length)) },
);
const blanks = fc.constantFrom(" ", "  ", "\t", "\v", "\f", "\r", "\n", "\r\n", "\n\n", " \n ");
const texts = fc
  .array(fc.tuple(words, blanks), { maxLength: 400 })
  .map((parts) => new TextEncoder().encode(parts.flat().join("")));

describe("countWordsOfLines()", () => {
  it("writes what the record-by-record path writes", () => {
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 9 }),
        (text, chunkBytes, partitions) => {
          const byKernel = run(text, { memory: kernelMemory, chunkBytes, partitions });
          const byRecord = run(text, { chunkBytes, partitions });
          expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
          expect(byKernel.pairsEmitted).toBe(byRecord.pairsEmitted);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("goes on where the table was full", () => {
    const text = new TextEncoder().encode(
      Array.from(
        { length: 60_000 },
        (_, index) => `${(index * 7919) % 30_011} word-${index % 20_000}-of-a-long-kind`,
      ).join("\n"),
    );
    const byKernel = run(text, { memory: kernelMemory, chunkBytes: 100_000, partitions: 3 });
    const byRecord = run(text, { chunkBytes: 100_000, partitions: 3 });
    expect(byKernel.spills).toBeGreaterThan(3);
    expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
  });

  it("leaves lines that are no ASCII, and those longer than a key may be", () => {
    const long = "x".repeat(65_537);
    const text = new TextEncoder().encode(["a b", "\u00e9 a", "c", long, "a"].join("\n"));
    const ran = run(text, { memory: kernelMemory, chunkBytes: 1 << 20, partitions: 1 });
    // The last line has no end: it is a batch of its own.
    expect(ran.left).toBe(2);
    expect(ran.run).toEqual(run(text, { chunkBytes: 1 << 20, partitions: 1 }).run);
  });

  it("leaves a word that has no room in an empty table to the function, which refuses it", () => {
    const text = new TextEncoder().encode(`a\n${"x".repeat(60_000)}\nb\n`);
    expect(() => run(text, { memory: kernelMemory, chunkBytes: 1 << 20, partitions: 1 })).toThrow(
      expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }),
    );
    // Given back by nobody, as the map output was not discarded.
    kernelMemory.giveBack();
  });

  it("looks at each line of a text without ASCII once", () => {
    const output = createMapOutput<unknown, unknown, unknown>({
      key: textCodec as never,
      aggregator: sum() as never,
      partitions: 1,
      memoryBytes,
      memory: kernelMemory,
      store: new MemoryRunStore(),
      tools,
      runName: "run",
    });
    const step = countWordsOfLines(kernelMemory, output)!;
    const lineCount = 4_096;
    const bytes = new TextEncoder().encode("\u0436\n".repeat(lineCount));
    let looks = 0;
    const offsets = new Proxy(
      Int32Array.from({ length: 2 * lineCount }, (_, index) => (index >> 1) * 3 + (index & 1) * 2),
      {
        get: (target, property) => {
          looks++;
          return Reflect.get(target, property) as unknown;
        },
      },
    );
    const batch: RecordBatch = { bytes, offsets, count: lineCount, fileOffset: 0 };
    for (let index = 0; index < lineCount; index++) expect(step.mapFrom(batch, index)).toBe(index);
    // A search among all for the line, and no look at the lengths of those behind it.
    expect(looks).toBeLessThan(lineCount * 40);
    output.discard();
  });

  it("is there for texts that are counted by hash, and for nothing else", () => {
    const make = (options: object): ((from: number, to: number) => number) | undefined => {
      const output = createMapOutput<unknown, unknown, unknown>({
        key: textCodec as never,
        aggregator: count() as never,
        partitions: 2,
        memoryBytes,
        memory: kernelMemory,
        store: new MemoryRunStore(),
        tools,
        runName: "run",
        ...options,
      });
      output.discard();
      return output.countWords;
    };
    expect(make({})).toBeDefined();
    expect(make({ partition: () => 0 })).toBeUndefined();
    expect(make({ cuts: [Uint8Array.of(7)] })).toBeUndefined();
    expect(make({ key: intCodec })).toBeUndefined();
    expect(make({ aggregator: undefined, value: intCodec })).toBeUndefined();
    expect(make({ memory: undefined })).toBeUndefined();
  });
});
