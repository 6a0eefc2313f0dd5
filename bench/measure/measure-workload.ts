// Measure one workload: rounds in which everyone runs once, in an order that rotates; each output is read and compared,
// outside of the time. Who fails or is late once is left out of later rounds, and named.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "../check/answer.ts";
import { differenceOf } from "../check/answer.ts";
import { benchCache } from "../data/cache-directory.ts";
import type { DataSet } from "../data/data-sets.ts";
import { warm } from "../data/data-sets.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Contestant } from "./contestant.ts";
import { runOf } from "./contestant.ts";
import type { MemoryLimit } from "./memory-limit.ts";
import { orderOfRound } from "./run-order.ts";
import { runMeasured } from "./run-measured.ts";
import type { Cost } from "./run-measured.ts";

/** How to measure. */
export interface MeasureContext {
  readonly contestants: readonly Contestant[];
  readonly data: readonly DataSet[];
  readonly pairs: number;
  readonly slowPairs: number;
  readonly slots: number;
  readonly deadlineMs: number;
  readonly limit?: MemoryLimit;
  readonly log: (line: string) => void;
}

/** What was measured of one contestant. */
export interface Measured {
  readonly contestant: Contestant;
  /** By round; a hole is a round that it did not run in. */
  readonly costs: (Cost | undefined)[];
  /** Why it was left out, before or after some rounds. */
  failure?: string;
  /** How its answer differs from the first one's. */
  difference?: string;
  answer?: Answer;
}

/** From so many times Millrace's time on a contestant runs in fewer rounds, if asked. */
const slowFactor = 8;

/** Run all rounds. The first contestant's answer is what others are compared with. */
export async function measureWorkload(workload: Workload, context: MeasureContext): Promise<readonly Measured[]> {
  const all = context.contestants.map((contestant): Measured => ({ contestant, costs: [] }));
  for (let round = 0; round < context.pairs; round += 1) {
    for (const { path } of context.data) warm(path);
    for (const measured of orderOfRound(all, round)) {
      if (measured.failure !== undefined || isSlowEnough(measured, all[0], context, round)) continue;
      await runOnce(workload, measured, context, round);
    }
  }
  const [first, ...others] = all;
  for (const other of others) {
    if (first?.answer === undefined || other.answer === undefined) continue;
    const difference = differenceOf(first.answer, other.answer, workload.tolerance ?? 0);
    if (difference !== undefined) other.difference ??= difference;
  }
  return all;
}

function isSlowEnough(
  measured: Measured,
  first: Measured | undefined,
  { slowPairs }: MeasureContext,
  round: number,
): boolean {
  const [own, ours] = [measured.costs[0]?.wallSeconds ?? 0, first?.costs[0]?.wallSeconds ?? 0];
  return round >= slowPairs && own > slowFactor * ours;
}

async function runOnce(workload: Workload, measured: Measured, context: MeasureContext, round: number): Promise<void> {
  const { contestant } = measured;
  const directory = join(benchCache("runs"), String(process.pid));
  const output = join(directory, "out");
  const scratch = join(directory, "scratch");
  mkdirSync(scratch, { recursive: true });
  if (workload.hasParts === true && contestant.author === "peer") mkdirSync(output);
  try {
    const command = contestant.command(
      workload,
      runOf(workload, {
        inputs: context.data.map(({ path }) => path),
        output,
        scratch,
        slots: context.slots,
        bytes: context.data[0]?.bytes ?? 0,
        ...(context.limit === undefined ? {} : { memoryBytes: context.limit.bytes }),
      }),
    );
    if (command === undefined) {
      measured.failure = "has no program for it";
      return;
    }
    const outcome = await runMeasured(command, {
      directory: scratch,
      deadlineMs: context.deadlineMs,
      ...(context.limit === undefined ? {} : { limit: context.limit }),
    });
    if (outcome.kind === "failed") {
      measured.failure = `round ${round + 1}: ${outcome.reason}`;
      context.log(`  round ${round + 1}  ${contestant.name}: ${outcome.reason}`);
      return;
    }
    measured.costs[round] = outcome.cost;
    const answer = workload.answer(output, contestant.author);
    const change =
      measured.answer === undefined ? undefined : differenceOf(measured.answer, answer, workload.tolerance ?? 0);
    if (change !== undefined) measured.difference ??= `its own answer changed in round ${round + 1}: ${change}`;
    measured.answer ??= answer;
    context.log(
      `  round ${round + 1}  ${contestant.name}: ${outcome.cost.wallSeconds.toFixed(3)} s, ${answer.size}, hash ${answer.hash}`,
    );
  } catch (thrown) {
    measured.failure = `its output cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    context.log(`  round ${round + 1}  ${contestant.name}: ${measured.failure}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
