// One HDFS for all tests that leave its servers alone: started before the first test file and stopped after the last.
// Test files find it by HADOOP_CONF_DIR, as users do; the contract suite of the client by MILLRACE_HDFS_STATE.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestHdfs, testJars } from "./test-hdfs.ts";

let stop: (() => Promise<void>) | undefined;

/** Start it. Called before the first test file. */
export async function setup(): Promise<void> {
  const httpFs = process.env["HDFS_TESTS_HTTPFS"] !== "0";
  const highAvailability = process.env["HDFS_TESTS_HA"] === "1";
  const hdfs = await startTestHdfs({ highAvailability, httpFs, jars: await testJars(httpFs ? "httpfs" : "hdfs") });
  console.log(
    `Hadoop ${hdfs.version}: ${hdfs.nameNodes.length} NameNode(s), ${hdfs.dataNodes.length} DataNodes, ${httpFs ? "HttpFS" : "no HttpFS"}`,
  );
  const directory = mkdtempSync(join(tmpdir(), "millrace-hdfs-state-"));
  const stateFile = join(directory, "state.json");
  writeFileSync(stateFile, JSON.stringify({ webhdfs: hdfs.webHdfs, webhdfsHttpfs: hdfs.httpFs ?? null }));
  process.env["MILLRACE_HDFS_STATE"] = stateFile;
  stop = async () => {
    rmSync(directory, { recursive: true });
    await hdfs.stop();
  };
}

/** Stop it. Called after the last test file. */
export async function teardown(): Promise<void> {
  await stop?.();
}
