// A plan as plain data that a person or a program reads: `--dry-run`. What the coordinator would decide comes from the
// plan, what user code would do from the job's program; a stage of both with the same index is one.

import { payloadBytes } from "@millrace/core";
import type { JobSpec, OutputSpec, Split, StageSpec } from "@millrace/core";
import type { JobProgram, ShuffleProgram, StageProgram } from "@millrace/sdk/engine";
import { combinePairs, parseParams } from "@millrace/sdk/engine";
import { kernelText } from "./kernel-text.ts";
import { bytesOf } from "./make-plan.ts";
import type { MadePlan } from "./make-plan.ts";
import { aggregatorText, codecText, groupingsText } from "./type-text.ts";

/** Splits of a stage that are shown: enough to see where cuts fall. */
const splitsShownMax = 5;

/** A plan for people. Sizes are bytes. */
export interface PlanDescription {
  readonly name: string;
  readonly tasks: number;
  readonly planHash: string;
  readonly inputs: readonly InputDescription[];
  readonly stages: readonly StageDescription[];
  readonly output: { readonly uri: string; readonly exists: boolean; readonly overwrite: boolean };
  readonly params: readonly ParamValue[];
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly bundle: { readonly bytes: number; readonly sha256: string };
  /** What travels with the submission. */
  readonly payloadBytes: number;
}

/** What an input would read. */
export interface InputDescription {
  /** "" for the only input. */
  readonly name: string;
  readonly format: string;
  readonly splitting: string;
  readonly patterns: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** Files left out as their name begins with `_` or `.`. */
  readonly skipped: number;
  /** How many numbers, for an input of numbers. */
  readonly numbers?: number;
}

/** A stage with its tasks. */
export interface StageDescription {
  readonly stage: number;
  readonly kind: StageSpec["kind"];
  readonly tasks: number;
  /** What the tasks read, in words: `input "users"`, `the shuffle of stage 0`. */
  readonly reads: readonly string[];
  /** What is done with each record or group, in words. */
  readonly does: readonly string[];
  readonly splits?: SplitsDescription;
  readonly shuffle?: ShuffleDescription;
  readonly outputs: readonly OutputDescription[];
}

/** Splits of a map stage, one a task. */
export interface SplitsDescription {
  readonly count: number;
  readonly bytes: number;
  readonly largestBytes: number;
  /** The first few. */
  readonly first: readonly {
    readonly input: string;
    readonly bytes: number;
    readonly parts: number;
    readonly uri: string;
    readonly offset: number;
  }[];
}

/** What travels from a stage to the next. */
export interface ShuffleDescription {
  readonly partitions: number;
  readonly partitioning: "hash" | "function" | "ranges";
  readonly key: string;
  readonly orderKey?: string;
  /** Type of a value, or the aggregator whose states travel. */
  readonly value: string;
  readonly pairs: "state" | "value";
  /** Where pairs of a key become fewer, in words. */
  readonly combined: string;
}

/** Files that a stage writes. */
export interface OutputDescription {
  /** "" for the main output. */
  readonly name: string;
  readonly format: string;
  /** URI of the folder. */
  readonly folder: string;
  readonly files: string;
}

/** A parameter as it would be used. */
export interface ParamValue {
  readonly name: string;
  readonly value: string;
  readonly given: boolean;
}

/** Describe a plan. @param program the job that the spec was made from. */
export function describePlan(spec: JobSpec, program: JobProgram, made: MadePlan): PlanDescription {
  const { plan } = made;
  return {
    name: spec.name,
    tasks: plan.stages.reduce((sum, { tasks }) => sum + tasks, 0),
    planHash: plan.hash,
    inputs: spec.inputs.map((input, index) => describeInput(input, made.listed[index])),
    stages: spec.stages.map((stage, index) => describeStage({ spec, program, made, stage, index })),
    output: { uri: spec.output.uri, exists: made.outputExists, overwrite: spec.output.overwrite },
    params: paramValues(program, spec.params),
    files: spec.files ?? [],
    bundle: spec.bundle,
    payloadBytes: payloadBytes(spec),
  };
}

function describeInput(
  { name = "", patterns, format }: JobSpec["inputs"][number],
  listed: MadePlan["listed"][number] | undefined,
): InputDescription {
  const { numbers } = format;
  return {
    name,
    format: format.name,
    splitting: format.splitting,
    patterns,
    files: listed?.files.length ?? 0,
    bytes: bytesOf(listed?.files ?? []),
    skipped: listed?.skipped ?? 0,
    ...(numbers === undefined ? {} : { numbers }),
  };
}

interface StagePlace {
  readonly spec: JobSpec;
  readonly program: JobProgram;
  readonly made: MadePlan;
  readonly stage: StageSpec;
  readonly index: number;
}

