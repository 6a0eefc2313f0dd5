// Checks the definition of a `defineJob` and makes its program: one map stage, and one reduce stage where there is a
// reduce, with a sample stage before them for total order.

import { quote } from "@millrace/core";
import type { Codec, KeyCodec } from "@millrace/data";
import type { InputFormat } from "../format/format.ts";
import { batchPlanOf } from "../program/batch-plan.ts";
import { type ReducePlan, reducePlanOf } from "../program/reduce-plan.ts";
import type {
  JobProgram,
  Operator,
  OutputProgram,
  PartProgram,
  ReduceProgram,
  ShuffleProgram,
  StageProgram,
} from "../program/job-program.ts";
import { recordMisfit, wireText } from "../program/record-misfit.ts";
import type { MapStep, ReduceRun } from "../program/user-functions.ts";
import {
  type DefinitionLike,
  type Refuse,
  checkFunction,
  checkHead,
  checkInput,
  checkKey,
  checkNumbers,
  checkParams,
  checkValue,
  isAggregator,
} from "./definition-checks.ts";
import { kindOf } from "./kind-of.ts";
import { emittingOperator } from "./emitted-columns.ts";
import { filterLines } from "./lines-with.ts";
import { batchOperator } from "./map-batch.ts";
import { checkReadParams } from "./read-params.ts";
import { reduceMistake } from "./reduce-mistake.ts";
import { checkPartition, checkReduces } from "./check-partition.ts";
import { checkDestinations } from "./check-outputs.ts";
import { checkFiles } from "./check-files.ts";

const properties = [
  "name",
  "params",
  "files",
  "setup",
  "input",
  "linesWith",
  "key",
  "value",
  "orderBy",
  "emits",
  "map",
  "mapBatch",
  "combine",
  "reduce",
  "reduces",
  "partition",
  "output",
  "outputs",
];

/** Check a definition. @throws {MillraceError} E_JOB_INVALID with the part to change. */
export function checkDefinition(given: unknown): JobProgram {
  const { definition, name, refuse } = checkHead(given, properties);
  const setup = checkFunction(definition["setup"], "setup", refuse);
  const isByBatch = definition["mapBatch"] !== undefined;
  const map = checkFunction(definition["map"], "map", refuse);
  if (map === undefined && !isByBatch) refuse('"map" is missing; give a function (record, emit, context)');
  const params = checkParams(definition["params"], refuse);
  const input = checkInput(definition["input"], "input", refuse);
  checkNumbers(input, params, refuse);
  const shuffle = checkShuffle(definition, refuse);
  const { outputs, main, named } = checkDestinations(definition, isAggregator(definition["reduce"]), refuse);
  if (shuffle?.reduce.kind === "present") checkResult(shuffle.shuffle, outputs[0], refuse);
  const part: PartProgram = {
    name,
    ...(setup === undefined ? {} : { setup: setup as NonNullable<PartProgram["setup"]> }),
    ...checkReadParams([map, definition["combine"], definition["reduce"]], params, refuse),
    outputs: named,
  };
  return {
    name,
    params,
    files: checkFiles(definition["files"], refuse),
    parts: [part],
    inputs: [{ name: "", format: input }],
    stages: stagesOf({
      map:
        batchOperator(definition, { input, ...keyOf(shuffle), refuse }) ??
        emittingOperator({ definition, params, map: map as MapStep, shuffle: shuffle?.shuffle, refuse }) ??
        operatorOf(map as MapStep, { definition, input, refuse }),
      shuffle,
      main,
      named: Object.values(named),
    }),
    outputs,
  };
}

/** An aggregator writes pairs: an output that says what it takes must take them. */
function checkResult(shuffle: ShuffleProgram, output: OutputProgram | undefined, refuse: Refuse): void {
  // An aggregator does not say what its results are.
  const given = { key: shuffle.key.wire, value: undefined };
  const wanted = output?.format.wire;
  const misfit = recordMisfit(given, wanted);
  if (misfit !== undefined)
    refuse(
      `its aggregator writes ${wireText(given)} and its output ${quote(output?.format.name ?? "")} takes ${wireText(wanted)}, but ${misfit}; change the output, or chain a map behind it`,
    );
}

interface Shuffled {
  readonly shuffle: ShuffleProgram;
  readonly reduce: ReduceProgram;
}

function keyOf(shuffled: Shuffled | undefined): { readonly key?: KeyCodec<unknown> } {
  return shuffled === undefined ? {} : { key: shuffled.shuffle.key };
}

