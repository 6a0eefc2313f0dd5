// The kernels of a reduce: merge runs to runs, and the last of them to rows of the output.

import {
  ByteSink,
  MemoryRunStore,
  bytesCodec,
  createMapOutput,
  createReduceInput,
  memorySource,
  sum,
  textCodec,
} from "@millrace/data";
import type { KernelMemory, MapOutput, ReduceInput, ReduceSegment, RowPlan } from "@millrace/data";
import { crc32 } from "node:zlib";
import { batchesOf, evenWords, teraBatches } from "./batches.ts";
import type { DataOptions, KernelBench, Side } from "./kernel-bench.ts";
import { hash } from "./map-bench.ts";
import { wordsOf } from "./queue-benches.ts";

const tools = { crc32, codecs: [] };
const runCount = 8;
/** Fewer than the runs: some are merged to a run before the last merge. */
const fanIn = 4;
const keyBytes = 10;
const rowBytes = 100;
const runMemoryBytes = 8 * 1024 * 1024;

type AnyOutput = MapOutput<unknown, unknown>;
type AnyInput = ReduceInput<unknown, unknown, unknown>;

interface MergeCase {
  readonly name: string;
  readonly about: string;
  /** Emit the pairs of each run. */
  readonly runs: (options: DataOptions) => readonly ((emit: AnyOutput["emit"]) => void)[];
  readonly pairs: object;
  readonly plan: RowPlan;
  /** What the plan says, a group at a time. */
  readonly writeGroup: (input: AnyInput, sink: ByteSink) => void;
}

const cases: readonly MergeCase[] = [
  {
    name: "merge-sums",
    about: "8 runs of words and their counts to rows of a table, in two passes",
    // A run has a share of what a batch has, so that all of them are one batch.
    runs: (options) =>
      batchesOf(evenWords(200_000, options.seed), runCount, shareOf(options)).map((batch) => (emit) => {
        for (const word of wordsOf(batch)) emit(word, 1);
      }),
    pairs: { key: textCodec, aggregator: sum() },
    plan: { kind: "sums" },
    writeGroup: (input, sink) => {
      sink.writeText(`${String(input.key())}\t${String(input.result())}\n`);
    },
  },
  {
    name: "merge-rows",
    about: "8 runs of rows of 100 bytes to rows, in two passes",
    runs: (options) =>
      teraBatches(runCount, shareOf(options)).map(({ bytes, count }) => (emit) => {
        for (let at = 0; at < count * rowBytes; at += rowBytes)
          emit(bytes.subarray(at, at + keyBytes), bytes.subarray(at + keyBytes, at + rowBytes));
      }),
    pairs: { key: bytesCodec, value: bytesCodec },
    plan: { kind: "rows", keyBytes, valueBytes: rowBytes - keyBytes },
    writeGroup: (input, sink) => {
      for (const value of input.values()) {
        sink.writeBytes(input.keyBytes());
        sink.writeBytes(value as Uint8Array);
      }
    },
  },
];

function shareOf(options: DataOptions): DataOptions {
  return { ...options, batchBytes: options.batchBytes / runCount };
}

/** Runs to rows. */
export const mergeBenches: readonly KernelBench[] = cases.map((each) => ({
  name: each.name,
  about: each.about,
  prepare: (options) => {
    const segments = each.runs(options).map((emitAll, task) => segmentOf(task, each.pairs, emitAll));
    const bytes = segments.reduce((total, { expected }) => total + expected.rawBytes, 0);
    return { bytes, open: (memory) => openSide(memory, each, segments) };
  },
}));

function segmentOf(task: number, pairs: object, emitAll: (emit: AnyOutput["emit"]) => void): ReduceSegment {
  const store = new MemoryRunStore();
  const output = createMapOutput<unknown, unknown>({
    ...(pairs as { readonly key: never; readonly value: never }),
    partitions: 1,
    memoryBytes: runMemoryBytes,
    store,
    tools,
    runName: "run",
  });
  emitAll(output.emit);
  const { vector } = output.finish();
  const bytes = store.files.get("run") ?? new Uint8Array(0);
  const expected = {
    pairs: vector.pairs[0] ?? 0,
    rawBytes: vector.rawBytes[0] ?? 0,
    digest: vector.digests[0] ?? "",
  };
  return { task, form: "run", partition: 0, expected, open: () => memorySource(bytes) };
}

function openSide(
  memory: KernelMemory,
  { pairs, plan, writeGroup }: MergeCase,
  segments: readonly ReduceSegment[],
): Side {
  const sink = new ByteSink(1 << 20);
  return {
    pass: () => {
      sink.clear();
      const input = createReduceInput<unknown, unknown, unknown>({
        ...(pairs as { readonly key: never; readonly value: never }),
        segments,
        fanIn,
        store: new MemoryRunStore(),
        tools,
        runName: "merge",
        memory,
      });
      writeAll(input, { plan, writeGroup, sink });
      input.finish();
    },
    answer: () => hash(sink.bytes.subarray(0, sink.length)),
  };
}

function writeAll(
  input: AnyInput,
  { plan, writeGroup, sink }: Pick<MergeCase, "plan" | "writeGroup"> & { readonly sink: ByteSink },
): void {
  if (input.writeRows === undefined) {
    while (input.nextGroup()) writeGroup(input, sink);
    return;
  }
  const refuse = (): never => {
    throw new Error("kernels make all of these rows");
  };
  const rows = (bytes: Uint8Array): void => {
    sink.writeBytes(bytes);
  };
  input.writeRows(plan, { rows, pair: refuse, result: refuse, progress: () => undefined });
}
