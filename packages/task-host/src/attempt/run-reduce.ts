// A reduce attempt: its segments, verified and merged, group by group through the aggregator's result or the author's
// `reduce`, then through the stage's operators into its sink.

import { quote, sumSegments } from "@millrace/core";
import type { ConsumedSegments, OutputFile } from "@millrace/core";
import { createReduceInput } from "@millrace/data";
import type { MapOutputResult, ReduceInput } from "@millrace/data";
import type { SegmentInput } from "@millrace/ports";
import type { ReduceProgram, ReduceStageProgram, ShuffleProgram, StepEmit } from "@millrace/sdk/engine";
import { hostLimits } from "../host-limits.ts";
import { engineCounters } from "./attempt-counters.ts";
import { meterCells, resetMeter, setPhase } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import { stageOf } from "./attempt-run.ts";
import { chainOperators, lastCaller } from "./chain-operators.ts";
import { GuardedValues } from "./guarded-values.ts";
import { sinkParts } from "./run-map.ts";
import { showBytes } from "./show-bytes.ts";
import { mergeFanIn } from "./shuffle-sink.ts";
import { openSink } from "./stage-sink.ts";
import type { StageSink } from "./stage-sink.ts";
import { joinedOf, writeJoined } from "./write-joined.ts";
import type { JoinedInto } from "./write-joined.ts";
import { rowsOf, writeRows } from "./write-rows.ts";
import type { RowsInto } from "./write-rows.ts";

/** What a finished reduce attempt read and wrote. */
export interface ReduceDone {
  readonly consumed: ConsumedSegments;
  readonly run?: MapOutputResult;
  readonly files: readonly OutputFile[];
}

type Groups = ReduceInput<unknown, unknown, unknown>;

/** Run one reduce attempt. Files are given back also when it throws. @throws what stopped it; see `AttemptRun.failure`. */
export async function runReduce(run: AttemptRun, segments: readonly SegmentInput[]): Promise<ReduceDone> {
  const pairs = segments.reduce((sum, segment) => sum + segment.pairs, 0);
  resetMeter(run.input.meter, "reduce", pairs);
  const stage = run.stage();
  if (stage.kind !== "reduce") throw new TypeError(`stage ${run.input.order.attempt.stage} is a ${stage.kind} stage`);
  const { reduce, operators } = stage;
  await run.setup([reduce.part, ...operators.map(({ part }) => part), ...sinkParts(stage.sink)]);
  run.part = reduce.part;
  const caller = { name: "reduce", part: reduce.part } as const;
  const sink = openSink(run, stage.sink, lastCaller(operators, caller));
  let groups: Groups | undefined;
  try {
    groups = openReduceInput(run, stage, segments);
    const emit = chainOperators(run, operators, { sink: sink.emit, caller });
    const rows = rowsInto(run, stage, { sink, groups });
    const joined = joinedInto(run, stage, { sink, groups });
    if (rows !== undefined) writeRows(run, rows);
    else if (joined !== undefined) joinGroups(run, joined);
    else if (reduce.kind === "present") presentGroups(run, groups, emit);
    else reduceGroups(run, groups, { reduce, emit });
    await run.settle();
    setPhase(run.input.meter, "write");
    // First, so that what it holds is given back before the sink merges.
    const consumed = finishInput(run, groups, segments);
    const shuffled = sink.finish();
    const files = run.finishFiles();
    return shuffled === undefined ? { consumed, files } : { consumed, files, run: shuffled };
  } catch (thrown) {
    groups?.discard();
    sink.discard();
    run.files.discard();
    throw thrown;
  }
}

/** Where rows go that kernels make; undefined where they make none. */
function rowsInto(
  run: AttemptRun,
  stage: ReduceStageProgram,
  { sink: { file }, groups }: { readonly sink: StageSink; readonly groups: Groups },
): RowsInto | undefined {
  const { reduce, operators, sink } = stage;
  const format = run.input.program.outputs[sink.output ?? -1]?.format;
  const { writeRows: write } = groups;
  // Who watches the records has to be shown each.
  if (file === undefined || format === undefined || write === undefined || run.input.onRecord !== undefined)
    return undefined;
  const { params } = run.scope(reduce.part).context;
  const shuffle = shuffleOf(run, stage);
  const rows =
    operators.length > 0
      ? undefined
      : run.guard({ name: "reduce", part: reduce.part }, () => rowsOf({ reduce, shuffle, format, params }));
  return rows === undefined ? undefined : { file, rows, write };
}

/** Where rows of a join go that are made as bytes; undefined where each group goes through the reduce. */
function joinedInto(
  run: AttemptRun,
  stage: ReduceStageProgram,
  { sink: { file }, groups }: { readonly sink: StageSink; readonly groups: Groups },
): JoinedInto | undefined {
  const { reduce, operators, sink } = stage;
  const format = run.input.program.outputs[sink.output ?? -1]?.format;
  if (file === undefined || format === undefined || operators.length > 0 || run.input.onRecord !== undefined)
    return undefined;
  const { params } = run.scope(reduce.part).context;
  const shuffle = shuffleOf(run, stage);
  const joined = run.guard({ name: "reduce", part: reduce.part }, () => joinedOf({ reduce, shuffle, format, params }));
  return joined === undefined ? undefined : { file, groups, joined };
}

