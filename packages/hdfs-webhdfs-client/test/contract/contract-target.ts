// The clusters that the contract is held against: the fake one always, a real one when MILLRACE_HDFS_STATE names the
// state file of a running Hadoop ({"webhdfs": [...], "webhdfsHttpfs": "..."}), its HttpFS too if it has one.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createWebHdfsClient, type WebHdfsClient } from "../../src/index.ts";
import { startFakeCluster } from "../../src/testing/index.ts";

/** A cluster under test. */
export interface ContractTarget {
  readonly hdfs: WebHdfsClient;
  /** Same cluster as another, unprivileged user. */
  readonly asBob: WebHdfsClient;
  /** A directory of this run's own; removed at the end. */
  readonly root: string;
  readonly stop: () => Promise<void>;
}

/** How a target is started. */
export interface TargetMaker {
  readonly name: string;
  /** HttpFS lacks some operations and words some errors differently. */
  readonly gateway: boolean;
  readonly start: () => Promise<ContractTarget>;
}

async function targetAt(addresses: readonly string[], stop: () => Promise<void>): Promise<ContractTarget> {
  const clients = ["root", "bob"].map((user) =>
    createWebHdfsClient({ nameNodes: addresses, auth: { kind: "simple", user }, idleTimeoutMs: 20_000 }),
  );
  const [hdfs, asBob] = clients as [WebHdfsClient, WebHdfsClient];
  const root = `/contract-${randomUUID()}`;
  await hdfs.mkdirs(root);
  return {
    hdfs,
    asBob,
    root,
    stop: async () => {
      await hdfs.delete(root, { recursive: true });
      for (const client of clients) client.close();
      await stop();
    },
  };
}

async function startFake(gateway: boolean): Promise<ContractTarget> {
  const cluster = await startFakeCluster({ dataNodes: 2, replication: 2, gateway });
  const addresses = gateway ? [cluster.gateway ?? ""] : cluster.nameNodes;
  return await targetAt(addresses, () => cluster.stop());
}

/** All targets of this run. */
export function contractTargets(): readonly TargetMaker[] {
  const fakes = [
    { name: "fake cluster", gateway: false, start: () => startFake(false) },
    { name: "fake HttpFS", gateway: true, start: () => startFake(true) },
  ];
  const file = process.env["MILLRACE_HDFS_STATE"];
  if (file === undefined || file === "") return fakes;
  const state = JSON.parse(readFileSync(file, "utf8")) as { webhdfs: string[]; webhdfsHttpfs?: string | null };
  const nothing = async (): Promise<void> => undefined;
  const { webhdfs, webhdfsHttpfs } = state;
  const real = { name: "real HDFS", gateway: false, start: () => targetAt(webhdfs, nothing) };
  if (typeof webhdfsHttpfs !== "string") return [...fakes, real];
  return [...fakes, real, { name: "real HttpFS", gateway: true, start: () => targetAt([webhdfsHttpfs], nothing) }];
}
