// A map attempt: the parts of its split, record by record, through the author's `map` into one run file of segments, or
// into an output file when the job has no reduce.

import { MillraceError, limits, quote } from "@millrace/core";
import type { ConsumedSplits, OutputFile, OwnedRange, Split, SplitPart } from "@millrace/core";
import { createMapOutput, createSplitReader } from "@millrace/data";
import type { MapOutput, MapOutputResult, RecordBatch } from "@millrace/data";
import { badRecord, combinePairs, noRecord } from "@millrace/sdk/engine";
import type { RecordReader } from "@millrace/sdk/engine";
import { engineCounters } from "./attempt-counters.ts";
import { addToMeter, meterCells, resetMeter, setPhase } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import type { OutputFileWriter } from "./output-file.ts";

/** What a finished map attempt read and wrote. */
export interface MapDone {
  readonly consumed: ConsumedSplits;
  readonly run?: MapOutputResult;
  readonly files: readonly OutputFile[];
}

type Emit = (keyOrRecord: unknown, value?: unknown) => void;

/** Where the records of a map go. */
interface MapTarget {
  readonly emit: Emit;
  readonly finish: () => { readonly run?: MapOutputResult; readonly files: readonly OutputFile[] };
  readonly discard: () => void;
}

/** Run one map attempt. Files and memory are given back also when it throws. @throws what stopped it; see `AttemptRun.failure`. */
export async function runMap(run: AttemptRun, split: Split): Promise<MapDone> {
  resetMeter(run.input.meter, "map", split.bytes);
  await run.setup();
  const target = run.input.job.reduce.kind === "none" ? fileTarget(run) : shuffleTarget(run);
  try {
    const consumed = readSplit(run, split, target.emit);
    await run.settle();
    setPhase(run.input.meter, "write");
    return { consumed, ...target.finish() };
  } catch (thrown) {
    target.discard();
    throw thrown;
  }
}

function readSplit(run: AttemptRun, split: Split, emit: Emit): ConsumedSplits {
  const reader = run.input.job.input.createReader({ count: run.counters.add });
  const mapper = new RecordMapper(run, reader, emit);
  const ranges: OwnedRange[] = [];
  let bytes = 0;
  for (const part of split.parts) {
    const range = mapper.readPart(part);
    ranges.push(range);
    bytes += range.end - range.begin;
  }
  const { records } = mapper;
  run.counters.add(engineCounters.recordsIn, records);
  run.counters.add(engineCounters.recordsBad, run.badRecords.count);
  run.counters.add(engineCounters.bytesIn, bytes);
  return { kind: "splits", ranges, records, badRecords: run.badRecords.count, bytes };
}

/** Hands the records of a split to `map`. One for each attempt. */
class RecordMapper {
  records = 0;
  readonly #run: AttemptRun;
  readonly #reader: RecordReader<unknown>;
  readonly #emit: Emit;

  constructor(run: AttemptRun, reader: RecordReader<unknown>, emit: Emit) {
    this.#run = run;
    this.#reader = reader;
    this.#emit = emit;
  }

  /** Map the records that a part owns. @returns the bytes that they and their delimiters take in the file. */
  readPart(part: SplitPart): OwnedRange {
    const { io, job, meter } = this.#run.input;
    const packed = part.codec !== "none";
    this.#run.place.uri = part.uri;
    const input = io.openInput(part);
    try {
      const reader = createSplitReader({
        source: input.source,
        start: packed ? 0 : part.offset,
        // What a packed file unpacks to is not known before: its one split owns all.
        end: packed ? Number.MAX_SAFE_INTEGER : part.offset + part.bytes,
        framing: job.input.framing,
        recordBytesMax: limits.recordBytesMax,
        uri: part.uri,
      });
      const context = this.#context(part);
      const before = meter[meterCells.done] ?? 0;
      let at = packed ? 0 : part.offset;
      for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) {
        const end = batchEnd(batch);
        addToMeter(meter, "bytes", end - at);
        at = end;
        this.#mapBatch(batch, context);
        if (!packed) meter[meterCells.done] = before + Math.min(part.bytes, end - part.offset);
      }
      meter[meterCells.done] = before + part.bytes;
      input.checkUnchanged();
      if (packed) return { uri: part.uri, begin: 0, end: part.fileBytes };
      return { uri: part.uri, ...reader.owned() };
    } finally {
      input.close();
    }
  }

  #context(part: SplitPart): Parameters<AttemptRun["input"]["job"]["map"]>[2] {
    const { params, counters, random, state } = this.#run;
    return { params, count: counters.count, random, state, split: { uri: part.uri, offset: part.offset } };
  }

  #mapBatch(batch: RecordBatch, context: Parameters<AttemptRun["input"]["job"]["map"]>[2]): void {
    const { gate, note, input } = this.#run;
    const { map } = input.job;
    const { bytes, offsets, count } = batch;
    const reader = this.#reader;
    const emit = this.#emit;
    const records = this.records;
    let bad = 0;
    let index = 0;
    try {
      for (; index < count; index++) {
        const begin = offsets[2 * index] ?? 0;
        const end = offsets[2 * index + 1] ?? 0;
        const record = reader.read(bytes, begin, end);
        if (record === badRecord || record === noRecord) {
          bad += 1;
          if (record === badRecord) this.#noteBad(batch, index);
          continue;
        }
        gate.running = "map";
        const returned = map(record, emit, context);
        // One comparison for the usual case; the gate stays open for the place of an error.
        if (returned !== undefined) this.#run.checkReturned(returned, "map");
        gate.running = undefined;
        if (note.failed) note.check();
        input.meter[meterCells.records] = records + index + 1 - bad;
      }
    } catch (thrown) {
      this.#place(batch, index);
      throw thrown;
    }
    this.records = records + count - bad;
  }

  #noteBad(batch: RecordBatch, index: number): void {
    this.#place(batch, index);
    const { place, badRecords } = this.#run;
    badRecords.note(place, place.record ?? new Uint8Array(), this.#reader.reason());
    place.record = undefined;
  }

  #place(batch: RecordBatch, index: number): void {
    const begin = batch.offsets[2 * index] ?? 0;
    const { place } = this.#run;
    place.offset = batch.fileOffset + begin;
    place.record = batch.bytes.subarray(begin, batch.offsets[2 * index + 1]);
  }
}

