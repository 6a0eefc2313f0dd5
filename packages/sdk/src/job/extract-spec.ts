// The parts of a submission that a job module decides, as plain data: the coordinator plans from them without user code.

import { MillraceError, isMillraceError, quote } from "@millrace/core";
import type { InputFormatSpec, MapStageSpec, OutputSpec, ShuffleSpec, StageSpec } from "@millrace/core";
import { dataVersion } from "@millrace/data";
import type { InputFormat } from "../format/format.ts";
import type { ParamDescription } from "../param/param.ts";
import type { BatchPlan } from "../program/batch-plan.ts";
import type { JobProgram, ShuffleProgram, Sink, StageProgram } from "../program/job-program.ts";
import type { ParamValues } from "../program/user-functions.ts";
import { jobProgram } from "./job.ts";

/** What a job module says about itself; the submitter adds bundle, paths, parameters and options to make a `JobSpec`. */
export interface ExtractedSpec {
  readonly name: string;
  readonly dataVersion: number;
  /** In declared order; `name` is "" for the only input. */
  readonly inputs: readonly { readonly name: string; readonly format: InputFormatSpec }[];
  /** One for each stage of the program, with the same index. */
  readonly stages: readonly StageSpec[];
  readonly params: Readonly<Record<string, ParamDescription>>;
  /** Side files that must be shipped, by name. */
  readonly files: readonly string[];
}

/** What the submitter decides about a spec. */
export interface SpecOptions {
  /** Number of reduce tasks of stages that do not say it themselves; decided by the planner when absent. */
  readonly reduces?: number;
  /** The job's parsed parameters: an input may count to one of them. Absent where nothing will be run. */
  readonly params?: ParamValues;
}

/**
 * Extract the serialisable parts of a job, as {@link specOf}.
 *
 * @param job - the default export of a job module.
 * @throws {MillraceError} E_JOB_MODULE when `job` is not a job; and as {@link specOf}.
 */
export function extractSpec(job: unknown, options: SpecOptions = {}): ExtractedSpec {
  return specOf(jobProgram(job), options);
}

/**
 * Extract the serialisable parts of a job's program.
 *
 * @throws {MillraceError} E_JOB_INVALID for records between jobs as first input or last output, for key ranges of a later
 * job with more than one reducer, for a number of numbers that is none, and for what `emits` or `linesWith` gives of the
 * parameters; E_PARAMETER for a value that a part refuses.
 */
export function specOf(program: JobProgram, options: SpecOptions = {}): ExtractedSpec {
  refuseRecords(program);
  if (options.params !== undefined) checkWith(program, options.params);
  return {
    name: program.name,
    dataVersion,
    inputs: program.inputs.map(({ name, format }) => ({ name, format: inputSpec(program, format, options) })),
    stages: program.stages.map((stage, index) => stageSpec(stage, index, { program, options })),
    params: Object.fromEntries(Object.entries(program.params).map(([name, param]) => [name, param.description])),
    files: program.files,
  };
}

/** Ask all that goes by parameters, so that what is refused is told before anything runs. */
function checkWith({ parts, stages }: JobProgram, params: ParamValues): void {
  for (const { checkParams } of parts) checkParams?.(params);
  for (const stage of stages) {
    const operators = stage.kind === "map" ? stage.maps.flatMap((each) => each.operators) : [];
    for (const { batch } of operators) if (batch !== undefined) checkPlan(batch, params);
  }
}

function checkPlan(plan: BatchPlan, params: ParamValues): void {
  try {
    if (plan.kind === "columns") plan.choose(new Map(), params);
    else if (plan.kind === "lines-with") plan.choose(params);
  } catch (thrown) {
    // What the author's function throws itself, the task tells that calls it, with the place.
    if (isMillraceError(thrown) && thrown.code === "E_JOB_INVALID") throw thrown;
  }
}

