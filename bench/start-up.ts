// Where the time of a tiny `millrace run` goes, whole process, on 10 KB: runs of each variant in turn, medians. Prints
// wall and processor time, then the phases one after the other. Needs a build.
// Usage: node bench/start-up.ts [--runs 15] [--compare DIR]      DIR: another checkout, built

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { percentile } from "./fsync.ts";
import { costOf } from "./process-cost.ts";

interface Variant {
  readonly name: string;
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Milliseconds since the start of Node at which each phase ended. */
  readonly marks: Readonly<Record<string, number>>;
}

const { values } = parseArgs({
  options: { runs: { type: "string", default: "15" }, compare: { type: "string" } },
});
const runs = Number(values.runs);
const scratch = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const input = join(scratch, "in.txt");
writeFileSync(input, "to be or not to be\n".repeat(540));
const here = fileURLToPath(new URL("../", import.meta.url));
const marksModule = fileURLToPath(new URL("./start-up-marks.mjs", import.meta.url));
const cached = { XDG_CACHE_HOME: join(scratch, "cache"), XDG_STATE_HOME: join(scratch, "state") };
const variants: readonly Variant[] = [
  { name: "this", root: here, environment: cached },
  { name: "this, no code cache", root: here, environment: { ...cached, NODE_DISABLE_COMPILE_CACHE: "1" } },
  ...(values.compare === undefined ? [] : [{ name: values.compare, root: values.compare, environment: cached }]),
];

try {
  const plain = new Map<Variant, Run[]>();
  const marked = new Map<Variant, Run[]>();
  for (let round = -2; round < runs; round += 1) {
    for (const variant of variants) {
      const pair = [await measure(variant, false), await measure(variant, true)] as const;
      // The first two rounds fill caches.
      if (round < 0) continue;
      plain.set(variant, [...(plain.get(variant) ?? []), pair[0]]);
      marked.set(variant, [...(marked.get(variant) ?? []), pair[1]]);
    }
  }
  console.log(`millrace run word-count, 10 KB, ms, median of ${runs} runs in turn`);
  console.table(Object.fromEntries([...plain].map(([{ name }, all]) => [name, whole(all)])));
  console.log("phases, ms, median (the marks cost some themselves)");
  console.table(phasesOf(marked));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function measure({ root, environment }: Variant, withMarks: boolean): Promise<Run> {
  const output = join(scratch, "out");
  const marksFile = join(scratch, "marks.json");
  rmSync(output, { recursive: true, force: true });
  const bin = join(root, "packages/cli/bin/millrace.js");
  const flags = withMarks ? ["--import", marksModule] : [];
  const cpuBefore = endedCpuMs();
  const begun = performance.now();
  const child = spawn(process.execPath, [...flags, bin, "run", "word-count", input, output, "--quiet"], {
    env: { ...process.env, ...environment, START_UP_MARKS: marksFile },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const wallMs = performance.now() - begun;
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  const marks = withMarks ? (JSON.parse(readFileSync(marksFile, "utf8")) as Run["marks"]) : {};
  return { wallMs, cpuMs: endedCpuMs() - cpuBefore, marks: { ...marks, "end of the process": wallMs } };
}

/** Processor time of children that ended; the kernel counts it in steps of 10 ms, which the mean of the runs evens out. */
function endedCpuMs(): number {
  return (costOf([process.pid]).find(({ pid }) => pid === process.pid)?.endedCpuSeconds ?? 0) * 1e3;
}

function whole(all: readonly Run[]): Readonly<Record<string, string>> {
  const walls = all.map(({ wallMs }) => wallMs).toSorted((a, b) => a - b);
  const cpu = all.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / all.length;
  const show = (ms: number): string => ms.toFixed(1);
  return {
    "wall, median": show(percentile(walls, 0.5)),
    least: show(walls[0] ?? Number.NaN),
    "processor time, mean": show(cpu),
  };
}

/** One row a phase, one column a variant: the time since the phase before it. What is in brackets runs beside. */
function phasesOf(marked: ReadonlyMap<Variant, readonly Run[]>): Readonly<Record<string, Record<string, string>>> {
  const rows: Record<string, Record<string, string>> = {};
  for (const [{ name }, all] of marked) {
    let before = 0;
    for (const phase of Object.keys(all[0]?.marks ?? {}).toSorted((a, b) => at(all, a) - at(all, b))) {
      const ms = at(all, phase);
      const beside = phase.startsWith("(");
      (rows[phase] ??= {})[name] = beside ? `(at ${ms.toFixed(1)})` : (ms - before).toFixed(1);
      if (!beside) before = ms;
    }
  }
  return rows;
}

function at(all: readonly Run[], phase: string): number {
  const times = all.map(({ marks }) => marks[phase] ?? Number.NaN).toSorted((a, b) => a - b);
  return percentile(times, 0.5);
}
