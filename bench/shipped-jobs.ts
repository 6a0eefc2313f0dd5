// Throughput of each shipped job in one process: MB/s of input, with the start of the command.
// Usage: node bench/shipped-jobs.ts [--bytes 256MiB] [--slots 2] [JOB...]

import { createWriteStream, readdirSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shippedJobs } from "@millrace/jobs";
import { millrace, scratchDirectory } from "../e2e/harness.ts";

const { values, positionals } = parseArgs({
  options: { bytes: { type: "string", default: "256MiB" }, slots: { type: "string", default: "2" } },
  allowPositionals: true,
});

/** What a job reads: a kind of `millrace gen`, or lines that are made here. */
type Input = "text" | "access-log" | "openmetrics" | "tera" | "pairs" | "none";

interface Run {
  readonly input: Input;
  readonly params?: readonly string[];
}

const runs: Readonly<Record<string, Run>> = {
  cardinality: { input: "openmetrics" },
  distinct: { input: "pairs" },
  grep: { input: "text", params: ["pattern=[a-z]*pla[a-z]*"] },
  "grep-lines": { input: "text", params: ["pattern=seduba|tesh"] },
  "inverted-index": { input: "text" },
  join: { input: "pairs", params: ["separator= ", "kind=semi"] },
  // Generated hits have no times, and are no errors by the words in them.
  latency: { input: "access-log", params: ["of=bytes"] },
  "log-errors": { input: "access-log", params: ["pattern= (404|50[03]) "] },
  "log-status": { input: "access-log" },
  "metric-rollup": { input: "openmetrics" },
  pi: { input: "none", params: ["maps=100", "samples=1000000"] },
  "secondary-sort": { input: "pairs" },
  sessions: { input: "access-log" },
  sort: { input: "text" },
  "tera-validate": { input: "tera" },
  terasort: { input: "tera" },
  top: { input: "pairs", params: ["column=1", "by=2", "separator= "] },
  traffic: { input: "access-log" },
  "word-count": { input: "text" },
};

const scratch = scratchDirectory();
const made = new Map<Input, number>();
let pairsBytes = 0;

/** Lines of two integers, the first of 100,000 different ones. */
async function writePairs(path: string, bytes: number): Promise<void> {
  const file = createWriteStream(path);
  let state = 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let written = 0; written < bytes;) {
    const lines = Array.from({ length: 10_000 }, () => `${next(100_000)} ${next(1_000_000_000)}\n`).join("");
    written += lines.length;
    if (!file.write(lines)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

function bytesBelow(path: string): number {
  const { size } = statSync(path);
  if (!statSync(path).isDirectory()) return size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}

/** Make an input once. @returns its bytes. */
async function make(input: Input): Promise<number> {
  const known = made.get(input);
  if (known !== undefined) return known;
  const path = join(scratch.path, input);
  if (input === "pairs") await writePairs(path, pairsBytes);
  else if (input !== "none") await must(["gen", input, path, "--bytes", values.bytes, "--files", "2", "-q"]);
  const bytes = input === "none" ? 0 : bytesBelow(path);
  made.set(input, bytes);
  return bytes;
}

async function must(args: readonly string[]): Promise<number> {
  const result = await millrace(args, { cwd: scratch.path, timeoutMs: 600_000 });
  if (result.exit !== 0) throw new Error(`millrace ${args.join(" ")}: ${result.stderr}`);
  return result.ms;
}

async function measure(job: string, { input, params = [] }: Run): Promise<Readonly<Record<string, string>>> {
  const bytes = await make(input);
  const output = join(scratch.path, "out");
  // Lines that have a line in another input of a hundredth of the size.
  const inputs = job === "join" ? ["--input", "left=pairs", "--input", "right=few"] : input === "none" ? [] : [input];
  const flags = [...params.flatMap((param) => ["-p", param]), "--slots", values.slots, "--reduces", "2", "-q"];
  const ms = await must(["run", job, ...inputs, output, ...flags]);
  const written = bytesBelow(output);
  rmSync(output, { recursive: true });
  return {
    input,
    "MB in": (bytes / 1e6).toFixed(1),
    "MB out": (written / 1e6).toFixed(1),
    seconds: (ms / 1000).toFixed(1),
    "MB/s": bytes === 0 ? "" : (bytes / 1e3 / ms).toFixed(1),
  };
}

try {
  const names = positionals.length > 0 ? positionals : shippedJobs.map(({ name }) => name);
  const match = /^(\d+)MiB$/u.exec(values.bytes);
  pairsBytes = Number(match?.[1] ?? 16) * 2 ** 20;
  if (names.includes("join")) await writePairs(join(scratch.path, "few"), pairsBytes / 100);
  const table: Record<string, Readonly<Record<string, string>>> = {};
  for (const name of names) {
    const run = runs[name];
    if (run === undefined) throw new Error(`no input is known for the shipped job ${name}: add it to this file`);
    table[name] = await measure(name, run);
    console.log(name, JSON.stringify(table[name]));
  }
  console.table(table);
} finally {
  scratch.remove();
}