function operatorOf(
  map: MapStep,
  { definition, input, refuse }: { definition: DefinitionLike; input: InputFormat<unknown>; refuse: Refuse },
): Pick<Operator, "map" | "batch"> {
  const batch = batchPlanOf(map);
  const filtered = filterLines(definition["linesWith"], { map, input, refuse });
  return batch === undefined || filtered.batch !== undefined ? filtered : { map, batch };
}

function stagesOf(job: {
  readonly map: Pick<Operator, "map" | "batch" | "mapBatch">;
  readonly shuffle: Shuffled | undefined;
  readonly main: number | undefined;
  readonly named: readonly number[];
}): readonly StageProgram[] {
  const { map, shuffle, main, named } = job;
  const maps = [{ input: 0, operators: [{ part: 0, ...map }] }];
  const output = main === undefined ? {} : { output: main };
  if (shuffle === undefined) return [{ kind: "map", maps, sink: { ...output, named } }];
  const sampled = shuffle.shuffle.partition.kind === "ranges";
  const { reduce } = shuffle;
  return [
    ...(sampled ? [{ kind: "sample", of: 1 } as const] : []),
    { kind: "map", maps, sink: { shuffle: shuffle.shuffle, named } },
    {
      kind: "reduce",
      reads: sampled ? 1 : 0,
      reduce,
      operators: [],
      // An aggregator's result is written by no function of the author, so to no named output either.
      sink: { ...output, named: reduce.kind === "present" ? [] : named },
    },
  ];
}

const needReduce = ["key", "value", "orderBy", "combine", "reduces", "partition"];

function checkShuffle(definition: DefinitionLike, refuse: Refuse): Shuffled | undefined {
  const { reduce } = definition;
  if (reduce === undefined) {
    for (const property of needReduce)
      if (definition[property] !== undefined)
        refuse(`"${property}" is there without "reduce"; add a reduce, or leave it out`);
    return undefined;
  }
  const key = checkKey(definition["key"], "key", refuse);
  const value = checkValue(definition["value"], "value", refuse);
  const orderBy = definition["orderBy"] === undefined ? undefined : checkKey(definition["orderBy"], "orderBy", refuse);
  const combine = checkFunction(definition["combine"], "combine", refuse) as ReduceRun | undefined;
  const partitions = checkReduces(definition["reduces"], refuse);
  const shared = {
    key,
    partition: checkPartition(definition["partition"], partitions, refuse),
    ...(partitions === undefined ? {} : { partitions }),
  };
  const mistake = reduceMistake(reduce);
  if (mistake !== undefined) refuse(mistake);
  if (isAggregator(reduce)) {
    if (combine !== undefined) refuse('"combine" is there with an aggregator, which combines by itself; leave it out');
    if (value !== undefined)
      refuse('"value" is there with an aggregator, which brings its own; leave it out, or give a reduce function');
    if (orderBy !== undefined)
      refuse(
        '"orderBy" is there with an aggregator, whose result has no order of values; leave it out, or give a reduce function',
      );
    return {
      shuffle: { ...shared, pairs: { kind: "state", aggregator: reduce } },
      reduce: { kind: "present", part: 0 },
    };
  }
  if (typeof reduce !== "function")
    return refuse(`"reduce" is ${kindOf(reduce)}; give a function or an aggregator such as sum()`);
  if (value === undefined) return refuse('a reduce function needs "value": a codec beside it, such as value: int()');
  if (orderBy !== undefined && combine !== undefined)
    refuse(
      '"combine" is there with "orderBy": what it makes of several values has no one place in their order; leave one out',
    );
  return {
    shuffle: { ...shared, ...ordered(orderBy), pairs: { kind: "value", value, ...combined(combine) } },
    reduce: { kind: "function", part: 0, run: reduce as ReduceRun, ...planned(reducePlanOf(reduce)) },
  };
}

function planned(plan: ReducePlan | undefined): Pick<Extract<ReduceProgram, { kind: "function" }>, "plan"> {
  return plan === undefined ? {} : { plan };
}

function ordered(orderBy: KeyCodec<unknown> | undefined): Pick<ShuffleProgram, "orderBy"> {
  return orderBy === undefined ? {} : { orderBy };
}

type ValuePairs = { readonly kind: "value"; readonly value: Codec<unknown>; readonly combine?: unknown };

function combined(run: ReduceRun | undefined): Pick<Extract<ShuffleProgram["pairs"], ValuePairs>, "combine"> {
  return run === undefined ? {} : { combine: { part: 0, run } };
}