function describeStage({ spec, program, made, stage, index }: StagePlace): StageDescription {
  const planned = made.plan.stages[index];
  const run = program.stages[index];
  const shared = {
    stage: index,
    kind: stage.kind,
    tasks: planned?.tasks ?? 0,
    reads: readsOf(spec, stage),
    does: run === undefined ? [] : doesOf(program, run, spec.params),
  };
  if (stage.kind === "sample" || run === undefined || run.kind === "sample") return { ...shared, outputs: [] };
  const { shuffle } = run.sink;
  return {
    ...shared,
    ...(stage.kind === "map" ? { splits: describeSplits(spec, made.plan.splits[index] ?? []) } : {}),
    ...(shuffle === undefined
      ? {}
      : { shuffle: describeShuffle(shuffle, { partitions: planned?.partitions ?? 0, run }) }),
    outputs: stage.outputs.map((output) => describeOutput(spec, program, { output, kind: stage.kind, stage: index })),
  };
}

function readsOf(spec: JobSpec, stage: StageSpec): readonly string[] {
  if (stage.kind === "sample") return [`records at some places of the splits of stage ${stage.of}`];
  if (stage.kind === "reduce") return [`the shuffle of stage ${stage.reads}`];
  return stage.inputs.map((input) => inputText(spec.inputs[input]?.name));
}

function inputText(name: string | undefined): string {
  return name === undefined || name === "" ? "the input" : `input "${name}"`;
}

function doesOf(program: JobProgram, stage: StageProgram, given: Readonly<Record<string, string>>): readonly string[] {
  const partOf = (part: number): string => (program.parts.length === 1 ? "" : ` of ${program.parts[part]?.name ?? ""}`);
  if (stage.kind === "sample")
    return [`runs the map of stage ${stage.of} on them and keeps the keys, to cut key ranges`];
  if (stage.kind === "map") {
    const params = parseParams(program.params, given);
    const { shuffle } = stage.sink;
    return stage.maps.flatMap(({ input, operators }) => {
      const format = program.inputs[input]?.format;
      const steps = operators.map(({ part }) => `map${partOf(part)}`);
      const way = [`${format?.name ?? ""} records${typeOf(format?.wire)}`, ...steps].join(" -> ");
      return format === undefined ? [way] : [way, ...kernelText({ format, operators, shuffle, params })];
    });
  }
  const { reduce, operators } = stage;
  const first = reduce.kind === "present" ? "result of each key" : "reduce";
  return [[`${first}${partOf(reduce.part)}`, ...operators.map(({ part }) => `map${partOf(part)}`)].join(" -> ")];
}

/** Formats that know the type of their records tell it. */
function typeOf(wire: unknown): string {
  return wire === undefined ? "" : ` of ${codecText(wire)}`;
}

function describeSplits(spec: JobSpec, splits: readonly Split[]): SplitsDescription {
  return {
    count: splits.length,
    bytes: bytesOf(splits),
    largestBytes: splits.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    first: splits.slice(0, splitsShownMax).map(({ input, bytes, parts }) => ({
      input: spec.inputs[input]?.name ?? "",
      bytes,
      parts: parts.length,
      uri: parts[0]?.uri ?? "",
      offset: parts[0]?.offset ?? 0,
    })),
  };
}

function describeShuffle(
  shuffle: ShuffleProgram,
  { partitions, run }: { readonly partitions: number; readonly run: StageProgram },
): ShuffleDescription {
  const { key, orderBy, pairs, partition } = shuffle;
  const groupings = pairs.kind === "state" ? groupingsText(key.wire, pairs.aggregator.wire) : undefined;
  return {
    partitions,
    partitioning: partition.kind,
    key: groupings?.key ?? codecText(key.wire),
    ...(orderBy === undefined ? {} : { orderKey: codecText(orderBy.wire) }),
    value: groupings?.value ?? valueText(pairs),
    pairs: pairs.kind,
    combined: combinedText(pairs, run.kind),
  };
}

function valueText(pairs: ShuffleProgram["pairs"]): string {
  return pairs.kind === "state" ? aggregatorText(pairs.aggregator.wire) : codecText(pairs.value.wire);
}

function combinedText(pairs: ShuffleProgram["pairs"], kind: StageProgram["kind"]): string {
  if (pairs.kind === "state") return `in the ${kind} tasks, and wherever runs are merged`;
  if (pairs.combine === undefined) return "nowhere: each value travels";
  return `in the ${kind} tasks by the job's combine, each ${combinePairs} pairs`;
}

function describeOutput(
  spec: JobSpec,
  program: JobProgram,
  { output, kind, stage }: { readonly output: OutputSpec; readonly kind: StageSpec["kind"]; readonly stage: number },
): OutputDescription {
  const { name, extension } = output;
  const writers = spec.stages.filter(
    (other) => other.kind !== "sample" && other.outputs.some((each) => each.name === name),
  );
  const prefix = writers.length > 1 ? `${String(stage).padStart(2, "0")}-` : "";
  const format = program.outputs.find((other) => other.name === name)?.format;
  return {
    name,
    format: `${format?.name ?? ""}${typeOf(format?.wire)}`,
    folder: name === "" ? spec.output.uri : `${spec.output.uri}/${name}`,
    files: `part-${prefix}${kind === "map" ? "m" : "r"}-?????${extension === "" ? "" : `.${extension}`}`,
  };
}

function paramValues(program: JobProgram, given: Readonly<Record<string, string>>): readonly ParamValue[] {
  return Object.entries(program.params).map(([name, { description }]) => {
    const isGiven = Object.hasOwn(given, name);
    return { name, value: (isGiven ? given[name] : description.default) ?? "", given: isGiven };
  });
}
