// HDFS to HDFS on three DataNodes and three workers, with Hadoop's own jobs as oracles where it has them: its word count
// writes the same rows, its TeraValidate accepts what our sort of its own kind of rows wrote. DuckDB is the one of `traffic`.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";
import type { TestCluster } from "../cluster.ts";
import { startTestCluster } from "../cluster.ts";
import { compareTraffic } from "../compare-log-reports.ts";
import { digestTree, scratchDirectory } from "../harness.ts";
import { LogOracle } from "../log-oracle.ts";
import type { TaskRow } from "../watch-tasks.ts";
import { readRemoteRows, succeed } from "./remote-files.ts";
import { startTestHdfs, testJars } from "./test-hdfs.ts";

const examples = "org.apache.hadoop.examples.ExampleDriver";
const base = "hdfs:///hadoop-jobs";
const shape = ["--reduces", "3", "--split-bytes", "512KiB"] as const;
const scratch = scratchDirectory();
const local = (name: string): string => join(scratch.path, name);
let hdfs: LocalHdfs;
let cluster: TestCluster;

beforeAll(async () => {
  hdfs = await startTestHdfs({ jars: await testJars("jobs"), dataNodes: 3 });
  cluster = await startTestCluster({ workers: 3, slots: 1 });
  await succeed(["fs", "mkdir", base]);
});
afterAll(async () => {
  await cluster.stop();
  await hdfs.stop();
  scratch.remove();
});

/** Run a job of the cluster from HDFS to HDFS. @returns how many workers have done its tasks. */
async function submit(job: readonly string[], input: string, output: string): Promise<number> {
  const args = ["submit", ...job, `${base}/${input}`, `${base}/${output}`, "--detach", ...shape];
  const id = (await succeed(args, cluster.env)).trim();
  await succeed(["job", "wait", id, "--timeout", "120s"], cluster.env, 130_000);
  const tasks = JSON.parse(await succeed(["task", "list", id, "-o", "json"], cluster.env)) as readonly TaskRow[];
  const accepted = tasks.flatMap(({ attempts }) => attempts).filter(({ state }) => state === "accepted");
  expect(accepted).toHaveLength(tasks.length);
  return new Set(accepted.map(({ worker }) => worker)).size;
}

describe("on three DataNodes and three workers", () => {
  it("word-count writes the rows of Hadoop's wordcount", async () => {
    await succeed(["gen", "text", local("text"), "--bytes", "6MiB", "--files", "3"]);
    await succeed(["fs", "put", local("text"), `${base}/text`]);
    expect(await submit(["word-count"], "text", "ours")).toBe(3);
    await hdfs.run(examples, ["wordcount", `${base}/text`, `${base}/theirs`]);
    const ours = await readRemoteRows(`${base}/ours`);
    expect(ours.length).toBeGreaterThan(10_000);
    expect(await readRemoteRows(`${base}/theirs`)).toEqual(ours);
    console.log(`wordcount: ${ours.length} rows equal Hadoop's`);
  });

  it("terasort sorts the rows of Hadoop's teragen, and its teravalidate accepts them", async () => {
    await hdfs.run(examples, ["teragen", "-Dmapreduce.job.maps=3", "60000", `${base}/rows`]);
    expect(await submit(["terasort"], "rows", "sorted")).toBe(3);
    for (const directory of ["rows", "sorted"])
      await hdfs.run(examples, ["teravalidate", `${base}/${directory}`, `${base}/report-${directory}`]);
    const unsorted = await readRemoteRows(`${base}/report-rows`);
    const checksum = unsorted.find((line) => line.startsWith("checksum"));
    expect(unsorted.length).toBeGreaterThan(1);
    expect(await readRemoteRows(`${base}/report-sorted`)).toEqual([checksum]);
    console.log(`teravalidate: 60000 rows, no misplaced one, ${checksum?.replaceAll("\t", " ")} as of teragen's`);
  });

  it("traffic writes the parts of a local run, which equal DuckDB's answers", async () => {
    await succeed(["gen", "access-log", local("log"), "--bytes", "6MiB", "--files", "3", "--seed", "9"]);
    await succeed(["fs", "put", local("log"), `${base}/log`]);
    expect(await submit(["traffic", "-p", "top=50"], "log", "traffic")).toBe(3);
    await succeed(["fs", "get", `${base}/traffic`, local("traffic")]);
    await succeed(["run", "traffic", "-p", "top=50", local("log"), local("embedded"), ...shape]);
    const parts = (name: string): unknown =>
      Object.entries(digestTree(local(name))).filter(([path]) => !path.endsWith("_SUCCESS"));
    expect(parts("traffic")).toEqual(parts("embedded"));
    const files = Object.keys(digestTree(local("log"))).map((name) => join(local("log"), name));
    const oracle = await LogOracle.open(files);
    const { rows, percentileError } = await compareTraffic(local("traffic"), oracle, 50);
    oracle.close();
    expect(rows["minutes"]).toBeGreaterThan(20);
    console.log(`traffic: equal to DuckDB, ${JSON.stringify(rows)}, percentiles at most ${percentileError} off`);
  });
});
