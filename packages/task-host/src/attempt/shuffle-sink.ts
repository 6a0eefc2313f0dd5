// The shuffle that a stage writes: pairs to partitions, folded or sorted, in one run file; with the author's combine and
// partition functions between the data plane and the gate.

import { MillraceError, quote } from "@millrace/core";
import { createMapOutput, dataLimits } from "@millrace/data";
import type { MapOutput, MapOutputOptions } from "@millrace/data";
import { combinePairs } from "@millrace/sdk/engine";
import type { ShuffleProgram, StepEmit } from "@millrace/sdk/engine";
import { engineCounters } from "./attempt-counters.ts";
import { addToMeter, meterCells } from "./attempt-meter.ts";
import type { AttemptRun, Caller } from "./attempt-run.ts";
import type { StageSink } from "./stage-sink.ts";

type Output = MapOutput<unknown, unknown, unknown>;

/**
 * Runs that one merge of an attempt reads: a reduce that writes a shuffle merges at both ends, so each side has half, and
 * both together hold no more than the one of other attempts (`mergeFanInMax` cursors).
 */
export function mergeFanIn(mergesTwice: boolean): number {
  return mergesTwice ? dataLimits.mergeFanInMax / 2 : dataLimits.mergeFanInMax;
}

/** Open the map output of a shuffle. */
export function openShuffleSink(run: AttemptRun, shuffle: ShuffleProgram, caller: Caller): StageSink {
  const output = createMapOutput(mapOutputOptions(run, shuffle, caller));
  return {
    emit: shuffle.orderBy === undefined ? pairsInto(run, output, caller) : orderedInto(run, output, caller),
    shuffle: output,
    finish: () => {
      const result = output.finish();
      run.counters.add(engineCounters.pairsEmitted, result.pairsEmitted);
      run.counters.add(engineCounters.pairsOut, result.pairs);
      run.counters.add(engineCounters.shuffleBytes, result.rawBytes);
      run.counters.add(engineCounters.spills, result.spills);
      addToMeter(run.input.meter, "bytes", result.storedBytes);
      return result;
    },
    discard: () => {
      output.discard();
    },
  };
}

function pairsInto(run: AttemptRun, output: Output, caller: Caller): StepEmit {
  const { gate, note } = run;
  const { meter } = run.input;
  const { name, part } = caller;
  return (key, value) => {
    if (gate.running !== name) run.refuseEmit(caller);
    try {
      output.emit(key, value);
    } catch (thrown) {
      throw note.note(thrown, { part });
    }
    meter[meterCells.emitted] = output.pairsEmitted;
  };
}

// Not one function for both: this is the innermost call of most jobs, and the engine inlines what is always called alike.
function orderedInto(run: AttemptRun, output: Output, caller: Caller): StepEmit {
  const { gate, note } = run;
  const { meter } = run.input;
  const { name, part } = caller;
  return (key, value, order) => {
    if (gate.running !== name) run.refuseEmit(caller);
    try {
      output.emit(key, value, order);
    } catch (thrown) {
      throw note.note(thrown, { part });
    }
    meter[meterCells.emitted] = output.pairsEmitted;
  };
}

function mapOutputOptions(
  run: AttemptRun,
  shuffle: ShuffleProgram,
  caller: Caller,
): MapOutputOptions<unknown, unknown, unknown> {
  const { order, program, io, memory } = run.input;
  const partitions = order.brief.stages[order.attempt.stage]?.partitions ?? 0;
  if (partitions < 1) {
    throw new MillraceError(
      "E_INTERNAL",
      `Cannot run a stage of ${quote(program.name)}: the plan has ${partitions} partitions for its shuffle; report this bug of Millrace`,
    );
  }
  return {
    key: shuffle.key,
    ...(shuffle.orderBy === undefined ? {} : { orderBy: shuffle.orderBy }),
    ...pairOptions(run, shuffle),
    ...partitionOptions(run, shuffle, { partitions, caller }),
    partitions,
    task: order.attempt.task,
    memoryBytes: memory.budget.limit,
    memory,
    store: io.store,
    tools: io.tools,
    runName: io.runName,
    fanIn: mergeFanIn(order.work.kind === "reduce"),
  };
}

type PairOptions = Pick<MapOutputOptions<unknown, unknown, unknown>, "aggregator" | "value" | "combine">;

function pairOptions(run: AttemptRun, { pairs }: ShuffleProgram): PairOptions {
  if (pairs.kind === "state") return { aggregator: pairs.aggregator };
  if (pairs.combine === undefined) return { value: pairs.value };
  return { value: pairs.value, combine: combineStep(run, pairs.combine) };
}

type Combine = NonNullable<PairOptions["combine"]>;

/** The author's combiner. */
function combineStep(
  run: AttemptRun,
  combine: NonNullable<Extract<ShuffleProgram["pairs"], { kind: "value" }>["combine"]>,
): Combine {
  const { gate, note } = run;
  const { part } = combine;
  const scope = run.scope(part);
  const caller: Caller = { name: "combine", part };
  const take = (emit: (value: unknown) => void) => (value: unknown) => {
    if (gate.running !== "combine") run.refuseEmit(caller);
    try {
      emit(value);
    } catch (thrown) {
      throw note.note(thrown, { part });
    }
  };
  return {
    pairs: run.input.combinePairs ?? combinePairs,
    run: (key, values, emit) => {
      const outer = gate.running;
      gate.running = "combine";
      try {
        const returned = combine.run(key, values, take(emit), scope.context);
        if (returned !== undefined) run.checkReturned(returned, "combine");
      } catch (thrown) {
        // It passes through `emit`, which takes it for the engine's unless it is known to be the author's.
        throw note.note(thrown, { running: "combine", part });
      }
      gate.running = outer;
    },
  };
}

type PartitionOptions = Pick<MapOutputOptions<unknown, unknown, unknown>, "partition" | "cuts">;

function partitionOptions(
  run: AttemptRun,
  { partition }: ShuffleProgram,
  { partitions, caller }: { readonly partitions: number; readonly caller: Caller },
): PartitionOptions {
  switch (partition.kind) {
    case "hash":
      return {};
    case "function":
      return { partition: partitionStep(run, partition.choose, caller) };
    case "ranges": {
      // One partition has no cuts: nothing was sampled for it.
      const cuts = run.input.order.cuts ?? [];
      if (cuts.length === partitions - 1) return { cuts };
      throw new MillraceError(
        "E_INTERNAL",
        `Cannot run a stage of ${quote(run.input.program.name)}: it was given ${cuts.length} cuts for ${partitions} partitions; report this bug of Millrace`,
      );
    }
  }
}

/** The author's partition function: it runs below `emit`, and nothing may be emitted from it. */
function partitionStep(
  run: AttemptRun,
  choose: (key: unknown, partitions: number) => number,
  { part }: Caller,
): (key: unknown, partitions: number) => number {
  const { gate, note } = run;
  return (key, partitions) => {
    const outer = gate.running;
    gate.running = "partition";
    try {
      const chosen = choose(key, partitions);
      gate.running = outer;
      return chosen;
    } catch (thrown) {
      throw note.note(thrown, { running: "partition", part });
    }
  };
}
