// A fake cluster and a storage on it, for one test; delays of retries pass at once, time-outs keep their length.

import { createWebHdfsClient } from "hdfs-webhdfs-client";
import type { WebHdfsClock } from "hdfs-webhdfs-client";
import { startFakeCluster } from "hdfs-webhdfs-client/testing";
import type { FakeCluster, FakeClusterOptions } from "hdfs-webhdfs-client/testing";
import type { Storage } from "@millrace/ports";
import { onTestFinished } from "vitest";
import type { HadoopConfiguration } from "../../src/hdfs/hadoop-configuration.ts";
import { createHdfsStorage } from "../../src/hdfs/hdfs-storage.ts";

/** Time-outs of the clients below; every other wait is a delay. */
const timeouts: readonly number[] = [5_000, 10_000, 60_000];

const quickClock: WebHdfsClock = {
  nowMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, timeouts.includes(ms) ? ms : 0);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A cluster with a storage, and the URI of an empty directory on it. */
export interface FakeHdfs {
  readonly cluster: FakeCluster;
  readonly storage: Storage;
  readonly base: string;
}

/** Start one as the name service `ns`; it is stopped when the running test ends. */
export async function fakeHdfs(
  options: FakeClusterOptions = {},
  properties: Readonly<Record<string, string>> = {},
): Promise<FakeHdfs> {
  const cluster = await startFakeCluster(options);
  const names = cluster.nameNodes.map((_, index) => `nn${index + 1}`);
  const addresses = cluster.nameNodes.map((url, index) => [
    `dfs.namenode.http-address.ns.nn${index + 1}`,
    url.replace("http://", ""),
  ]);
  const all: Readonly<Record<string, string>> = {
    "fs.defaultFS": "hdfs://ns",
    "dfs.nameservices": "ns",
    "dfs.ha.namenodes.ns": names.join(","),
    ...(Object.fromEntries(addresses) as Record<string, string>),
    ...properties,
  };
  const configuration: HadoopConfiguration = {
    directory: "/conf",
    names: Object.keys(all).sort(),
    get: (name) => all[name],
  };
  const [connectTimeoutMs, idleTimeoutMs, callTimeoutMs] = [5_000, 10_000, 60_000];
  const client = { clock: quickClock, connectTimeoutMs, idleTimeoutMs, callTimeoutMs };
  const storage = createHdfsStorage({ environment: { HADOOP_USER_NAME: "root" }, configuration, client });
  onTestFinished(async () => {
    await cluster.stop();
  });
  await storage.makeDirectory("hdfs://ns/base");
  return { cluster, storage, base: "hdfs://ns/base" };
}

/** A client of the same cluster, for what a test does behind the storage's back. */
export function clientOf({ cluster }: FakeHdfs): ReturnType<typeof createWebHdfsClient> {
  const client = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth: { kind: "simple", user: "root" } });
  onTestFinished(() => {
    client.close();
  });
  return client;
}

/** Lose the reply of the next requests of an operation. @param times - how many */
export function loseReplies({ cluster }: FakeHdfs, operation: string, times: number): void {
  let left = times;
  cluster.traps.lostReply = {
    get times() {
      return left > 0 && cluster.log.at(-1)?.operation === operation ? 1 : 0;
    },
    set times(_value: number) {
      left -= 1;
    },
  };
}
