// A program whose named output has become its main one: what functions wrote to it by name goes on as what they emit.

import { MillraceError, nearestName, quote } from "@millrace/core";
import type {
  JobProgram,
  MapStageProgram,
  Operator,
  PartProgram,
  ReduceStageProgram,
  StageProgram,
} from "./job-program.ts";
import type { MapStep, ReduceRun, StepContext, StepMapContext } from "./user-functions.ts";

/**
 * Make the output `name` the main one. The others are kept.
 *
 * Records go on from the last stage that may write to it. A function of an earlier stage that does, or one that is not
 * the last of its stage, fails: its records cannot get there.
 *
 * @throws {MillraceError} E_JOB_INVALID when there is no such output, when the job has a main output, or when the stage
 * also feeds another.
 */
export function selectOutput(program: JobProgram, name: string): JobProgram {
  const refuse = (reason: string): never => {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot take the output ${quote(name)} of job ${quote(program.name)}: ${reason}`,
    );
  };
  const output = findOutput(program, name, refuse);
  const part = program.parts.length - 1;
  const last = program.parts[part];
  if (last === undefined || !Object.values(last.outputs).includes(output))
    return refuse("it is written by an earlier job of the chain; take it of that job, before you chain it");
  const index = program.stages.findLastIndex((stage) => stage.kind !== "sample" && stage.sink.named.includes(output));
  const stage = program.stages[index];
  if (stage === undefined || stage.kind === "sample") return refuse("no function writes to it");
  if (stage.sink.shuffle !== undefined)
    refuse(
      "its stage hands on other records too, as for a top list of another output; make it the output of a job of its own",
    );
  const alias = Object.entries(last.outputs).find(([, each]) => each === output)?.[0] ?? name;
  const selection: Selection = { output, part, alias, job: program.name };
  return {
    ...program,
    parts: program.parts.map((each, at) => (at === part ? withoutOutput(each, alias) : each)),
    stages: program.stages.map((each, at) => (at === index ? continuing(each, selection) : earlier(each, selection))),
    outputs: program.outputs.map((each, at) => (at === output ? { ...each, name: "" } : each)),
  };
}

interface Selection {
  readonly output: number;
  readonly part: number;
  /** What the part calls the output. */
  readonly alias: string;
  readonly job: string;
}

function findOutput(program: JobProgram, name: string, refuse: (reason: string) => never): number {
  const names = program.outputs.map((each) => each.name);
  if (names.includes(""))
    refuse("it also has a main output, whose records would go nowhere; give that one a name among its outputs too");
  const output = names.indexOf(name);
  if (output >= 0) return output;
  const nearest = nearestName(name, names);
  return refuse(
    `it has none of that name; ${nearest === undefined ? `it has ${names.map((each) => quote(each)).join(", ")}` : `did you mean ${quote(nearest)}?`}`,
  );
}

function withoutOutput(part: PartProgram, alias: string): PartProgram {
  const { [alias]: _taken, ...outputs } = part.outputs;
  return { ...part, outputs };
}

/** The stage that goes on: its last function writes by `emit`. */
function continuing(stage: StageProgram, selection: Selection): StageProgram {
  if (stage.kind === "sample") return stage;
  const sink = {
    ...stage.sink,
    output: selection.output,
    named: stage.sink.named.filter((each) => each !== selection.output),
  };
  if (stage.kind === "map")
    return {
      ...stage,
      maps: stage.maps.map((map) => ({ ...map, operators: lastRedirected(map.operators, selection) })),
      sink,
    };
  if (stage.operators.length > 0)
    return {
      ...stage,
      reduce: refusingReduce(stage, selection),
      operators: lastRedirected(stage.operators, selection),
      sink,
    };
  return { ...stage, reduce: redirectedReduce(stage, selection), sink };
}

function earlier(stage: StageProgram, selection: Selection): StageProgram {
  if (stage.kind === "sample" || !stage.sink.named.includes(selection.output)) return stage;
  const sink = { ...stage.sink, named: stage.sink.named.filter((each) => each !== selection.output) };
  return stage.kind === "map"
    ? earlierMap({ ...stage, sink }, selection)
    : earlierReduce({ ...stage, sink }, selection);
}

function earlierMap(stage: MapStageProgram, selection: Selection): StageProgram {
  const { shuffle } = stage.sink;
  const combine = shuffle?.pairs.kind === "value" ? shuffle.pairs.combine : undefined;
  return {
    ...stage,
    maps: stage.maps.map((map) => ({
      ...map,
      operators: map.operators.map((operator) => refusing(operator, selection)),
    })),
    sink:
      shuffle?.pairs.kind === "value" && combine !== undefined && combine.part === selection.part
        ? {
            ...stage.sink,
            shuffle: {
              ...shuffle,
              pairs: { ...shuffle.pairs, combine: { ...combine, run: refusingRun(combine.run, selection) } },
            },
          }
        : stage.sink,
  };
}

function earlierReduce(stage: ReduceStageProgram, selection: Selection): StageProgram {
  return {
    ...stage,
    reduce: refusingReduce(stage, selection),
    operators: stage.operators.map((operator) => refusing(operator, selection)),
  };
}

function lastRedirected(operators: readonly Operator[], selection: Selection): readonly Operator[] {
  const last = operators.length - 1;
  return operators.map((operator, index) => {
    if (index < last || operator.part !== selection.part) return refusing(operator, selection);
    return { ...operator, map: redirectedMap(operator.map, selection) };
  });
}

/** A context with other outputs, made anew only when it or `emit` has changed: once for each part of a split. */
function contextMaker<C extends StepContext>(alias: string): (context: C, emit: (record: unknown) => void) => C {
  let from: C | undefined;
  let by: ((record: unknown) => void) | undefined;
  let made: C | undefined;
  return (context, emit) => {
    if (made !== undefined && from === context && by === emit) return made;
    [from, by] = [context, emit];
    made = { ...context, outputs: { ...context.outputs, [alias]: emit } };
    return made;
  };
}

function redirectedMap(map: MapStep, selection: Selection): MapStep {
  const contextOf = contextMaker<StepMapContext>(selection.alias);
  const none = noEmit(selection);
  return (record, emit, context) => map(record, none, contextOf(context, emit));
}

function redirectedReduce(stage: ReduceStageProgram, selection: Selection): ReduceStageProgram["reduce"] {
  const { reduce } = stage;
  if (reduce.kind === "present") return reduce;
  const contextOf = contextMaker<StepContext>(selection.alias);
  const none = noEmit(selection);
  const run: ReduceRun = (key, values, emit, context) => reduce.run(key, values, none, contextOf(context, emit));
  return { ...reduce, run };
}

function refusingReduce(stage: ReduceStageProgram, selection: Selection): ReduceStageProgram["reduce"] {
  const { reduce } = stage;
  if (reduce.kind === "present" || reduce.part !== selection.part) return reduce;
  return { ...reduce, run: refusingRun(reduce.run, selection) };
}

function refusing(operator: Operator, selection: Selection): Operator {
  if (operator.part !== selection.part) return operator;
  const contextOf = contextMaker<StepMapContext>(selection.alias);
  const none = noWrite(selection);
  const { map } = operator;
  return { ...operator, map: (record, emit, context) => map(record, emit, contextOf(context, none)) };
}

function refusingRun(run: ReduceRun, selection: Selection): ReduceRun {
  const contextOf = contextMaker<StepContext>(selection.alias);
  const none = noWrite(selection);
  return (key, values, emit, context) => run(key, values, emit, contextOf(context, none));
}

function noEmit({ job }: Selection): () => never {
  return () => {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot emit: job ${quote(job)} has no main output; write to one of context.outputs`,
    );
  };
}

function noWrite({ job, alias }: Selection): () => never {
  return () => {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot write to the output ${quote(alias)} of job ${quote(job)} here: another job goes on with it from the end of the last stage; write to it there alone`,
    );
  };
}