function joinGroups(run: AttemptRun, joined: JoinedInto): void {
  run.place.key = () => showKey(joined.groups);
  writeJoined(run, joined);
  run.place.key = undefined;
}

/** The shuffle that a reduce stage reads. */
function shuffleOf(run: AttemptRun, { reads }: ReduceStageProgram): ShuffleProgram {
  const producer = stageOf(run.input.program, reads);
  const shuffle = producer.kind === "sample" ? undefined : producer.sink.shuffle;
  if (shuffle === undefined) throw new TypeError(`stage ${reads} writes no shuffle, and one is read`);
  return shuffle;
}

function openReduceInput(run: AttemptRun, stage: ReduceStageProgram, segments: readonly SegmentInput[]): Groups {
  const { io } = run.input;
  const { key, orderBy, pairs } = shuffleOf(run, stage);
  const writesToo = stage.sink.shuffle !== undefined;
  return createReduceInput<unknown, unknown, unknown, unknown>({
    key,
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(pairs.kind === "state" ? { aggregator: pairs.aggregator } : { value: pairs.value }),
    segments: segments.map((segment) => ({
      task: segment.task,
      open: () => io.openSegment(segment),
      form: segment.form,
      partition: segment.partition,
      expected: { pairs: segment.pairs, rawBytes: segment.rawBytes, digest: segment.digest },
    })),
    store: io.store,
    tools: io.tools,
    // Spills of the sink are called `<run name>.<n>`: these are others.
    memory: run.input.memory,
    runName: writesToo ? `${io.runName}.merge` : io.runName,
    fanIn: mergeFanIn(writesToo),
  });
}

/** Emit `{ key, value }` for each group, the value being the aggregator's result. */
function presentGroups(run: AttemptRun, groups: Groups, emit: StepEmit): void {
  const { gate, note, files } = run;
  const { meter } = run.input;
  run.place.key = () => showKey(groups);
  while (groups.nextGroup()) {
    const pair = { key: groups.key(), value: groups.result() };
    gate.running = "reduce";
    emit(pair);
    gate.running = undefined;
    if (note.failed) note.check();
    files.noteKey(groups.keyBytes());
    meter[meterCells.records] = groups.pairsRead;
    meter[meterCells.done] = groups.pairsRead;
  }
  run.place.key = undefined;
}

interface ReduceCall {
  readonly reduce: Extract<ReduceProgram, { kind: "function" }>;
  readonly emit: StepEmit;
}

/** Call the author's `reduce` for each group. */
function reduceGroups(run: AttemptRun, groups: Groups, { reduce, emit }: ReduceCall): void {
  const { gate, note, files } = run;
  const { meter } = run.input;
  const { context } = run.scope(reduce.part);
  run.place.key = () => showKey(groups);
  while (groups.nextGroup()) {
    const values = new GuardedValues(groups, note, meter);
    const key = groups.key();
    gate.running = "reduce";
    const returned = reduce.run(key, values, emit, context);
    if (returned !== undefined) run.checkReturned(returned, "reduce");
    gate.running = undefined;
    values.end();
    if (note.failed) note.check();
    files.noteKey(groups.keyBytes());
    meter[meterCells.records] = groups.pairsRead;
    meter[meterCells.done] = groups.pairsRead;
  }
  run.place.key = undefined;
}

function showKey(groups: Groups): string {
  try {
    const key: unknown = groups.key();
    return typeof key === "string" ? quote(key) : showJson(JSON.stringify(key) ?? typeof key);
  } catch {
    return `bytes "${showBytes(groups.keyBytes(), hostLimits.keyShownBytesMax)}"`;
  }
}

/** JSON as it stands, but for what `quote` escapes beside quotes and backslashes, which JSON has escaped by itself. */
function showJson(json: string): string {
  const cut = json.length > hostLimits.keyShownBytesMax ? `${json.slice(0, hostLimits.keyShownBytesMax)}…` : json;
  return cut.replace(/[^"\\]+/gu, (part) => quote(part, part.length).slice(1, -1));
}

function finishInput(run: AttemptRun, groups: Groups, segments: readonly SegmentInput[]): ConsumedSegments {
  const result = groups.finish();
  run.counters.add(engineCounters.pairsIn, result.pairs);
  run.counters.add(engineCounters.groups, result.groups);
  return {
    kind: "segments",
    maps: result.segments,
    pairs: result.pairs,
    rawBytes: result.rawBytes,
    // Each segment was verified against its digest while it was read, so the sum over these is what was consumed.
    digest: sumSegments(segments),
  };
}
