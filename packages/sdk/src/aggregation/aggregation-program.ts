// An aggregation as a program of stages, which is all that the engine knows.
//
// A map stage makes rows of records; one shuffle carries the states of all groupings, keyed by the grouping's ordinal
// and what it groups by; a reduce stage presents each group and writes its row. Groupings with a top list go on through
// a second shuffle to one task, which keeps the first groups of all.

import {
  type Aggregator,
  type GroupKey,
  type KeyCodec,
  type TopGroup,
  aggregateGroups,
  intCodec,
  topGroups,
} from "@millrace/data";
import type { RowsPlan } from "../program/batch-plan.ts";
import type { JobProgram, ReduceStageProgram, ShuffleProgram, Sink } from "../program/job-program.ts";
import type { MapStep } from "../program/user-functions.ts";
import type { AggregationPlan } from "./aggregation-plan.ts";
import { AggregationRun } from "./aggregation-run.ts";
import { checkParamValues } from "./check-params.ts";
import { chooseRows } from "./rows-plan.ts";
import { groupKeys, groupParts } from "./group-states.ts";
import type { PresentedGroup } from "./write-groups.ts";

type AnyAggregator = Aggregator<unknown, unknown>;

/** Make the program. */
export function aggregationProgram(plan: AggregationPlan): JobProgram {
  const keyCodec = groupKeys(plan);
  const outputs = plan.groupings.map(({ name, output }) => ({ name, format: output }));
  const named = Object.fromEntries(plan.groupings.map(({ name, ordinal }) => [name, ordinal]));
  const setup = (context: ConstructorParameters<typeof AggregationRun>[2]): AggregationRun =>
    new AggregationRun(plan, keyCodec, context);
  return {
    name: plan.name,
    params: plan.params,
    files: plan.files,
    parts: [{ name: plan.name, setup, checkParams: (params) => checkParamValues(plan, params), outputs: named }],
    inputs: [{ name: "", format: plan.input }],
    stages: [
      {
        kind: "map",
        maps: [{ input: 0, operators: [{ part: 0, map: mapRecord, batch: rowsPlan(plan) }] }],
        sink: { shuffle: groupShuffle(plan, keyCodec), named: [] },
      },
      ...reduceStages(plan),
    ],
    outputs,
  };
}

function groupShuffle(plan: AggregationPlan, keyCodec: KeyCodec<GroupKey>): ShuffleProgram {
  const aggregator = aggregateGroups(groupParts(plan)) as AnyAggregator;
  return { key: keyCodec as KeyCodec<unknown>, pairs: { kind: "state", aggregator }, partition: { kind: "hash" } };
}

function reduceStages(plan: AggregationPlan): readonly ReduceStageProgram[] {
  const ordinals = (ofTop: boolean): readonly number[] =>
    plan.groupings.filter(({ top }) => (top !== undefined) === ofTop).map(({ ordinal }) => ordinal);
  const topLists = ordinals(true);
  const reduce = { kind: "present", part: 0 } as const;
  const stage = (reads: number, map: MapStep, sink: Sink): ReduceStageProgram => ({
    kind: "reduce",
    reads,
    reduce,
    operators: [{ part: 0, map }],
    sink,
  });
  if (topLists.length === 0) return [stage(0, writeGroup, { named: ordinals(false) })];
  return [
    stage(0, writeGroup, { shuffle: topShuffle, named: ordinals(false) }),
    stage(1, writeTop, { named: topLists }),
  ];
}

/** Keyed by the grouping's ordinal. One task: what comes first of all is known nowhere else. */
const topShuffle: ShuffleProgram = {
  key: intCodec as KeyCodec<unknown>,
  pairs: { kind: "state", aggregator: topGroups() as AnyAggregator },
  partition: { kind: "hash" },
  partitions: 1,
};

const mapRecord: MapStep = (record, emit, context) => {
  (context.state as AggregationRun).mapRecord(record, emit, context.count);
};

function rowsPlan(plan: AggregationPlan): RowsPlan {
  return {
    kind: "rows",
    choose: (columns, params) => chooseRows(plan, columns, params),
    leave: (state, groupings) => {
      (state as AggregationRun).leave(groupings);
    },
  };
}

const writeGroup: MapStep = (group, emit, context) => {
  (context.state as AggregationRun).writeGroup(group as PresentedGroup, emit, context.outputs);
};

const writeTop: MapStep = (pair, _emit, context) => {
  const { key, value } = pair as { readonly key: number; readonly value: readonly TopGroup[] };
  (context.state as AggregationRun).writeTop(key, value, context.outputs);
};
