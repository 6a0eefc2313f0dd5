// Where maps run and where their bytes come from, on an HDFS of three hosts with one replica of each block and a worker
// beside each DataNode.

import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { startMillrace } from "../harness.ts";
import { RestartableCluster } from "../restartable-cluster.ts";
import { succeed } from "./remote-files.ts";
import { startTestHdfs } from "./test-hdfs.ts";
import { beginWordCount } from "./word-count-story.ts";

const places = [
  { host: "127.0.0.11", rack: "/r1" },
  { host: "127.0.0.12", rack: "/r1" },
  { host: "127.0.0.13", rack: "/r2" },
] as const;
let hdfs: LocalHdfs | undefined;
let cluster: RestartableCluster | undefined;

afterEach(async () => {
  await cluster?.stop();
  await hdfs?.stop();
});

function startWorkerAt(owner: RestartableCluster, { host, rack }: (typeof places)[number]): void {
  const workDir = join(owner.scratch.path, `worker-${host}`);
  const args = ["worker", "--slots", "1", "--work-dir", workDir, "--host-name", host, "--rack", rack];
  owner.workers.push(startMillrace(args, { env: owner.env }));
}

it("maps run where their blocks lie, and at least 90 % of their bytes come from there", async () => {
  hdfs = await startTestHdfs({ dataNodes: places, replication: 1 });
  const story = await beginWordCount("hdfs:///locality", { bytes: "6MiB", files: "6" });
  cluster = new RestartableCluster();
  await cluster.startCoordinator();
  for (const place of places) startWorkerAt(cluster, place);
  await cluster.whenAlive(places.length);
  const output = story.nextOutput();
  const args = ["submit", "word-count", story.input, output, "--detach", ...story.shape];
  const job = (await succeed(args, cluster.env)).trim();
  await succeed(["job", "wait", job, "--timeout", "100s"], cluster.env, 110_000);
  expect(await story.differences(output)).toEqual({ parts: [], left: [] });
  const counters = JSON.parse(await succeed(["job", "counters", job, "-o", "json"], cluster.env)) as Readonly<
    Record<string, number>
  >;
  const near = counters["millrace.served.node-local.bytes"] ?? 0;
  const far = counters["millrace.served.other.bytes"] ?? 0;
  expect(near / (near + far), JSON.stringify(counters)).toBeGreaterThanOrEqual(0.9);
  for (const { host } of places) expect(counters[`millrace.served.by.${host}`], host).toBeGreaterThan(0);
});
