// What a run of seeds says to people: each failure with the way to see it again, and how often rare places were reached.

import { markTable } from "./marks.ts";
import type { MarkName } from "./marks.ts";
import type { SeedResult } from "./run-seed.ts";

/** Print one run in a few lines. */
export function printSeed(result: SeedResult): string {
  const marks = Object.entries(result.marks).map(([name, count]) => `${name}=${count}`);
  return `  ${result.swarm}\n  hash ${result.hash}, ${result.events} events, ${result.virtualMs} virtual ms\n  jobs: ${result.outcomes.join(", ")}\n  marks: ${marks.join(" ")}\n`;
}

/** Print a failed run: what broke, under which conditions, what led there, how to see it again. */
export function printFailure(result: SeedResult): string {
  const { failure } = result;
  if (failure === undefined) return "";
  const trace = failure.trace.map((line) => `  ${line}\n`).join("");
  return `seed ${result.seed} failed: ${failure.invariant}: ${failure.message}\n  ${result.swarm}\nlast ${failure.trace.length} lines:\n${trace}replay: npm run sim -- --seed ${result.seed}\n`;
}

/** Print how often each rare place was reached. */
export function printMarks(marks: Partial<Record<MarkName, number>>): string {
  const names = Object.keys(markTable) as MarkName[];
  return `reached: ${names.map((name) => `${name}=${marks[name] ?? 0}`).join(" ")}\n`;
}
