// The work of one attempt, with the engine's real data plane on simulated disks: split reader, combine and sort, run
// file, merge, groups. It happens in no time; the process model says when.

import { attemptName, limits, sumSegments } from "@millrace/core";
import type {
  AttemptFailure,
  AttemptRef,
  AttemptResult,
  JobBrief,
  LocalSegment,
  OutputFile,
  SegmentVector,
  Split,
} from "@millrace/core";
import { createMapOutput, createReduceInput, sumOfIntegers, textCodec } from "@millrace/data";
import type { MapOutput, MapOutputResult, ReduceSegment } from "@millrace/data";
import { sourceOf } from "../disk/worker-disk.ts";
import type { WorkerDisk } from "../disk/worker-disk.ts";
import { userStream } from "../oracle.ts";
import { createStream } from "../random-stream.ts";
import type { StorageModel } from "../storage/storage-model.ts";
import { isBadRecord, levelOf, sideOfPairs, sideOfRecords } from "../workload/programs.ts";
import type { Pair, PairKind, Program } from "../workload/programs.ts";
import { failureOf, TaskFailure } from "./task-failure.ts";
import { readSplit } from "./read-split.ts";
import { gatheredName, runName, scopedStore } from "./disk-names.ts";
import { crc32, mapMemoryBytes, runTools } from "./tools.ts";

/** What an attempt works on and with. */
export interface AttemptWork {
  readonly seed: number;
  readonly program: Program;
  readonly brief: JobBrief;
  readonly attempt: AttemptRef;
  readonly disk: WorkerDisk;
  readonly storage: StorageModel;
  /** Told of the run file as soon as it is there, whatever becomes of the attempt. */
  readonly onRun: (vector: SegmentVector) => void;
}

/** How the work ended. */
export type WorkOutcome =
  | {
      readonly kind: "finished";
      readonly result: AttemptResult;
      readonly vector: SegmentVector | undefined;
      /** Segments that a reduce attempt read. */
      readonly segments: readonly LocalSegment[] | undefined;
    }
  | { readonly kind: "failed"; readonly failure: AttemptFailure };

type Sink = { readonly shuffle: MapOutput<string, string | number>; readonly pairs: PairKind } | undefined;

/** Do a map attempt. Never throws an expected failure. @param cuts Between key ranges, where the shuffle has such. */
export function runMap(work: AttemptWork, split: Split, cuts?: readonly string[]): WorkOutcome {
  return guarded(work, () => {
    const { program, attempt } = work;
    const random = userStream(work.seed, attempt.job, attempt.task, attempt.attempt);
    const read = readSplit(work.storage.tree, split, work.brief.inputGrowth);
    const lines: Pair[] = [];
    const sink = openSink(work, cuts?.map(bytesOfHex));
    const good = read.records.filter((record) => !isBadRecord(record));
    for (const record of good) {
      for (const [key, value] of program.map(record, random)) emit(sink, lines, key, value);
    }
    const run = finishRun(work, sink);
    const files = writeFiles(work, {
      main: sink === undefined ? lines.map(printPair) : undefined,
      side: sideOfRecords(good),
    });
    const consumed = {
      kind: "splits" as const,
      ranges: read.ranges,
      records: good.length,
      badRecords: read.records.length - good.length,
      bytes: split.bytes,
    };
    return finished(work, { consumed, run, files, counters: { records: good.length } });
  });
}

/**
 * Do a sample attempt: keys of some records. Which ones is drawn anew each attempt, so that two attempts of a task tell
 * different ones. It reports counters and bad records as a host might: they must not count.
 */
export function runSample(work: AttemptWork, split: Split, keysMax: number): WorkOutcome {
  return guarded(work, () => {
    const { attempt, program } = work;
    const stream = createStream(work.seed, "sample", attempt.job, attempt.task, attempt.attempt);
    const read = readSplit(work.storage.tree, split, work.brief.inputGrowth);
    const chosen = read.records.filter((record) => !isBadRecord(record) && stream.chance(0.5));
    const keys = chosen.flatMap((record) => program.map(record, stream)).map(([key]) => keyPrefix(key));
    const consumed = { kind: "splits" as const, ranges: [], records: chosen.length, badRecords: 0, bytes: split.bytes };
    const outcome = finished(work, { consumed, run: undefined, files: [], counters: { records: chosen.length } });
    if (outcome.kind !== "finished") return outcome;
    const bad = { uri: "sim://sample", offset: 0, reason: "a sample saw it", text: "?" };
    const result = { ...outcome.result, sample: keys.sort().slice(0, keysMax), badRecords: [bad] };
    return { ...outcome, result };
  });
}

