// Two programs as one: the first stage of the second runs inside the stage of the first that wrote its main output, so
// that the records between them never leave memory.

import { MillraceError, limits, quote } from "@millrace/core";
import type { Params } from "../param/param.ts";
import type {
  JobProgram,
  MapStageProgram,
  Operator,
  OutputProgram,
  PartProgram,
  ReduceStageProgram,
  Sink,
  StageProgram,
} from "./job-program.ts";
import { recordMisfit, wireText } from "./record-misfit.ts";

/**
 * Let `second` read what `first` writes. The result is called like the second.
 *
 * @throws {MillraceError} E_JOB_INVALID when the two do not fit, naming both.
 */
export function appendProgram(first: JobProgram, second: JobProgram): JobProgram {
  const refuse = (reason: string): never => {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot chain jobs ${quote(first.name)} and ${quote(second.name)}: ${reason}`,
    );
  };
  const join: Join = { first, second, tail: tailOf(first, refuse), head: headOf(second, refuse), refuse };
  checkRecords(join);
  const stages = joinStages(join);
  if (stages.length > limits.stagesMax)
    refuse(`together they have ${stages.length} stages; chain jobs of ${limits.stagesMax} stages in all`);
  return {
    name: second.name,
    params: joinParams(join),
    files: [...new Set([...first.files, ...second.files])],
    parts: joinParts(join),
    inputs: first.inputs,
    stages,
    outputs: joinOutputs(join),
  };
}

type Refuse = (reason: string) => never;

interface Join {
  readonly first: JobProgram;
  readonly second: JobProgram;
  /** The stage of the first that writes its main output. */
  readonly tail: {
    readonly index: number;
    readonly stage: MapStageProgram | ReduceStageProgram;
    readonly output: number;
  };
  /** The stage of the second that reads its input. */
  readonly head: { readonly index: number; readonly stage: MapStageProgram; readonly operators: readonly Operator[] };
  readonly refuse: Refuse;
}

function tailOf(first: JobProgram, refuse: Refuse): Join["tail"] {
  for (const [index, stage] of first.stages.entries()) {
    const output = stage.kind === "sample" ? undefined : stage.sink.output;
    if (stage.kind !== "sample" && output !== undefined) return { index, stage, output };
  }
  const named = first.outputs.find(({ name }) => name !== "")?.name ?? "name";
  return refuse(
    `${quote(first.name)} has no main output to go on with; take a named one, as by outputOf(job, ${quote(named)})`,
  );
}

function headOf(second: JobProgram, refuse: Refuse): Join["head"] {
  if (second.inputs.length !== 1)
    refuse(
      `${quote(second.name)} has ${second.inputs.length} inputs, and only the first job of a chain may have several; join first`,
    );
  for (const [index, stage] of second.stages.entries()) {
    const operators = stage.kind === "map" ? stage.maps[0]?.operators : undefined;
    if (stage.kind === "map" && operators !== undefined) return { index, stage, operators };
  }
  return refuse(`${quote(second.name)} has no map; chain jobs that read records`);
}

/** What two jobs say of the records between them, as far as it is known without the compiler. */
function checkRecords({ first, second, tail, refuse }: Join): void {
  const given = givenWire(first, tail);
  const wanted = second.inputs[0]?.format.wire;
  const misfit = recordMisfit(given, wanted);
  if (misfit === undefined) return;
  refuse(
    `${quote(first.name)} writes ${wireText(given)} and ${quote(second.name)} reads ${wireText(wanted)}, but ${misfit}; change the output of the one or the input of the other`,
  );
}

/** The records of a main output: pairs with a key of the codec, else what the output format says of itself. */
function givenWire(first: JobProgram, { stage, output }: Join["tail"]): unknown {
  if (stage.kind === "reduce" && stage.reduce.kind === "present" && stage.operators.length === 0) {
    const read = first.stages[stage.reads];
    const shuffle = read === undefined || read.kind === "sample" ? undefined : read.sink.shuffle;
    // An aggregator does not say what its results are.
    return shuffle === undefined ? undefined : { key: shuffle.key.wire, value: undefined };
  }
  return first.outputs[output]?.format.wire;
}

function joinStages(join: Join): readonly StageProgram[] {
  const { first, second, tail, head } = join;
  const parts = first.parts.length;
  const operators = head.operators.map((operator) => ({ ...operator, part: operator.part + parts }));
  // Where a map-only job stands before it, the records of a sorting job are still those of splits: they can be sampled.
  const sampled = tail.stage.kind === "map" ? second.stages.some((stage) => samples(stage, head.index)) : false;
  const shift = sampled ? 1 : 0;
  const rest = second.stages.flatMap((stage, index) =>
    stage.kind === "sample" || index === head.index ? [] : [{ stage, index }],
  );
  const placeOf = (index: number): number =>
    index === head.index
      ? tail.index + shift
      : first.stages.length + shift + rest.findIndex((each) => each.index === index);
  const sink = joinSinks(tail.stage.sink, secondSink(head.stage.sink, join), join);
  const own = first.stages.map((stage, index): StageProgram => {
    const moved = moveStage(stage, shift, (each) => firstSink(each, join));
    return index === tail.index && moved.kind !== "sample" ? continued(moved, operators, sink) : moved;
  });
  const sample: readonly StageProgram[] = sampled ? [{ kind: "sample", of: tail.index + shift }] : [];
  return [...sample, ...own, ...rest.map(({ stage }) => laterStage(stage, placeOf, join))];
}

function samples(stage: StageProgram, of: number): boolean {
  return stage.kind === "sample" && stage.of === of;
}

function continued(
  stage: MapStageProgram | ReduceStageProgram,
  operators: readonly Operator[],
  sink: Sink,
): StageProgram {
  if (stage.kind === "reduce") return { ...stage, operators: [...stage.operators, ...operators], sink };
  const maps = stage.maps.map((map) => ({ ...map, operators: [...map.operators, ...operators] }));
  return { ...stage, maps, sink };
}

function moveStage(stage: StageProgram, shift: number, sinkOf: (sink: Sink) => Sink): StageProgram {
  if (stage.kind === "sample") return { kind: "sample", of: stage.of + shift };
  const sink = sinkOf(stage.sink);
  return stage.kind === "map" ? { ...stage, sink } : { ...stage, reads: stage.reads + shift, sink };
}

function laterStage(stage: StageProgram, placeOf: (index: number) => number, join: Join): StageProgram {
  const parts = join.first.parts.length;
  if (stage.kind !== "reduce")
    return join.refuse(`${quote(join.second.name)} reads its input twice; chain jobs that read it once`);
  return {
    ...stage,
    reads: placeOf(stage.reads),
    reduce: { ...stage.reduce, part: stage.reduce.part + parts },
    operators: stage.operators.map((operator) => ({ ...operator, part: operator.part + parts })),
    sink: secondSink(stage.sink, join),
  };
}

/** Outputs of the first keep their place but for its main output, which is gone; those of the second follow. */
function joinOutputs({ first, second, tail }: Join): readonly OutputProgram[] {
  return [...first.outputs.filter((_, index) => index !== tail.output), ...second.outputs];
}

function firstOutput(index: number, { tail }: Join): number {
  return index > tail.output ? index - 1 : index;
}

function secondOutput(index: number, { first }: Join): number {
  return index + first.outputs.length - 1;
}

function firstSink(sink: Sink, join: Join): Sink {
  return { ...sink, named: sink.named.map((index) => firstOutput(index, join)) };
}

function secondSink(sink: Sink, join: Join): Sink {
  const { shuffle, output } = sink;
  const parts = join.first.parts.length;
  const { pairs } = shuffle ?? {};
  const combine = pairs?.kind === "value" ? pairs.combine : undefined;
  return {
    ...(shuffle === undefined
      ? {}
      : {
          shuffle:
            pairs?.kind === "value" && combine !== undefined
              ? { ...shuffle, pairs: { ...pairs, combine: { ...combine, part: combine.part + parts } } }
              : shuffle,
        }),
    ...(output === undefined ? {} : { output: secondOutput(output, join) }),
    named: sink.named.map((index) => secondOutput(index, join)),
  };
}

function joinSinks(before: Sink, after: Sink, join: Join): Sink {
  return { ...after, named: [...before.named.map((index) => firstOutput(index, join)), ...after.named] };
}

function joinParts(join: Join): readonly PartProgram[] {
  const { first, second, tail, refuse } = join;
  const taken = new Map<string, string>();
  const outputsOf = (part: PartProgram, place: (index: number) => number): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(part.outputs).map(([name, index]) => [name, place(index)]));
  for (const [index, { name }] of first.outputs.entries()) if (index !== tail.output) taken.set(name, first.name);
  for (const { name } of second.outputs) {
    if (name !== "" && taken.has(name))
      refuse(`both have an output called ${quote(name)}, one folder; call one of them differently`);
  }
  return [
    ...first.parts.map((part) => ({ ...part, outputs: outputsOf(part, (index) => firstOutput(index, join)) })),
    ...second.parts.map((part) => ({ ...part, outputs: outputsOf(part, (index) => secondOutput(index, join)) })),
  ];
}

/** Parameters of one name are one parameter: given once, it must mean the same to both. */
function joinParams({ first, second, refuse }: Join): Params {
  for (const [name, param] of Object.entries(second.params)) {
    const other = Object.hasOwn(first.params, name) ? first.params[name] : undefined;
    if (other === undefined) continue;
    const [ours, theirs] = [other, param].map((each) => JSON.stringify({ ...each.description, about: undefined }));
    if (ours !== theirs)
      refuse(
        `both have a parameter ${quote(name)}, but one is ${ours} and the other ${theirs}; declare it alike, or call one differently`,
      );
  }
  return { ...first.params, ...second.params };
}
