// 200 one-file jobs in a row on a warm cluster: time from submit to success, beside what one fsync costs here, and where
// the processor time of a job goes. Usage: node bench/small-jobs.ts [--jobs 200]

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { millrace } from "../e2e/harness.ts";
import { measureFsync, percentile } from "./fsync.ts";
import { cpuPer, startWarmCluster } from "./warm-cluster.ts";

const { values } = parseArgs({ options: { jobs: { type: "string", default: "200" } } });
const jobs = Number(values.jobs);
const warm = await startWarmCluster();
try {
  const input = join(warm.scratch, "in.txt");
  writeFileSync(input, "to be or not to be\n".repeat(500));
  // The first three warm the daemons.
  for (let index = 0; index < 3; index += 1) await warm.run(input, `warm-up-${index}`);
  const before = warm.cpu();
  const times: number[] = [];
  for (let index = 0; index < jobs; index += 1) times.push(await warm.run(input, `out-${index}`));
  const after = warm.cpu();
  const embedded: number[] = [];
  for (let index = 0; index < 7; index += 1) {
    const output = join(warm.scratch, `run-${index}`);
    const run = await millrace(["run", "word-count", input, output, "--quiet"]);
    if (run.exit !== 0) throw new Error(run.stderr);
    embedded.push(run.ms);
  }
  console.table({
    "submit to success": spread(times),
    "one fdatasync": spread(measureFsync(200)),
    "millrace run, whole process": spread(embedded),
  });
  console.log("processor time, ms a job");
  console.table([cpuPer(jobs, before, after)]);
} finally {
  await warm.stop();
}

function spread(ms: readonly number[]): Readonly<Record<string, string>> {
  const sorted = ms.toSorted((a, b) => a - b);
  const show = (value: number | undefined): string => `${(value ?? Number.NaN).toFixed(1)} ms`;
  return { p50: show(percentile(sorted, 0.5)), p99: show(percentile(sorted, 0.99)), max: show(sorted.at(-1)) };
}
