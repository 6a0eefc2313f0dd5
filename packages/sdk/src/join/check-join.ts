// Checks the definition of a `defineJoin` and makes its program: one map stage over all inputs, whose pairs are ordered
// by input, and one reduce stage.

import { quote } from "@millrace/core";
import type { Codec } from "@millrace/data";
import { type InputFormat, inputSymbol } from "../format/format.ts";
import { checkFiles } from "../job/check-files.ts";
import { checkDestinations } from "../job/check-outputs.ts";
import { checkReadParams } from "../job/read-params.ts";
import { checkPartition, checkReduces } from "../job/check-partition.ts";
import {
  type DefinitionLike,
  type Refuse,
  checkFunction,
  checkHead,
  checkInput,
  checkKey,
  checkNumbers,
  checkParams,
  checkProperties,
  checkValue,
} from "../job/definition-checks.ts";
import { kindOf } from "../job/kind-of.ts";
import type {
  JobProgram,
  Operator,
  PartProgram,
  ReduceProgram,
  ShuffleProgram,
  StageProgram,
} from "../program/job-program.ts";
import { type LineCutPlan, batchPlanOf } from "../program/batch-plan.ts";
import { reducePlanOf } from "../program/reduce-plan.ts";
import type { MapStep } from "../program/user-functions.ts";
import { type JoinRun, joinLimits, joinReduce, sideMap } from "./join-sides.ts";
import { createSideValueCodec, sideCodec } from "./side-codecs.ts";

const properties = [
  "name",
  "params",
  "files",
  "setup",
  "key",
  "inputs",
  "reduce",
  "reduces",
  "partition",
  "output",
  "outputs",
];
const sideProperties = ["input", "value", "map"];
const inputName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/u;
/** More than anyone joins by one key; each is a flag on the command line. */
const inputsMax = 16;

/** Check a definition. @throws {MillraceError} E_JOB_INVALID with the part to change. */
export function checkJoin(given: unknown): JobProgram {
  const { definition, name, refuse } = checkHead(given, properties);
  const setup = checkFunction(definition["setup"], "setup", refuse);
  const params = checkParams(definition["params"], refuse);
  const key = checkKey(definition["key"], "key", refuse);
  const sides = checkSides(definition["inputs"], refuse);
  for (const side of sides) checkNumbers(side.format, params, refuse);
  const reduce =
    checkFunction(definition["reduce"], "reduce", refuse) ??
    refuse('"reduce" is missing; give a function (key, { … the inputs }, emit, context)');
  const partitions = checkReduces(definition["reduces"], refuse);
  const { outputs, main, named } = checkDestinations(definition, false, refuse);
  const shuffle: ShuffleProgram = {
    key,
    orderBy: sideCodec as ShuffleProgram["orderBy"] & {},
    pairs: { kind: "value", value: valueOf(sides) },
    partition: checkPartition(definition["partition"], partitions, refuse),
    ...(partitions === undefined ? {} : { partitions }),
  };
  const part: PartProgram = {
    name,
    ...(setup === undefined ? {} : { setup: setup as NonNullable<PartProgram["setup"]> }),
    ...checkReadParams([...sides.map(({ map }) => map), reduce], params, refuse),
    outputs: named,
  };
  const names = sides.map((side) => side.name);
  const plan = planOf(reduce, { job: name, names }, refuse);
  return {
    name,
    params,
    files: checkFiles(definition["files"], refuse),
    parts: [part],
    inputs: sides.map((side) => ({ name: side.name, format: side.format })),
    stages: stagesOf(sides, shuffle, {
      reduce: { kind: "function", part: 0, run: joinReduce(name, names, reduce as JoinRun), ...plan },
      sink: { ...(main === undefined ? {} : { output: main }), named: Object.values(named) },
    }),
    outputs,
  };
}

interface CheckedSide {
  readonly name: string;
  readonly format: InputFormat<unknown>;
  readonly value: Codec<unknown>;
  readonly map: MapStep;
  /** What the map says of itself in data. */
  readonly batch: LineCutPlan | undefined;
}