/** The beginning of an encoded key in hexadecimal. */
function keyPrefix(key: string): string {
  const bytes = textCodec.encode(key).subarray(0, limits.sampleKeyBytesMax);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Do a reduce attempt over segments that lie on this worker. */
export function runReduce(work: AttemptWork, segments: readonly LocalSegment[]): WorkOutcome {
  return guarded(work, () => {
    const { program, attempt } = work;
    const level = levelOf(work.brief.stages, attempt.stage) - 1;
    const code = program.reduces[level];
    if (code === undefined) throw new Error(`no code for stage ${attempt.stage}`);
    const folded = program.shuffles[level] === "state";
    const input = createReduceInput<string, string | number, number>({
      key: textCodec,
      ...(folded ? { aggregator: sumOfIntegers() as never } : { value: textCodec as never }),
      segments: segments.map((segment) => openSegment(work, segment)),
      store: scopedStore(work.disk, `tmp/${attempt.job}/${attemptName(attempt)}/`),
      tools: runTools,
      runName: "merge",
      fanIn: 3,
    });
    const lines: Pair[] = [];
    const reduced: Pair[] = [];
    const sink = openSink(work);
    while (input.nextGroup()) {
      const values = folded ? [String(input.result())] : [...input.values()].map(String);
      for (const [key, value] of code(input.key(), values)) {
        reduced.push([key, value]);
        emit(sink, lines, key, value);
      }
    }
    const read = input.finish();
    const run = finishRun(work, sink);
    const files = writeFiles(work, {
      main: sink === undefined ? lines.map(printPair) : undefined,
      side: sideOfPairs(reduced),
    });
    const consumed = {
      kind: "segments" as const,
      maps: read.segments,
      pairs: read.pairs,
      rawBytes: read.rawBytes,
      digest: sumSegments(segments),
    };
    return finished(work, { consumed, run, files, counters: { groups: read.groups }, segments });
  });
}

function guarded(work: AttemptWork, act: () => WorkOutcome): WorkOutcome {
  try {
    return act();
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (failure === undefined) throw thrown;
    work.disk.removeBelow(`tmp/${work.attempt.job}/${attemptName(work.attempt)}/`);
    return { kind: "failed", failure };
  }
}

function openSink(work: AttemptWork, cuts?: readonly Uint8Array[]): Sink {
  const { attempt, brief } = work;
  const pairs = work.program.shuffles[levelOf(brief.stages, attempt.stage)];
  if (pairs === undefined) return undefined;
  const shuffle = createMapOutput<string, string | number>({
    key: textCodec,
    ...(pairs === "state" ? { aggregator: sumOfIntegers() as never } : { value: textCodec as never }),
    partitions: brief.stages[attempt.stage]?.partitions ?? 0,
    ...(cuts === undefined ? {} : { cuts }),
    memoryBytes: mapMemoryBytes,
    store: scopedStore(work.disk, `tmp/${attempt.job}/`, { [attemptName(attempt)]: runName(attempt) }),
    tools: runTools,
    runName: attemptName(attempt),
  });
  return { shuffle, pairs };
}

function emit(sink: Sink, lines: Pair[], key: string, value: string): void {
  if (sink === undefined) lines.push([key, value]);
  else sink.shuffle.emit(key, sink.pairs === "state" ? Number(value) : value);
}

function finishRun(work: AttemptWork, sink: Sink): MapOutputResult | undefined {
  const run: MapOutputResult | undefined = sink?.shuffle.finish();
  if (run !== undefined) work.onRun(run.vector);
  return run;
}

function printPair([key, value]: Pair): string {
  return `${key}\t${value}\n`;
}

function openSegment(work: AttemptWork, segment: LocalSegment): ReduceSegment {
  const { attempt } = work;
  const own = segment.where === "own-run";
  const reads = work.brief.stages[attempt.stage]?.reads ?? 0;
  const source = { job: attempt.job, stage: reads, task: segment.task, attempt: segment.attempt };
  const name = own ? runName(source) : gatheredName(attempt, segment.task);
  return {
    task: segment.task,
    open: () => {
      // An empty segment is never fetched: there is nothing to read and no file.
      const bytes = segment.pairs === 0 && !own ? new Uint8Array(0) : work.disk.read(name);
      if (bytes === undefined) throw new TaskFailure("E_SEGMENT", `Cannot read "${name}": it is gone`);
      return sourceOf(bytes);
    },
    form: own ? "run" : "segment",
    partition: attempt.task,
    expected: { pairs: segment.pairs, rawBytes: segment.rawBytes, digest: segment.digest },
  };
}

/** Write the main output, if the stage has it, and the one called `side`, if there is anything for it. */
function writeFiles(
  work: AttemptWork,
  { main, side }: { readonly main: readonly string[] | undefined; readonly side: readonly string[] },
): readonly OutputFile[] {
  const outputs = work.brief.stages[work.attempt.stage]?.outputs ?? [];
  const aside = side.length > 0 && outputs.some(({ name }) => name === "side");
  return [
    ...(main === undefined ? [] : [writeFile(work, "", main)]),
    ...(aside ? [writeFile(work, "side", side)] : []),
  ];
}

function writeFile(work: AttemptWork, output: string, lines: readonly string[]): OutputFile {
  const bytes = new TextEncoder().encode(lines.join(""));
  const path = `${output === "" ? "main" : output}.txt`;
  const uri = `${work.brief.stagingUri}/attempts/${attemptName(work.attempt)}/${path}`;
  if (!work.storage.writeOutput(work.attempt.job, uri, bytes)) {
    throw new TaskFailure("E_OUTPUT_WRITE", `Cannot write "${path}": the simulated storage says no`);
  }
  return { output, path, bytes: bytes.length, records: lines.length, crc32: crc32(bytes) };
}

function finished(
  work: AttemptWork,
  parts: {
    readonly consumed: AttemptResult["consumed"];
    readonly run: MapOutputResult | undefined;
    readonly files: readonly OutputFile[];
    readonly counters: Readonly<Record<string, number>>;
    readonly segments?: readonly LocalSegment[];
  },
): WorkOutcome {
  const { run } = parts;
  const partitions = run?.vector.pairs.length ?? 0;
  const summary =
    run === undefined
      ? {}
      : {
          run: {
            partitions,
            storedBytes: run.storedBytes,
            pairs: run.pairs,
            rawBytes: run.rawBytes,
            vectorDigest: run.vectorDigest,
          },
        };
  const usage = { durationMs: 1, cpuMs: 1, peakRssBytes: 1 };
  const result = {
    attempt: work.attempt,
    consumed: parts.consumed,
    ...summary,
    files: parts.files,
    counters: parts.counters,
    badRecords: [],
    usage,
  };
  return { kind: "finished", result, vector: run?.vector, segments: parts.segments };
}
