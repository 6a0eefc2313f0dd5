// What a job's output must be, by brute force: all records in order, all pairs in a list, groups by sorting. Knows
// nothing of splits that run apart, of runs, merges, retries or commits; shares with the engine the partition hash and
// the order of UTF-8 bytes alone.

import { partitionOf } from "@millrace/data";
import type { Plan, Split } from "@millrace/core";
import { createStream } from "./random-stream.ts";
import type { InputArchive } from "./workload/input-archive.ts";
import { isBadRecord } from "./workload/programs.ts";
import type { Pair, Program } from "./workload/programs.ts";

/** Which attempt of a map task counts: it decides the numbers that a random program drew. */
export type CountedAttempt = (task: number) => number;

/** Content of each expected part, by its name below the output. */
export type ExpectedParts = ReadonlyMap<string, string>;

const encoder = new TextEncoder();

/** The stream of one map attempt's user code. */
export function userStream(seed: number, job: string, task: number, attempt: number): ReturnType<typeof createStream> {
  return createStream(seed, "user", job, task, attempt);
}

/** Compute all parts of a job's output. */
export function expectedParts(run: {
  readonly seed: number;
  readonly job: string;
  readonly program: Program;
  readonly plan: Pick<Plan, "stages" | "splits">;
  readonly archive: InputArchive;
  readonly counted: CountedAttempt;
}): ExpectedParts {
  const parts = new Map<string, string>();
  const { program, plan } = run;
  let pairs: Pair[] = [];
  (plan.splits[0] ?? []).forEach((split, task) => {
    const random = userStream(run.seed, run.job, task, run.counted(task));
    const records = recordsOf(run.archive, split).filter((record) => !isBadRecord(record));
    const mapped = records.flatMap((record) => program.map(record, random));
    if (program.side)
      parts.set(
        `side/${partName("m", task)}`,
        records
          .filter((record) => record.startsWith("!"))
          .map((record) => `${record}\n`)
          .join(""),
      );
    if (program.reduces.length === 0) parts.set(partName("m", task), printPairs(mapped));
    else pairs.push(...mapped);
  });
  program.reduces.forEach((reduce, index) => {
    const partitions = plan.stages[index]?.partitions ?? 0;
    const last = index === program.reduces.length - 1;
    const next: Pair[] = [];
    for (let partition = 0; partition < partitions; partition += 1) {
      const mine = pairs.filter(([key]) => partitionOf(encoder.encode(key), partitions) === partition);
      const reduced = groups(mine).flatMap(([key, values]) => [
        ...reduce(key, program.shuffles[index] === "state" ? [sum(values)] : values),
      ]);
      if (last) parts.set(partName("r", partition), printPairs(reduced));
      else next.push(...reduced);
    }
    pairs = next;
  });
  return parts;
}

/** Records whose first byte lies in the split. */
export function recordsOf(archive: InputArchive, split: Split): string[] {
  return split.parts.flatMap((part) => {
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
