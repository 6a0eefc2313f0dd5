// Word count over generated text on `cluster up --workers 2 --slots 1`: wall, processor time and peak memory of each
// process, and the result against an independent count by awk. Usage: node bench/word-count.ts [--bytes 1GiB] [--reduces N]

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startTestCluster } from "../e2e/cluster.ts";
import { millrace, readParts } from "../e2e/harness.ts";
import { costOf } from "./process-cost.ts";

const { values } = parseArgs({
  options: {
    bytes: { type: "string", default: "1GiB" },
    reduces: { type: "string" },
    workers: { type: "string", default: "2" },
    check: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const scratch = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const cluster = await startTestCluster({ workers: Number(values.workers), slots: 1 });
try {
  const generated = await millrace(
    ["gen", "text", join(scratch, "text"), "--bytes", values.bytes, "--files", "2", "-o", "json"],
    { timeoutMs: 600_000 },
  );
  const { bytes, paths } = JSON.parse(generated.stdout) as { bytes: number; paths: string[] };
  console.log(generated.stderr.trim());
  const roots = cluster.daemons.map((daemon) => daemon.pid);
  const begun = performance.now();
  const samples = new Map<number, { command: string; cpu: number; rss: number }>();
  const sampler = setInterval(() => {
    for (const cost of costOf(roots))
      samples.set(cost.pid, { command: cost.command, cpu: cost.cpuSeconds, rss: cost.peakRssMiB });
  }, 250);
  const run = await millrace(
    [
      "submit",
      "word-count",
      join(scratch, "text"),
      join(scratch, "out"),
      ...(values.reduces === undefined ? [] : ["--reduces", values.reduces]),
    ],
    { env: cluster.env, timeoutMs: 900_000 },
  );
  const wallMs = performance.now() - begun;
  clearInterval(sampler);
  if (run.exit !== 0) throw new Error(run.stderr);
  console.log(`wall ${(wallMs / 1e3).toFixed(2)} s, ${(bytes / 1e3 / wallMs).toFixed(1)} MB/s`);
  console.table(
    [...samples].map(([pid, { command, cpu, rss }]) => ({
      process: command,
      pid,
      "cpu s": cpu.toFixed(1),
      "peak RSS MiB": Math.round(rss),
    })),
  );
  if (values.check) compareWithAwk(paths);
} finally {
  await cluster.stop();
  rmSync(scratch, { recursive: true });
}

function compareWithAwk(paths: readonly string[]): void {
  const program = '{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) print w "\\t" n[w] }';
  const begun = performance.now();
  const counted = spawnSync("awk", [program, ...paths], { maxBuffer: 2 ** 30, env: { ...process.env, LC_ALL: "C" } });
  const seconds = (performance.now() - begun) / 1e3;
  const expected = counted.stdout
    .toString("latin1")
    .split("\n")
    .filter((row) => row !== "")
    .toSorted();
  const actual = readParts(join(scratch, "out"))
    .split("\n")
    .filter((row) => row !== "")
    .toSorted();
  const equal = expected.length === actual.length && expected.every((row, index) => row === actual[index]);
  console.log(`awk: ${expected.length} words in ${seconds.toFixed(1)} s; results ${equal ? "are equal" : "DIFFER"}`);
  if (!equal) process.exitCode = 1;
}
