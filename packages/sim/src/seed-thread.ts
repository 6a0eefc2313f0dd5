// One thread of a long run: takes stretches of seeds, runs them, tells what it found. Now and then it runs a seed twice
// and compares the hashes of the two traces (I24).

import { parentPort } from "node:worker_threads";
import type { MarkName } from "./marks.ts";
import type { RangeReport, SeedRange } from "./run-many.ts";
import { runSeed } from "./run-seed.ts";
import type { SeedResult } from "./run-seed.ts";

/** One seed in so many is run twice. */
const twiceEvery = 40;

parentPort?.on("message", (range: SeedRange) => parentPort?.postMessage(runRange(range)));

function runRange(range: SeedRange): RangeReport {
  const marks: Partial<Record<MarkName, number>> = {};
  const failed: SeedResult[] = [];
  let events = 0;
  let twice = 0;
  for (let seed = range.first; seed < range.first + range.count; seed += 1) {
    const result = runSeed(seed);
    events += result.events;
    for (const [name, count] of Object.entries(result.marks) as [MarkName, number][])
      marks[name] = (marks[name] ?? 0) + count;
    const compared = seed % twiceEvery === 0 ? compareAgain(result) : result;
    if (seed % twiceEvery === 0) twice += 1;
    if (compared.failure !== undefined) failed.push(compared);
  }
  return { seeds: range.count, events, twice, marks, failed };
}

function compareAgain(result: SeedResult): SeedResult {
  const again = runSeed(result.seed);
  if (again.hash === result.hash) return result;
  return {
    ...result,
    failure: { invariant: "I24", message: `two runs differ: ${result.hash} and ${again.hash}`, trace: [] },
  };
}
