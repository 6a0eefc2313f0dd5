// From a spec and the listing of its inputs to the plan: splits, tasks, reducers. Pure and deterministic; what cannot be
// planned is refused with a code and one line.

import type { ErrorCode } from "../errors/error-table.ts";
import { quote } from "../errors/millrace-error.ts";
import { shuffleOf } from "../job/stage-writes.ts";
import { isWithin } from "../job/uri-shape.ts";
import { limits } from "../limits.ts";
import type { JobSpec, StageSpec } from "../model/job-spec.ts";
import type { InputFile, Plan, Split, StagePlan } from "../model/plan.ts";
import type { ListedInput } from "../model/storage-call.ts";
import { planHash } from "./plan-hash.ts";
import { planNumbers } from "./plan-numbers.ts";
import { planSplits } from "./plan-splits.ts";
import type { PlanBounds } from "./plan-splits.ts";
import { sortByUri } from "./sort-by-uri.ts";

/** A plan, or why there is none. */
export type PlanOutcome = { readonly kind: "planned"; readonly plan: Plan } | PlanRefusal;

/** Why a job cannot be planned, in one line. */
export interface PlanRefusal {
  readonly kind: "refused";
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Plan a job.
 * @param spec A valid spec, see `validateSpec`.
 * @param inputs What was listed for each input of the spec, in its order; files in any order.
 * @returns the plan. Numbers of an input without files count neither as files nor as bytes. An input without bytes gives a map stage of no tasks; its reducers write empty parts.
 */
export function planJob(spec: JobSpec, inputs: readonly ListedInput[], bounds: PlanBounds = limits): PlanOutcome {
  const refusal = inputRefusal(spec, inputs, bounds);
  if (refusal !== undefined) return refusal;
  const files = inputs.map((input) => sortFiles(input.files));
  const inputFiles = files.reduce((sum, list) => sum + list.length, 0);
  const inputBytes = files.reduce((sum, list) => sum + list.reduce((bytes, file) => bytes + file.bytes, 0), 0);
  const skippedFiles = inputs.reduce((sum, { skipped }) => sum + skipped, 0);
  const reducers = reducersFor(inputBytes, bounds);

  const splits = allSplits(spec, files, bounds);
  const stages = splits === undefined ? undefined : planStages(spec, splits, { reducers, tasksMax: bounds.tasksMax });
  if (splits === undefined || stages === undefined) return tooManyTasks(spec, bounds);
  const plan = { stages, splits, inputFiles, inputBytes, skippedFiles };
  return { kind: "planned", plan: { ...plan, hash: planHash(plan) } };
}

/** One for each target of bytes. A rest below a tenth makes none, as in splits: it would run alone after all others. */
function reducersFor(inputBytes: number, { reduceInputBytes, reducesAutoMax }: PlanBounds): number {
  const whole = Math.floor(inputBytes / reduceInputBytes);
  const rest = inputBytes - whole * reduceInputBytes;
  return Math.min(Math.max(whole + (rest * 10 >= reduceInputBytes ? 1 : 0), 1), reducesAutoMax);
}

/** Splits by stage, none but for map stages. @returns undefined when there would be too many tasks. */
function allSplits(
  spec: JobSpec,
  files: readonly (readonly InputFile[])[],
  bounds: PlanBounds,
): readonly (readonly Split[])[] | undefined {
  const splits: (readonly Split[])[] = [];
  let room = bounds.tasksMax;
  for (const stage of spec.stages) {
    const found = stage.kind === "map" ? stageSplitsOf(spec, stage.inputs, { files, room, bounds }) : [];
    if (found === undefined) return undefined;
    room -= found.length;
    splits.push(found);
  }
  return splits;
}

function planStages(
  spec: JobSpec,
  splits: readonly (readonly Split[])[],
  { reducers, tasksMax }: { readonly reducers: number; readonly tasksMax: number },
): readonly StagePlan[] | undefined {
  const stages: StagePlan[] = [];
  let total = 0;
  for (const [index, stage] of spec.stages.entries()) {
    const { reads, tasks } = taskCount(spec.stages, splits, { index, stages, reducers });
    total += tasks;
    if (total > tasksMax) return undefined;
    stages.push({ kind: stage.kind, tasks, partitions: partitionsOf(stage, reducers), reads });
  }
  return stages;
}

/**
 * A map has a task for each split, a reduce one a partition, a sample one for each split of the stage that it is for: none
 * where that has one partition, as there is nothing to cut.
 */
function taskCount(
  specs: readonly StageSpec[],
  splits: readonly (readonly Split[])[],
  {
    index,
    stages,
    reducers,
  }: { readonly index: number; readonly stages: readonly StagePlan[]; readonly reducers: number },
): Pick<StagePlan, "reads" | "tasks"> {
  const stage = specs[index];
  if (stage?.kind === "reduce") return { reads: stage.reads, tasks: stages[stage.reads]?.partitions ?? 0 };
  if (stage?.kind !== "sample") return { reads: -1, tasks: splits[index]?.length ?? 0 };
  const whole = partitionsOf(specs[stage.of], reducers) === 1;
  return { reads: -1, tasks: whole ? 0 : (splits[stage.of]?.length ?? 0) };
}

function partitionsOf(stage: StageSpec | undefined, reducers: number): number {
  const partitions = shuffleOf(stage)?.partitions ?? 0;
  return partitions === "auto" ? reducers : partitions;
}

/** Splits of all inputs of a map stage, in declared order. */
function stageSplitsOf(
  spec: JobSpec,
  inputs: readonly number[],
  from: { readonly files: readonly (readonly InputFile[])[]; readonly room: number; readonly bounds: PlanBounds },
): readonly Split[] | undefined {
  const splits: Split[] = [];
  for (const input of inputs) {
    const format = spec.inputs[input]?.format;
    if (format === undefined) continue;
    const splitsMax = from.room - splits.length;
    const order = { input, format, splitBytes: spec.options.splitBytes, splitsMax, bounds: from.bounds };
    const more =
      format.splitting === "numbers"
        ? planNumbers(format.numbers ?? 0, order)
        : planSplits(from.files[input] ?? [], order);
    if (more === undefined) return undefined;
    for (const split of more) splits.push(split);
  }
  return splits;
}

/** Sort by URI bytes and drop a file that two patterns matched. */
function sortFiles(files: readonly InputFile[]): readonly InputFile[] {
  const sorted = sortByUri(files);
  return sorted.filter((file, index) => file.uri !== sorted[index - 1]?.uri);
}

const unreadableActions = {
  E_UNSUPPORTED_CODEC: "leave it out, or mend it",
  E_INPUT_READ: "leave it out, or make it readable",
  E_TOO_LARGE: "pack its files, or submit several jobs",
} as const;

function inputRefusal(spec: JobSpec, inputs: readonly ListedInput[], bounds: PlanBounds): PlanRefusal | undefined {
  for (const [index, { unmatched }] of inputs.entries()) {
    if (unmatched[0] === undefined) continue;
    const input = spec.inputs[index]?.name ?? "";
    return refuse(
      "E_INPUT_MISSING",
      `Cannot read ${quote(unmatched[0])}: nothing there matches it; check the path or pattern${input === "" ? "" : ` of input ${quote(input)}`}`,
    );
  }
  const unreadable = inputs.flatMap((input) => input.refused);
  const first = unreadable[0];
  if (first !== undefined) {
    const more = unreadable.length === 1 ? "" : ` (and ${unreadable.length - 1} more files)`;
    const code = first.code ?? "E_UNSUPPORTED_CODEC";
    return refuse(code, `Cannot read ${quote(first.uri)}: ${first.reason}${more}; ${unreadableActions[code]}`);
  }
  const count = inputs.reduce((sum, { files }) => sum + files.length, 0);
  if (count > bounds.inputFilesMax)
    return refuse(
      "E_TOO_LARGE",
      `Cannot plan ${quote(spec.name)}: ${count} input files, more than ${bounds.inputFilesMax}; pack them, or submit several jobs`,
    );
  const inside = inputs.flatMap(({ files }) => files).find(({ uri }) => isWithin(uri, spec.output.uri));
  if (inside !== undefined)
    return refuse(
      "E_OUTPUT_OVERLAPS",
      `Cannot write ${quote(spec.output.uri)}: input ${quote(inside.uri)} lies inside; choose an output outside every input`,
    );
  return undefined;
}

function tooManyTasks(spec: JobSpec, bounds: PlanBounds): PlanRefusal {
  return refuse(
    "E_TOO_LARGE",
    `Cannot plan ${quote(spec.name)}: more than ${bounds.tasksMax} tasks; raise --split-bytes, or submit several jobs`,
  );
}

function refuse(code: ErrorCode, message: string): PlanRefusal {
  return { kind: "refused", code, message };
}
