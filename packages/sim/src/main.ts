// `npm run sim -- --seeds N [--seed S]`: run seeds on all cores, print what was found. Exit code 1 when a seed fails,
// or when a long run never reached one of the rare places.

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { markTable } from "./marks.ts";
import type { MarkName } from "./marks.ts";
import { printFailure, printMarks, printSeed } from "./report.ts";
import { runMany } from "./run-many.ts";
import { runSeed } from "./run-seed.ts";

/** From so many seeds on, a rare place that was never reached fails the run. */
const seedsForMarks = 2_000;

/** Run the command line of the simulator. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string" },
      seed: { type: "string" },
      trace: { type: "boolean", default: false },
      threads: { type: "string" },
      keep: { type: "boolean", default: false },
      first: { type: "boolean", default: false },
      bugs: { type: "boolean", default: false },
      bug: { type: "string" },
    },
  });
  if (values.bugs || values.bug !== undefined) {
    const { runBugBank } = await import("./bug-bank/run-bug-bank.ts");
    return runBugBank(values.bug, whole(values.seeds, 2_000));
  }
  const first = whole(values.seed, 1);
  const count = whole(values.seeds, values.seed === undefined ? 500 : 1);
  if (count === 1) return runOne(first, values.trace);
  return runAll(first, count, {
    threads: whole(values.threads, Math.min(availableParallelism(), 8)),
    failuresMax: values.keep ? count : values.first ? 1 : 5,
  });
}

function whole(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`Cannot read "${text}" as a number of seeds: it is not whole; give one from 0`);
  return value;
}

function runOne(seed: number, trace: boolean): number {
  process.stdout.write(`seed ${seed}\n`);
  const result = runSeed(seed, trace ? { onTrace: (line) => process.stdout.write(`${line}\n`) } : {});
  process.stdout.write(printSeed(result));
  const again = runSeed(seed);
  if (again.hash !== result.hash) {
    process.stdout.write(`I24: two runs of seed ${seed} differ: ${result.hash} and ${again.hash}\n`);
    return 1;
  }
  if (result.failure === undefined) return 0;
  process.stdout.write(printFailure(result));
  return 1;
}

async function runAll(
  first: number,
  count: number,
  options: { readonly threads: number; readonly failuresMax: number },
): Promise<number> {
  process.stdout.write(`seeds ${first} to ${first + count - 1} on ${options.threads} threads\n`);
  const began = performance.now();
  const summary = await runMany(first, count, options);
  const seconds = (performance.now() - began) / 1000;
  const failed = summary.failed.toSorted((a, b) => a.seed - b.seed);
  for (const result of failed.slice(0, 1)) process.stdout.write(printFailure(result));
  for (const result of failed.slice(1))
    process.stdout.write(
      `also seed ${result.seed}: ${result.failure?.invariant} ${result.failure?.message.split("\n")[0]}\n`,
    );
  process.stdout.write(printMarks(summary.marks));
  const rate = (summary.seeds / seconds).toFixed(1);
  process.stdout.write(
    `${summary.seeds} seeds in ${seconds.toFixed(1)} s, ${rate} seeds/s, ${summary.events} events, ${summary.twice} run twice, ${failed.length} failed\n`,
  );
  const missed = (Object.keys(markTable) as MarkName[]).filter((name) => (summary.marks[name] ?? 0) === 0);
  if (failed.length === 0 && count >= seedsForMarks && missed.length > 0) {
    process.stdout.write(`never reached: ${missed.join(", ")}\n`);
    return 1;
  }
  return failed.length === 0 ? 0 : 1;
}
