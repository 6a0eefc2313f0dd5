// What a job's output must be, by brute force: all records in order, all pairs in a list, groups by sorting. Knows
// nothing of splits that run apart, of runs, merges, retries or commits; shares with the engine the partition hash and
// the order of UTF-8 bytes alone.

import { partitionOf } from "@millrace/data";
import type { JobSpec, Plan, Split } from "@millrace/core";
import { createStream } from "./random-stream.ts";
import type { InputArchive } from "./workload/input-archive.ts";
import { linesOfNumbers, numbersUri } from "./workload/numbers.ts";
import { isBadRecord, levelOf, sideOfPairs, sideOfRecords } from "./workload/programs.ts";
import type { Pair, Program } from "./workload/programs.ts";

/** Which attempt of a map task counts: it decides the numbers that a random program drew. */
export type CountedAttempt = (stage: number, task: number) => number;

/** Content of each expected part, by its name below the output. */
export type ExpectedParts = ReadonlyMap<string, string>;

const encoder = new TextEncoder();

/** The stream of one map attempt's user code. */
export function userStream(seed: number, job: string, task: number, attempt: number): ReturnType<typeof createStream> {
  return createStream(seed, "user", job, task, attempt);
}

/** What a job's output is computed from. */
export interface OracleSource {
  readonly seed: number;
  readonly job: string;
  readonly program: Program;
  readonly spec: Pick<JobSpec, "stages">;
  readonly plan: Pick<Plan, "stages" | "splits">;
  /** Cuts between the key ranges of a stage that has such, in hexadecimal. */
  readonly cutsOf: (stage: number) => readonly string[] | undefined;
  readonly archive: InputArchive;
  readonly counted: CountedAttempt;
}

/** Compute all parts of a job's output. */
export function expectedParts(source: OracleSource): ExpectedParts {
  const parts = new Map<string, string>();
  const { program, plan } = source;
  let pairs: Pair[] = [];
  source.spec.stages.forEach((spec, stage) => {
    const tasks: (readonly Pair[])[] = [];
    if (spec.kind === "map") {
      (plan.splits[stage] ?? []).forEach((split, task) => {
        const random = userStream(source.seed, source.job, task, source.counted(stage, task));
        const records = recordsOf(source.archive, split).filter((record) => !isBadRecord(record));
        addSide(parts, source, { stage, task, lines: sideOfRecords(records) });
        tasks.push(records.flatMap((record) => program.map(record, random)));
      });
    } else if (spec.kind === "reduce") {
      const level = levelOf(source.spec.stages, stage) - 1;
      const partitions = plan.stages[spec.reads]?.partitions ?? 0;
      const cuts = source.cutsOf(spec.reads);
      for (let task = 0; task < partitions; task += 1) {
        const reduced = reduceAll(
          program,
          level,
          pairs.filter(([key]) => placeOf(key, partitions, cuts) === task),
        );
        addSide(parts, source, { stage, task, lines: sideOfPairs(reduced) });
        tasks.push(reduced);
      }
    } else return;
    const last = program.shuffles.length === levelOf(source.spec.stages, stage);
    if (last)
      tasks.forEach((lines, task) => parts.set(partName(spec.kind === "map" ? "m" : "r", task), printPairs(lines)));
    pairs = tasks.flat();
  });
  return parts;
}

function reduceAll(program: Program, level: number, pairs: readonly Pair[]): readonly Pair[] {
  const reduce = program.reduces[level];
  return groups(pairs).flatMap(([key, values]) => [
    ...(reduce?.(key, program.shuffles[level] === "state" ? [sum(values)] : values) ?? []),
  ]);
}

/** A key goes to the first range whose cut is above it, else to the last. */
function placeOf(key: string, partitions: number, cuts: readonly string[] | undefined): number {
  const bytes = encoder.encode(key);
  if (cuts === undefined) return partitionOf(bytes, partitions);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const place = cuts.findIndex((cut) => hex < cut);
  return place < 0 ? cuts.length : place;
}

/** The part of a task in the folder `side`, if it has lines for it; several stages that write there are told apart. */
function addSide(
  parts: Map<string, string>,
  { spec }: OracleSource,
  { stage, task, lines }: { readonly stage: number; readonly task: number; readonly lines: readonly string[] },
): void {
  const writers = spec.stages.filter(
    (other) => other.kind !== "sample" && other.outputs.some(({ name }) => name === "side"),
  );
  const writer = spec.stages[stage];
  if (writer === undefined || writer.kind === "sample" || !writers.includes(writer) || lines.length === 0) return;
  const name = partName(writer.kind === "map" ? "m" : "r", task);
  const shared = writers.length > 1 ? name.replace("part-", `part-${String(stage).padStart(2, "0")}-`) : name;
  parts.set(`side/${shared}`, lines.join(""));
}

/** Records whose first byte lies in the split. */
export function recordsOf(archive: InputArchive, split: Split): string[] {
  return split.parts.flatMap((part) => {
    if (part.uri === numbersUri) return linesOfNumbers(part.offset, part.bytes);
    const bytes = archive.find(part);
    const records: string[] = [];
    let start = 0;
    for (let at = 0; at <= bytes.length; at += 1) {
      if (at < bytes.length ? bytes[at] !== 10 : at === start) continue;
      const end = at > start && at < bytes.length && bytes[at - 1] === 13 ? at - 1 : at;
      if (start >= part.offset && start < part.offset + part.bytes)
        records.push(new TextDecoder().decode(bytes.subarray(start, end)));
      start = at + 1;
    }
    return records;
  });
}

function groups(pairs: readonly Pair[]): [string, string[]][] {
  const byKey = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const values = byKey.get(key);
    if (values === undefined) byKey.set(key, [value]);
    else values.push(value);
  }
  return [...byKey].sort(([a], [b]) => compareUtf8(a, b));
}

function compareUtf8(a: string, b: string): number {
  const one = encoder.encode(a);
  const other = encoder.encode(b);
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    if (one[at] !== other[at]) return (one[at] as number) - (other[at] as number);
  }
  return one.length - other.length;
}

function sum(values: readonly string[]): string {
  return String(values.reduce((total, value) => total + Number(value), 0));
}

/** Print pairs as the output has them. */
export function printPairs(pairs: readonly Pair[]): string {
  return pairs.map(([key, value]) => `${key}\t${value}\n`).join("");
}

/** Name of a part file, as the commit gives it. */
export function partName(kind: "m" | "r", task: number): string {
  return `part-${kind}-${String(task).padStart(5, "0")}.txt`;
}
