// Many small files as input, on HDFS and on the local disk: what it takes to list their names, to list them as inputs
// (beside what it takes when each is opened, as it was once), to plan and pack them, and to count their words on a cluster
// of processes, with the memory that the coordinator had at its peak. HDFS is the project's own local one, with one DataNode.
//
//   npm run build && node --conditions=millrace-source bench/small-files.ts [--files 10000] [--local-files 100000] [--gzip]

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { limits, planJob } from "@millrace/core";
import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";
import type { HadoopJars, LocalHdfs, Tools } from "@millrace/local-hdfs";
import { createDefaultStorages, listInputs } from "@millrace/storage";
import { buildSpec } from "../packages/cli/src/job-module/build-spec.ts";
import { parseSubmission } from "../packages/cli/src/job-module/parse-submission.ts";
import { scratchDirectory } from "../e2e/harness.ts";
import { costOf } from "./process-cost.ts";
import { startWarmCluster } from "./warm-cluster.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "10000" },
    "local-files": { type: "string", default: "100000" },
    gzip: { type: "boolean", default: false },
  },
});
const files = Number(values.files);
/** Files of one directory: a day of a service that rolls its log each minute and a half. */
const directoryFiles = 1_000;
const scratch = scratchDirectory();
const found = findTools(process.env);
const rows: Record<string, unknown>[] = [];

try {
  for (const count of new Set([files, Number(values["local-files"])])) makeFiles(join(scratch.path, `${count}`), count);
  if (found.kind === "missing") console.log(`without HDFS: ${found.reason}`);
  else await onHdfs(found.tools, await fetchJars(found.tools));
  await measure({ where: "local disk", count: files, input: uriOf(files), env: {} });
  if (Number(values["local-files"]) > files)
    await measure({
      where: "local disk",
      count: Number(values["local-files"]),
      input: uriOf(Number(values["local-files"])),
      env: {},
    });
  console.table(rows);
} finally {
  scratch.remove();
}

function uriOf(count: number): string {
  return pathToFileURL(join(scratch.path, `${count}`)).href;
}

async function onHdfs(tools: Tools, jars: HadoopJars): Promise<void> {
  const hdfs: LocalHdfs = await startHdfs({ tools, jars, directory: join(scratch.path, "hdfs"), dataNodes: 1 });
  try {
    const begun = performance.now();
    await hdfs.run("org.apache.hadoop.fs.FsShell", ["-mkdir", "/many"]);
    // One command for each directory: all files at once may take longer than a command is given.
    for (const name of readdirSync(join(scratch.path, `${files}`))) {
      const from = join(scratch.path, `${files}`, name);
      await hdfs.run("org.apache.hadoop.fs.FsShell", ["-put", "-d", "-t", "64", from, "/many"]);
    }
    console.log(`${files} files put in ${Math.round(performance.now() - begun)} ms`);
    const env = { HADOOP_CONF_DIR: hdfs.confDir, HADOOP_USER_NAME: hdfs.user };
    await measure({ where: "HDFS", count: files, input: "hdfs:///many", env });
  } finally {
    await hdfs.stop();
  }
}

/** Lines of about 100 words in each file. */
function makeFiles(directory: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const below = join(directory, `part-${Math.floor(index / directoryFiles)}`);
    if (index % directoryFiles === 0) mkdirSync(below, { recursive: true });
    const text = `some words of the file ${index} and others\n`.repeat(12);
    if (values.gzip) writeFileSync(join(below, `n${index}.gz`), gzipSync(text));
    else writeFileSync(join(below, `n${index}.txt`), text);
  }
}

async function measure(of: {
  readonly where: string;
  readonly count: number;
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<void> {
  const { where, count, input, env } = of;
  const storage = createDefaultStorages({ ...process.env, ...env });
  const { spec } = await buildSpec(parseSubmission(["word-count", [input, join(scratch.path, "none")]], { param: [] }));
  // A server's first answers take seconds, whatever they are.
  await listInputs(storage, [input], { wholeBelowBytes: limits.splitBytes });
  const namesMs = await timed(() => storage.listBelow(input));
  const openedMs = await timed(() => listInputs(storage, [input]));
  const began = performance.now();
  const listed = await listInputs(storage, [input], { wholeBelowBytes: limits.splitBytes });
  const listedMs = performance.now() - began;
  const planMs = await timed(async () => planJob(spec, [listed]));
  const outcome = planJob(spec, [listed], limits);
  if (outcome.kind === "refused") throw new Error(outcome.message);
  const warm = await startWarmCluster(env);
  try {
    const coordinator = (): number => peakOf(warm.cluster.daemons[0]?.pid ?? 0);
    const before = coordinator();
    const jobMs = await warm.run(input, "counts");
    rows.push({
      where,
      files: count,
      "names ms": Math.round(namesMs),
      "each opened ms": Math.round(openedMs),
      "listed ms": Math.round(listedMs),
      "planned ms": Math.round(planMs),
      tasks: outcome.plan.stages[0]?.tasks,
      "job ms": Math.round(jobMs),
      "coordinator before MiB": Math.round(before),
      "peak MiB": Math.round(coordinator()),
    });
    console.log(JSON.stringify(rows.at(-1)));
  } finally {
    await warm.stop();
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

function peakOf(pid: number): number {
  return costOf([pid]).find((cost) => cost.pid === pid)?.peakRssMiB ?? Number.NaN;
}
