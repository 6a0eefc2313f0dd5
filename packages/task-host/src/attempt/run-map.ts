// A map attempt: the parts of its split, record by record, through the operators of its input into the stage's sink.

import { MillraceError } from "@millrace/core";
import type { ConsumedSplits, OutputFile, OwnedRange, Split } from "@millrace/core";
import type { BatchStep, MapOutputResult } from "@millrace/data";
import type { InputFormat, MapStageProgram, Operator, Sink } from "@millrace/sdk/engine";
import { engineCounters } from "./attempt-counters.ts";
import { resetMeter, setPhase } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import { openBatchStep } from "./batch-step.ts";
import { chainOperators, lastCaller } from "./chain-operators.ts";
import { RecordFeeder } from "./record-feeder.ts";
import { openSink } from "./stage-sink.ts";
import type { StageSink } from "./stage-sink.ts";

/** What a finished map attempt read and wrote. */
export interface MapDone {
  readonly consumed: ConsumedSplits;
  readonly run?: MapOutputResult;
  readonly files: readonly OutputFile[];
}

/** Run one map attempt. Files and memory are given back also when it throws. @throws what stopped it; see `AttemptRun.failure`. */
export async function runMap(run: AttemptRun, split: Split): Promise<MapDone> {
  resetMeter(run.input.meter, "map", split.bytes);
  const stage = run.stage();
  if (stage.kind !== "map") throw new TypeError(`stage ${run.input.order.attempt.stage} is a ${stage.kind} stage`);
  const { format, first, rest } = inputOf(run, stage, split);
  await run.setup([first.part, ...rest.map(({ part }) => part), ...sinkParts(stage.sink)]);
  const caller = { name: "map", part: first.part } as const;
  const sink = openSink(run, stage.sink, lastCaller(rest, caller));
  try {
    const emit = chainOperators(run, rest, { sink: sink.emit, caller });
    const shuffle = rest.length === 0 ? sink.shuffle : undefined;
    const batch = batchStepOf(run, { format, first, rest }, sink);
    const consumed = readSplit(run, split, new RecordFeeder(run, { format, operator: first, emit, batch, shuffle }));
    await run.settle();
    setPhase(run.input.meter, "write");
    const shuffled = sink.finish();
    const files = run.finishFiles();
    return shuffled === undefined ? { consumed, files } : { consumed, files, run: shuffled };
  } catch (thrown) {
    sink.discard();
    run.files.discard();
    throw thrown;
  }
}

/** What is read of a split and what its records go through. */
export interface StageInput {
  readonly format: InputFormat<unknown>;
  readonly first: Operator;
  readonly rest: readonly Operator[];
}

/** Find the operators for the input that a split is of. @throws {MillraceError} E_INTERNAL when the stage reads no such input. */
export function inputOf(run: AttemptRun, stage: MapStageProgram, split: Split): StageInput {
  const format = run.input.program.inputs[split.input]?.format;
  const [first, ...rest] = stage.maps.find(({ input }) => input === split.input)?.operators ?? [];
  if (format !== undefined && first !== undefined) return { format, first, rest };
  throw new MillraceError(
    "E_INTERNAL",
    `Cannot run a map: its stage does not read input ${split.input}; report this bug of Millrace`,
  );
}

function batchStepOf(run: AttemptRun, { format, first, rest }: StageInput, sink: StageSink): BatchStep | undefined {
  if (first.batch === undefined || rest.length > 0) return undefined;
  const { params, state, count } = run.scope(first.part).context;
  const { part, batch } = first;
  const guard = <T>(name: string, call: () => T): T => run.guard({ name, part }, call);
  return openBatchStep(run.input.memory, { plan: batch, format, sink, params, state, count, guard });
}

/** Parts whose functions run inside of a sink. */
export function sinkParts(sink: Sink): readonly number[] {
  const pairs = sink.shuffle?.pairs;
  return pairs?.kind === "value" && pairs.combine !== undefined ? [pairs.combine.part] : [];
}

function readSplit(run: AttemptRun, split: Split, feeder: RecordFeeder): ConsumedSplits {
  const ranges: OwnedRange[] = [];
  let bytes = 0;
  for (const part of split.parts) {
    const range = feeder.readPart(part);
    ranges.push(range);
    bytes += range.end - range.begin;
  }
  const { records } = feeder;
  run.counters.add(engineCounters.recordsIn, records);
  run.counters.add(engineCounters.recordsBad, run.badRecords.count);
  run.counters.add(engineCounters.bytesIn, bytes);
  return { kind: "splits", ranges, records, badRecords: run.badRecords.count, bytes };
}