function refuseRecords({ name, inputs, outputs }: JobProgram): void {
  const refuse = (what: string, instead: string): never => {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot run job ${quote(name)}: its ${what} is records(), which stands for records in memory between the jobs of a chain; ${instead}`,
    );
  };
  for (const input of inputs)
    if (input.format.between === true)
      refuse(
        input.name === "" ? "input" : `input ${quote(input.name)}`,
        "chain it behind a job that writes them, or give a format of files such as jsonLines()",
      );
  for (const output of outputs)
    if (output.format.between === true)
      refuse(
        output.name === "" ? "output" : `output ${quote(output.name)}`,
        "chain a job behind it that reads them, or give a format of files such as jsonLines()",
      );
}

function inputSpec(program: JobProgram, format: InputFormat<unknown>, options: SpecOptions): InputFormatSpec {
  const { name, splitting, numbers } = format;
  if (splitting !== "numbers") return { name, splitting: needsPlain(format) ? "plain" : splitting };
  const count = typeof numbers === "string" ? options.params?.[numbers] : numbers;
  // Without parameters nothing is planned: the count stays open.
  if (count === undefined && options.params === undefined) return { name, splitting };
  if (Number.isSafeInteger(count) && (count as number) >= 0) return { name, splitting, numbers: count as number };
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot submit job ${quote(program.name)}: its input counts to ${typeof numbers === "string" ? `the parameter ${quote(numbers)}, which is ${String(count)}` : String(count)}; give a whole number of 0 or more`,
  );
}

/**
 * Whether records can be found in the middle of a file only where it is not compressed: those of one length by their place,
 * those with a delimiter that overlaps itself from far before.
 */
function needsPlain({ splitting, framing }: InputFormat<unknown>): boolean {
  if (splitting !== "delimiter") return false;
  if (framing.kind !== "delimited") return framing.kind !== "events";
  return framing.delimiter !== "line" && overlapsItself(framing.delimiter);
}

/** Whether it ends as it begins. */
function overlapsItself(delimiter: Uint8Array): boolean {
  for (let shift = 1; shift < delimiter.length; shift++)
    if (delimiter.subarray(shift).every((byte, index) => byte === delimiter[index])) return true;
  return false;
}

interface Place {
  readonly program: JobProgram;
  readonly options: SpecOptions;
}

function stageSpec(stage: StageProgram, index: number, place: Place): StageSpec {
  if (stage.kind === "sample") return { kind: "sample", of: stage.of };
  const outputs = outputSpecs(stage.sink, place.program);
  const { shuffle } = stage.sink;
  const shared: Pick<MapStageSpec, "shuffle" | "outputs"> =
    shuffle === undefined ? { outputs } : { shuffle: shuffleSpec(shuffle, index, place), outputs };
  return stage.kind === "map"
    ? { kind: "map", inputs: stage.maps.map(({ input }) => input), ...shared }
    : { kind: "reduce", reads: stage.reads, ...shared };
}

function shuffleSpec(shuffle: ShuffleProgram, index: number, { program, options }: Place): ShuffleSpec {
  const partitions = shuffle.partitions ?? options.reduces ?? "auto";
  const sample = program.stages.findIndex((stage) => stage.kind === "sample" && stage.of === index);
  const ranges = shuffle.partition.kind === "ranges";
  // Only a map stage is sampled: what a reduce stage will emit is not known before it has run.
  if (ranges && sample < 0 && partitions !== 1)
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot submit job ${quote(program.name)}: a later job of the chain has partition: sampledRanges(), but nothing to sample before the first has run; give that job reduces: 1, or pass --reduces 1`,
    );
  return {
    partitions,
    pairs: shuffle.pairs.kind,
    ordered: shuffle.orderBy !== undefined,
    ...(ranges && sample >= 0 ? { ranges: sample } : {}),
  };
}

function outputSpecs(sink: Sink, program: JobProgram): readonly OutputSpec[] {
  const indexes = [...(sink.output === undefined ? [] : [sink.output]), ...sink.named];
  return indexes.map((index) => {
    const output = program.outputs[index];
    return { name: output?.name ?? "", extension: output?.format.extension ?? "" };
  });
}