function batchEnd(batch: RecordBatch): number {
  return batch.fileOffset + (batch.offsets[2 * batch.count - 1] ?? 0);
}

/** Pairs go to partitions. */
function shuffleTarget(run: AttemptRun): MapTarget {
  const output = openMapOutput(run);
  const { gate, note } = run;
  const { meter } = run.input;
  let emitted = 0;
  return {
    emit: (key, value) => {
      if (gate.running === undefined) run.refuseLateEmit();
      try {
        output.emit(key, value);
      } catch (thrown) {
        throw note.note(thrown);
      }
      meter[meterCells.emitted] = ++emitted;
    },
    finish: () => {
      const result = output.finish();
      run.counters.add(engineCounters.pairsEmitted, result.pairsEmitted);
      run.counters.add(engineCounters.pairsOut, result.pairs);
      run.counters.add(engineCounters.shuffleBytes, result.rawBytes);
      run.counters.add(engineCounters.spills, result.spills);
      addToMeter(meter, "bytes", result.storedBytes);
      return { run: result, files: [] };
    },
    discard: () => {
      output.discard();
    },
  };
}

function openMapOutput(run: AttemptRun): MapOutput<unknown, unknown> {
  const { order, job, io, memory } = run.input;
  const { reduce } = job;
  const partitions = order.brief.stages[order.attempt.stage]?.partitions ?? 0;
  if (reduce.kind === "none" || partitions < 1) {
    throw new MillraceError(
      "E_INTERNAL",
      `Cannot run map of ${quote(job.name)}: the plan has ${partitions} partitions; report this bug of Millrace`,
    );
  }
  const shared = {
    key: reduce.key,
    partitions,
    task: order.attempt.task,
    memoryBytes: memory.budget.limit,
    memory,
    store: io.store,
    tools: io.tools,
    runName: io.runName,
  };
  if (reduce.kind === "aggregator") return createMapOutput({ ...shared, aggregator: reduce.aggregator });
  const combine = combineStep(run);
  return createMapOutput({ ...shared, value: reduce.value, ...(combine === undefined ? {} : { combine }) });
}

type Combine = {
  readonly pairs: number;
  readonly run: (key: unknown, values: Iterable<unknown>, emit: (value: unknown) => void) => void;
};

/** The author's combiner between the data plane and the gate. */
function combineStep(run: AttemptRun): Combine | undefined {
  const { reduce } = run.input.job;
  if (reduce.kind !== "function" || reduce.combine === undefined) return undefined;
  const { combine } = reduce;
  const { gate, note, params, counters, random } = run;
  const take = (emit: (value: unknown) => void) => (value: unknown) => {
    if (gate.running !== "combine") run.refuseLateEmit();
    try {
      emit(value);
    } catch (thrown) {
      throw note.note(thrown);
    }
  };
  return {
    pairs: run.input.combinePairs ?? combinePairs,
    run: (key, values, emit) => {
      const outer = gate.running;
      const context = { params, count: counters.count, random, state: run.state };
      gate.running = "combine";
      try {
        const returned = combine(key, values, take(emit), context);
        if (returned !== undefined) run.checkReturned(returned, "combine");
      } catch (thrown) {
        // It passes through `emit`, which takes it for the engine's unless it is known to be the author's.
        throw note.note(thrown, "combine");
      }
      gate.running = outer;
    },
  };
}

/** Records go to the output: a job without reduce. */
function fileTarget(run: AttemptRun): MapTarget {
  const [output] = run.outputs();
  const file: OutputFileWriter = run.createFile(output ?? { name: "", extension: run.input.job.output.extension });
  const { gate, note } = run;
  const { meter } = run.input;
  return {
    emit: (record) => {
      if (gate.running === undefined) run.refuseLateEmit();
      try {
        file.write(record);
      } catch (thrown) {
        throw note.note(thrown);
      }
      meter[meterCells.emitted] = file.records;
    },
    finish: () => ({ files: run.finishFiles() }),
    discard: () => {
      run.discardFiles();
    },
  };
}
