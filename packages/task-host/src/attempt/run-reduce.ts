// A reduce attempt: its segments, verified and merged, group by group through the aggregator's result or the author's
// `reduce` into one output file.

import { quote, sumSegments } from "@millrace/core";
import type { ConsumedSegments, OutputFile } from "@millrace/core";
import { createReduceInput } from "@millrace/data";
import type { ReduceInput } from "@millrace/data";
import type { SegmentInput } from "@millrace/ports";
import { hostLimits } from "../host-limits.ts";
import { engineCounters } from "./attempt-counters.ts";
import { meterCells, resetMeter, setPhase } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import { GuardedValues } from "./guarded-values.ts";
import type { OutputFileWriter } from "./output-file.ts";
import { showBytes } from "./show-bytes.ts";

/** What a finished reduce attempt read and wrote. */
export interface ReduceDone {
  readonly consumed: ConsumedSegments;
  readonly files: readonly OutputFile[];
}

type Groups = ReduceInput<unknown, unknown, unknown>;

/** Run one reduce attempt. Files are given back also when it throws. @throws what stopped it; see `AttemptRun.failure`. */
export async function runReduce(run: AttemptRun, segments: readonly SegmentInput[]): Promise<ReduceDone> {
  const pairs = segments.reduce((sum, segment) => sum + segment.pairs, 0);
  resetMeter(run.input.meter, "reduce", pairs);
  await run.setup();
  const [output] = run.outputs();
  const file = run.createFile(output ?? { name: "", extension: run.input.job.output.extension });
  let groups: Groups | undefined;
  try {
    groups = openReduceInput(run, segments);
    if (run.input.job.reduce.kind === "aggregator") presentGroups(run, groups, file);
    else reduceGroups(run, groups, file);
    await run.settle();
    setPhase(run.input.meter, "write");
    return { consumed: finishInput(run, groups, segments), files: run.finishFiles() };
  } catch (thrown) {
    groups?.discard();
    run.discardFiles();
    throw thrown;
  }
}

function openReduceInput(run: AttemptRun, segments: readonly SegmentInput[]): Groups {
  const { job, io } = run.input;
  const { reduce } = job;
  if (reduce.kind === "none") throw new TypeError("a job without reduce has no reduce attempts");
  const shared = {
    key: reduce.key,
    segments: segments.map((segment) => ({
      task: segment.task,
      open: () => io.openSegment(segment),
      form: segment.form,
      partition: segment.partition,
      expected: { pairs: segment.pairs, rawBytes: segment.rawBytes, digest: segment.digest },
    })),
    store: io.store,
    tools: io.tools,
    runName: io.runName,
  };
  if (reduce.kind === "aggregator") return createReduceInput({ ...shared, aggregator: reduce.aggregator });
  return createReduceInput({ ...shared, value: reduce.value });
}

/** Write `{ key, value }` for each group, the value being the aggregator's result. */
function presentGroups(run: AttemptRun, groups: Groups, file: OutputFileWriter): void {
  const { meter } = run.input;
  while (groups.nextGroup()) {
    run.place.key = () => showKey(groups);
    file.write({ key: groups.key(), value: groups.result() });
    file.noteKey(groups.keyBytes());
    meter[meterCells.records] = groups.pairsRead;
    meter[meterCells.done] = groups.pairsRead;
    meter[meterCells.emitted] = file.records;
  }
  run.place.key = undefined;
}

/** Call the author's `reduce` for each group. */
function reduceGroups(run: AttemptRun, groups: Groups, file: OutputFileWriter): void {
  const { gate, note, params, counters, random, state } = run;
  const { meter, job } = run.input;
  const { reduce } = job;
  if (reduce.kind !== "function") return;
  const context = { params, count: counters.count, random, state };
  const emit = (record: unknown): void => {
    if (gate.running === undefined) run.refuseLateEmit();
    try {
      file.write(record);
    } catch (thrown) {
      throw note.note(thrown);
    }
    meter[meterCells.emitted] = file.records;
  };
  run.place.key = () => showKey(groups);
  while (groups.nextGroup()) {
    const before = file.records;
    const values = new GuardedValues(groups, note, meter);
    const key = groups.key();
    gate.running = "reduce";
    const returned = reduce.run(key, values, emit, context);
    if (returned !== undefined) run.checkReturned(returned, "reduce");
    gate.running = undefined;
    values.end();
    if (note.failed) note.check();
    if (file.records !== before) file.noteKey(groups.keyBytes());
    meter[meterCells.records] = groups.pairsRead;
    meter[meterCells.done] = groups.pairsRead;
  }
  run.place.key = undefined;
}

function showKey(groups: Groups): string {
  try {
    const key: unknown = groups.key();
    return typeof key === "string" ? quote(key) : quote(JSON.stringify(key) ?? typeof key);
  } catch {
    return `bytes "${showBytes(groups.keyBytes(), hostLimits.keyShownBytesMax)}"`;
  }
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