function checkSides(inputs: unknown, refuse: Refuse): readonly CheckedSide[] {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs))
    return refuse(
      `"inputs" is ${kindOf(inputs)}; give an object such as { users: { input, value, map }, hits: { … } }`,
    );
  const names = Object.keys(inputs);
  if (names.length < 2 || names.length > inputsMax)
    refuse(`"inputs" has ${names.length} of them; give 2 to ${inputsMax}, the largest last`);
  return Object.entries(inputs).map(([name, side]) => checkSide(name, side, refuse));
}

function checkSide(name: string, side: unknown, refuse: Refuse): CheckedSide {
  if (!inputName.test(name))
    refuse(`the input ${quote(name)} has no usable name; use a letter, then up to 63 letters, digits, "_" or "-"`);
  if (typeof side !== "object" || side === null)
    return refuse(`the input ${quote(name)} is ${kindOf(side)}; give an object { input, value, map }`);
  if (inputSymbol in side)
    refuse(`the input ${quote(name)} is a format alone; give an object { input, value, map } with it as "input"`);
  const given = side as DefinitionLike;
  if (given["key"] !== undefined)
    refuse(`the input ${quote(name)} has a key of its own, but a join has one for all; write "key" beside "inputs"`);
  checkProperties(`the input ${quote(name)}`, given, sideProperties, refuse);
  const place = `inputs.${name}`;
  return {
    name,
    format: checkInput(given["input"], `${place}.input`, refuse),
    value:
      checkValue(given["value"], `${place}.value`, refuse) ??
      refuse(`"${place}.value" is missing; give a codec of what its map emits, such as int()`),
    map: (checkFunction(given["map"], `${place}.map`, refuse) ??
      refuse(`"${place}.map" is missing; give a function (record, emit, context)`)) as MapStep,
    batch: cutOf(given["map"]),
  };
}

/** What the reduce says of itself in data. A plan for other reduces means nothing here. */
function planOf(
  reduce: unknown,
  { job, names }: { readonly job: string; readonly names: readonly string[] },
  refuse: Refuse,
): Pick<Extract<ReduceProgram, { kind: "function" }>, "plan"> {
  const plan = reducePlanOf(reduce);
  if (plan?.kind !== "joined-texts") return {};
  if (names.length !== 2)
    refuse(`"reduce" is eachJoinedText(), which joins two inputs, and there are ${names.length}; give a function`);
  return { plan: { ...plan, limits: joinLimits(job, names) } };
}

function valueOf(sides: readonly CheckedSide[]): Codec<unknown> {
  return createSideValueCodec(new Map(sides.map(({ name, value }) => [name, value]))) as Codec<unknown>;
}

function sideOperator({ map, batch }: CheckedSide, side: number): Operator {
  const operator = { part: 0, map: sideMap(side, map) };
  return batch === undefined ? operator : { ...operator, batch: { ...batch, side } };
}

/** A plan for maps of other forms means nothing here. */
function cutOf(map: unknown): LineCutPlan | undefined {
  const plan = batchPlanOf(map);
  return plan?.kind === "line-cut" ? plan : undefined;
}

function stagesOf(
  sides: readonly CheckedSide[],
  shuffle: ShuffleProgram,
  end: {
    readonly reduce: ReduceProgram;
    readonly sink: { readonly output?: number; readonly named: readonly number[] };
  },
): readonly StageProgram[] {
  const sampled = shuffle.partition.kind === "ranges";
  const maps = sides.map((side, input) => ({ input, operators: [sideOperator(side, input)] }));
  return [
    ...(sampled ? [{ kind: "sample", of: 1 } as const] : []),
    { kind: "map", maps, sink: { shuffle, named: end.sink.named } },
    {
      kind: "reduce",
      reads: sampled ? 1 : 0,
      reduce: end.reduce,
      operators: [],
      sink: end.sink,
    },
  ];
}
