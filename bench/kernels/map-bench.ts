// Benches of what a map does with a batch: its step by kernels, as a task host opens it, or its function for each record.

import { createHash } from "node:crypto";
import { MemoryRunStore, createMapOutput } from "@millrace/data";
import type { BatchStep, KernelMemory, MapOutput, RecordBatch } from "@millrace/data";
import { crc32 } from "node:zlib";
import { badRecord, jobProgram, noRecord, parseParams } from "@millrace/sdk/engine";
import type { JobProgram, Operator, ShuffleProgram, StepMapContext } from "@millrace/sdk/engine";
import { openBatchStep } from "../../packages/task-host/src/attempt/batch-step.ts";
import { meanBytes } from "./batches.ts";
import { sideMemoryBytes } from "./kernel-bench.ts";
import type { DataOptions, KernelBench, PreparedBench, Side } from "./kernel-bench.ts";

/** Whatever its records and outputs are. */
type AnyJob = Parameters<typeof jobProgram>[0];
type AnyOutput = MapOutput<unknown, unknown, unknown>;

/** What a pass does, and what is measured of it. */
export type Measured =
  /** A batch goes into an output that is there all the time. */
  | "map"
  /** The same, but no batch meets the keys of an earlier time: then there is a new output. */
  | "new-keys"
  /** A batch goes into an empty output, which writes its run. */
  | "run"
  /** All batches go into an empty output, which writes its run: that alone is measured. */
  | "writing";

/** Say what a bench of a map is. */
export interface MapBenchOptions {
  readonly name: string;
  readonly about: string;
  readonly job: AnyJob;
  readonly batches: (options: DataOptions) => readonly RecordBatch[];
  readonly measured?: Measured;
  /** Whether each batch is mapped once before the first pass: what is measured finds its keys. */
  readonly findsKeys?: boolean;
}

const partitions = 4;
const tools = { crc32, codecs: [] };

/** Make a bench of a job's map. */
export function mapBench(options: MapBenchOptions): KernelBench {
  const { name, about, job } = options;
  return {
    name,
    about,
    prepare: (data): PreparedBench => {
      const batches = options.batches(data);
      // What is written is what all of them brought.
      const passBytes = meanBytes(batches) * (options.measured === "writing" ? batches.length : 1);
      return {
        bytes: passBytes,
        open: (memory) => openSide(memory, jobProgram(job), { ...options, batches }),
      };
    },
  };
}

interface SideOptions {
  readonly batches: readonly RecordBatch[];
  readonly measured?: Measured;
  readonly findsKeys?: boolean;
}

function openSide(memory: KernelMemory, program: JobProgram, options: SideOptions): Side {
  const { batches, measured = "map", findsKeys = false } = options;
  let mapper = openMapper(memory, program);
  let run: Uint8Array = new Uint8Array(0);
  let passes = 0;
  let batch = lay(memory, batches[0]);
  const next = (): void => {
    batch = lay(memory, batches[passes++ % batches.length]);
  };
  if (findsKeys) for (const each of batches) mapper.map(lay(memory, each));
  const renew = (): void => {
    run = mapper.finish();
    mapper = openMapper(memory, program);
  };
  const mapOne = (): void => mapper.map(batch);
  switch (measured) {
    case "map":
      return { ready: next, pass: mapOne, answer: () => hash(mapper.finish()) };
    case "new-keys":
      return {
        ready: () => {
          if (passes > 0 && passes % batches.length === 0) renew();
          next();
        },
        pass: mapOne,
        answer: () => hash(mapper.finish()),
      };
    case "run":
      return {
        ready: next,
        pass: () => {
          mapOne();
          renew();
        },
        answer: () => {
          mapper.finish();
          return hash(run);
        },
      };
    case "writing":
      return {
        ready: () => {
          // All of them: a batch alone has too few keys to sort.
          for (const each of batches) mapper.map(lay(memory, each));
        },
        pass: renew,
        answer: () => {
          mapper.finish();
          return hash(run);
        },
      };
  }
}

/** Put a batch where chunks of input lie. */
function lay(memory: KernelMemory, batch: RecordBatch | undefined): RecordBatch {
  if (batch === undefined) throw new Error("a bench has batches");
  const { chunk } = memory;
  chunk.set(batch.bytes);
  return { ...batch, bytes: chunk.subarray(0, batch.bytes.length) };
}

interface Mapper {
  readonly map: (batch: RecordBatch) => void;
  /** @returns the run file. */
  readonly finish: () => Uint8Array;
}

function openMapper(memory: KernelMemory, program: JobProgram): Mapper {
  const { operator, shuffle } = stageOf(program);
  const format = program.inputs[0]?.format;
  const store = new MemoryRunStore();
  const { key, orderBy, pairs } = shuffle;
  const output: AnyOutput = createMapOutput<unknown, unknown, unknown>({
    key,
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(pairs.kind === "state" ? { aggregator: pairs.aggregator } : { value: pairs.value }),
    partitions,
    memoryBytes: sideMemoryBytes,
    memory,
    store,
    tools,
    runName: "run",
  });
  const nothing = (): void => undefined;
  const params = parseParams(program.params, {});
  const state: unknown = program.parts[0]?.setup?.({ params, count: nothing } as never);
  const context = { params, state, count: nothing } as unknown as StepMapContext;
  const { batch: plan } = operator;
  if (format === undefined || plan === undefined) throw new Error("the job has a map that kernels know");
  const sink = { emit: output.emit, shuffle: output, finish: nothing as never, discard: nothing };
  const guard = <T>(_name: string, call: () => T): T => call();
  const step = openBatchStep(memory, { plan, format, sink, params, state, count: nothing, guard });
  if ((step !== undefined) !== (memory.place !== undefined)) throw new Error("there are kernels on one side alone");
  const reader = format.createReader({ count: nothing });
  const byFunction = (bytes: Uint8Array, begin: number, end: number): void => {
    const record = reader.read(bytes, begin, end);
    if (record !== badRecord && record !== noRecord) operator.map(record, output.emit, context);
  };
  return {
    map: (batch) => {
      mapBatch(batch, step, byFunction);
    },
    finish: () => {
      output.finish();
      return store.files.get("run") ?? new Uint8Array(0);
    },
  };
}

function mapBatch(
  batch: RecordBatch,
  step: BatchStep | undefined,
  byFunction: (bytes: Uint8Array, begin: number, end: number) => void,
): void {
  const { bytes, offsets, count } = batch;
  for (let index = step?.mapFrom(batch, 0) ?? 0; index < count;) {
    byFunction(bytes, offsets[2 * index] ?? 0, offsets[2 * index + 1] ?? 0);
    index += 1;
    if (index < count) index = step?.mapFrom(batch, index) ?? index;
  }
}

function stageOf(program: JobProgram): { readonly operator: Operator; readonly shuffle: ShuffleProgram } {
  const stage = program.stages.find(({ kind }) => kind === "map");
  const operator = stage?.kind === "map" ? stage.maps[0]?.operators[0] : undefined;
  const shuffle = stage?.kind === "map" ? stage.sink.shuffle : undefined;
  if (operator === undefined || shuffle === undefined) throw new Error("the job has a map and a shuffle");
  return { operator, shuffle };
}

/** A text that tells bytes apart. */
export function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
