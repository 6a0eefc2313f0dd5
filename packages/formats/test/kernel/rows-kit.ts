// Runs the map of an aggregation over lines: by kernels, or record by record.

import {
  type BatchStep,
  type KernelMemory,
  type MapOutput,
  MemoryRunStore,
  type RecordBatch,
  type SplitReader,
  addPairsOfRows,
  addRows,
  columnsOfLayout,
  crc32,
  createKernelMemory,
  createMapOutput,
  createSplitReader,
  isRowLayout,
} from "@millrace/data";
import { type StepMapContext, badRecord, jobProgram, noRecord } from "@millrace/sdk/engine";
import * as fc from "fast-check";
import { expect } from "vitest";

/** As little as a map output takes. */
const memoryBytes = 65_536;
/** Memory with kernels. */
export const kernelMemory: KernelMemory = createKernelMemory(memoryBytes);
/** Of texts. */
export const encoder = new TextEncoder();

/** What a map task came to. */
export interface Ran {
  readonly run: Uint8Array;
  readonly pairsEmitted: number;
  readonly records: number;
  readonly bad: number;
  readonly invalid: number;
  readonly spills: number;
  /** Records that went through the map. */
  readonly left: number;
  /** Counters of the job. */
  readonly counters: Readonly<Record<string, number>>;
}

/** How it is run: with kernels when there is memory for them. */
export interface RunOptions {
  readonly memory?: KernelMemory;
  /** Of the output's table; by default as little as it takes. */
  readonly memoryBytes?: number;
  readonly chunkBytes: number;
  readonly partitions: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

// Whatever its records and outputs are.
type AnyJob = Parameters<typeof jobProgram>[0];

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
  const framing = { kind: "delimited", delimiter: "line" } as const;
  return createSplitReader({ source, start: 0, end: text.length, framing, longRecords: "cut" });
}

type Shuffle = Extract<ReturnType<typeof jobProgram>["stages"][number], { kind: "map" }>["sink"]["shuffle"];

function outputOf(
  shuffle: NonNullable<Shuffle>,
  { memory, partitions }: RunOptions,
  store: MemoryRunStore,
): MapOutput<unknown, unknown, unknown> {
  const { key, orderBy, pairs } = shuffle;
  return createMapOutput<unknown, unknown, unknown>({
    key,
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(pairs.kind === "state" ? { aggregator: pairs.aggregator } : { value: pairs.value }),
    partitions,
    memoryBytes,
    ...(memory === undefined ? {} : { memory }),
    store,
    tools: { crc32, codecs: [] },
    runName: "run",
  });
}

/** Run the map of an aggregation, or of a job whose columns are emitted, over a text. */
export function run(job: AnyJob, text: Uint8Array, options: RunOptions): Ran {
  const { memory, chunkBytes, params = {} } = options;
  const [stage] = jobProgram(job).stages;
  const shuffle = stage?.kind === "map" ? stage.sink.shuffle : undefined;
  const operator = stage?.kind === "map" ? stage.maps[0]?.operators[0] : undefined;
  const setup = jobProgram(job).parts[0]?.setup;
  const plan = operator?.batch;
  if (shuffle === undefined || operator === undefined || (plan?.kind !== "rows" && plan?.kind !== "columns"))
    throw new Error("no plan of columns");
  const store = new MemoryRunStore();
  const output = outputOf(shuffle, options, store);
  const state: unknown = setup?.({ params, count: () => undefined } as never);
  const format = jobProgram(job).inputs[0]!.format;
  const { layout } = format;
  if (!isRowLayout(layout)) throw new Error("no layout of rows");
  const counters: Record<string, number> = {};
  const count = (name: string, by = 1): void => {
    counters[name] = (counters[name] ?? 0) + by;
  };
  const leave = (groupings: number): void => {
    if (plan.kind === "rows") plan.leave(state, groupings);
  };
  const openStep = (of: KernelMemory): BatchStep | undefined => {
    if (plan.kind === "rows") {
      const { program } = plan.choose(columnsOfLayout(layout), params);
      return program === undefined ? undefined : addRows(of, { program, layout, output, leave, count });
    }
    const chosen = plan.choose(columnsOfLayout(layout), params);
    return "program" in chosen ? addPairsOfRows(of, { program: chosen.program, layout, output }) : undefined;
  };
  const step = memory === undefined ? undefined : openStep(memory);
  const context = { state, count, params } as unknown as StepMapContext;
  let [records, bad, invalid, left] = [0, 0, 0, 0];
  const reader = format.createReader({
    count: () => {
      invalid++;
    },
  });
  const mapRecord = ({ bytes, offsets }: RecordBatch, index: number): void => {
    const record = reader.read(bytes, offsets[2 * index]!, offsets[2 * index + 1]!);
    if (record === badRecord) bad++;
    if (record === badRecord || record === noRecord) return;
    records++;
    left++;
    operator.map(record, output.emit, context);
  };
  const split = readerOf(text, chunkBytes);
  try {
    for (let batch = split.nextBatch(); batch !== undefined; batch = split.nextBatch()) {
      for (let index = 0; index < batch.count; index++) {
        const next = step?.mapFrom(batch, index) ?? index;
        records += next - index;
        index = next;
        if (index < batch.count) mapRecord(batch, index);
      }
    }
  } catch (thrown) {
    // So that the memory is free for a smaller text.
    output.discard();
    throw thrown;
  }
  const { pairsEmitted, spills } = output.finish();
  return { run: store.files.get("run")!, pairsEmitted, records, bad, invalid, spills, left, counters };
}

/** Texts of up to 60 lines, now and then with a byte that is no UTF-8. */
export function textsOf(kinds: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.array(kinds, { maxLength: 60 }), fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.nat())
    .map(([all, ending, isWhole, place]) => {
      const text = encoder.encode(all.join(ending) + (isWhole ? ending : ""));
      if (place % 5 === 0 && text.length > 0) text[place % text.length] = 0xff;
      return text;
    });
}

/** Expect the same bytes and counters of both ways. @returns the records, and those that kernels did whole. */
export function expectSame(
  job: AnyJob,
  text: Uint8Array,
  options: RunOptions,
): readonly [all: number, byKernels: number] {
  const { memory = kernelMemory, ...others } = options;
  const byKernel = run(job, text, { ...others, memory });
  const byRecord = run(job, text, others);
  expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
  for (const counter of ["pairsEmitted", "records", "bad", "invalid"] as const)
    expect(byKernel[counter]).toBe(byRecord[counter]);
  expect(byKernel.counters).toEqual(byRecord.counters);
  return [byKernel.records, byKernel.records - byKernel.left];
}
