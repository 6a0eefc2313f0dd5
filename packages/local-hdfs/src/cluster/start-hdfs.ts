// Start a NameNode and DataNodes as processes on loopback, and wait until files can be written.

import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import {
  coreProperties,
  defaultUri,
  hdfsProperties,
  nameService,
  rackTablePath,
} from "../configuration/cluster-properties.ts";
import type { ClusterLayout, NameNodeLayout } from "../configuration/cluster-properties.ts";
import { writeConfiguration } from "../configuration/hadoop-files.ts";
import { guardedCoreProperties, guardedHdfsProperties } from "../kerberos/kerberos-properties.ts";
import { FreePorts } from "../processes/free-ports.ts";
import { readJmx } from "../processes/read-jmx.ts";
import type { JavaProcess } from "../processes/java-process.ts";
import type { DataNodePlace, LocalDataNode, LocalHdfs, LocalHdfsOptions, LocalServer } from "./local-hdfs.ts";
import { ServerRunner } from "./server-runner.ts";
import { startHttpFs } from "./start-http-fs.ts";
import { waitUntil } from "./wait-until.ts";

/** Two servers start in 3 to 5 s on two free cores; a busy machine gets time. */
const startTimeoutMs = 120_000;
const defaultBlockBytes = 128 * 2 ** 20;
const loopback = "127.0.0.1";
const defaultRack = "/default-rack";

/** A DataNode's addresses and directory. */
interface DataNodeLayout {
  readonly name: string;
  readonly host: string;
  readonly rack: string;
  readonly transfer: string;
  readonly http: string;
  readonly ipc: string;
  readonly directory: string;
}

/**
 * Start HDFS. It has two DataNodes unless asked otherwise, and takes about 4 s.
 * @throws {MillraceError} E_STORAGE when a server does not come up, with what it logged; nothing is left then.
 */
export async function startHdfs(options: LocalHdfsOptions): Promise<LocalHdfs> {
  const { layout, dataNodes } = await layOut(options);
  const confDir = layout.confDir;
  const { guard } = options;
  const tempDirectory = join(options.directory, "jvm-temp");
  for (const directory of [confDir, join(options.directory, "logs"), tempDirectory])
    mkdirSync(directory, { recursive: true });
  writeConfiguration(confDir, {
    "core-site.xml": { ...coreProperties(layout), ...(guard === undefined ? {} : guardedCoreProperties(guard)) },
    "hdfs-site.xml": {
      ...hdfsProperties(layout),
      ...(guard === undefined ? {} : guardedHdfsProperties(guard)),
      ...options.properties,
    },
  });
  writeFileSync(rackTablePath(confDir), dataNodes.map(({ host, rack }) => `${host} ${rack}\n`).join(""));
  const runner = new ServerRunner(options, {
    confDir,
    user: layout.user,
    tempDirectory,
    fullCompiler: options.fullCompiler ?? false,
  });
  try {
    const hdfs = await startServers({ options, layout, dataNodes, runner });
    return hdfs;
  } catch (thrown) {
    await runner.stopAll();
    rmSync(options.directory, { recursive: true, force: true });
    throw thrown;
  }
}

interface Plan {
  readonly options: LocalHdfsOptions;
  readonly layout: ClusterLayout;
  readonly dataNodes: readonly DataNodeLayout[];
  readonly runner: ServerRunner;
}

async function layOut(
  options: LocalHdfsOptions,
): Promise<{ readonly layout: ClusterLayout; readonly dataNodes: readonly DataNodeLayout[] }> {
  const ports = new FreePorts();
  const at = async (host = loopback): Promise<string> => `${host}:${await ports.take(host)}`;
  const { directory } = options;
  const ids = options.highAvailability === true ? ["nn1", "nn2"] : ["nn1"];
  const nameNodes: NameNodeLayout[] = [];
  for (const id of ids) nameNodes.push({ id, rpc: await at(), http: await at(), directory: join(directory, id) });
  const places = placesOf(options.dataNodes ?? 2);
  const dataNodes: DataNodeLayout[] = [];
  for (const [index, { host = loopback, rack = defaultRack }] of places.entries()) {
    const name = `datanode-${index + 1}`;
    const addresses = { transfer: await at(host), http: await at(host), ipc: await at(host) };
    dataNodes.push({ name, host, rack, directory: join(directory, name), ...addresses });
  }
  const layout: ClusterLayout = {
    directory,
    confDir: join(directory, "conf"),
    user: options.user ?? userInfo().username,
    nameNodes,
    journal: options.highAvailability === true ? await at() : undefined,
    dataNodeCount: dataNodes.length,
    distinctHosts: dataNodes.some(({ host }) => host !== loopback),
    replication: options.replication ?? Math.min(dataNodes.length, 2),
    blockBytes: options.blockBytes ?? defaultBlockBytes,
  };
  return { layout, dataNodes };
}

function placesOf(dataNodes: number | readonly DataNodePlace[]): readonly DataNodePlace[] {
  return typeof dataNodes === "number" ? Array.from({ length: dataNodes }, () => ({})) : dataNodes;
}

async function startServers(plan: Plan): Promise<LocalHdfs> {
  const { options, layout, runner } = plan;
  if (layout.journal !== undefined) await startJournal(plan, layout.journal);
  await format(plan);
  const nameNodes = layout.nameNodes.map((node) => nameNodeServer(plan, node));
  const dataNodes = plan.dataNodes.map((node) => dataNodeServer(plan, node));
  if (layout.journal !== undefined) {
    await allStandby(plan);
    await makeActive(plan, "nn1");
  }
  await waitUntil(async () => await serves(plan), {
    what: `${dataNodes.length} DataNode(s) to register and safe mode to end`,
    timeoutMs: startTimeoutMs,
    processes: runner.processes(),
    signal: options.signal,
  });
  const httpFs = options.httpFs === true ? await startHttpFs(layout, { runner, startTimeoutMs }) : undefined;
  return {
    version: options.jars.version,
    directory: options.directory,
    confDir: layout.confDir,
    uri: defaultUri(layout),
    webHdfs: layout.nameNodes.map(({ http }) => `http://${http}`),
    httpFs,
    user: layout.user,
    nameNodes,
    dataNodes,
    failOver: async (index) => failOver(plan, index),
    run: async (mainClass, args, programOptions) => runner.run(mainClass, args, programOptions),
    stop: async () => {
      await runner.stopAll();
      rmSync(options.directory, { recursive: true, force: true });
    },
  };
}

async function startJournal({ layout, runner, options }: Plan, address: string): Promise<void> {
  const http = `${loopback}:${await new FreePorts().take(loopback)}`;
  const journal = runner.start("journalnode", {
    mainClass: "org.apache.hadoop.hdfs.qjournal.server.JournalNode",
    heapMiB: 128,
    definitions: {
      "dfs.journalnode.rpc-address": address,
      "dfs.journalnode.http-address": http,
      "dfs.journalnode.edits.dir": join(layout.directory, "journal"),
    },
  });
  await waitUntil(async () => (await readJmx(http, "java.lang:type=Runtime")) !== undefined, {
    what: "the JournalNode to answer",
    timeoutMs: startTimeoutMs,
    processes: [journal],
    signal: options.signal,
  });
}

const nameNodeClass = "org.apache.hadoop.hdfs.server.namenode.NameNode";

/** Make the empty name space. That takes a JVM, so a lone NameNode's is kept beside the jars, for each superuser, and copied. */
async function format({ options, layout, runner }: Plan): Promise<void> {
  const [first, second] = layout.nameNodes;
  if (first === undefined) return;
  const kept = join(options.jars.directory, `image-${layout.user}`);
  if (second === undefined && existsSync(kept)) return cpSync(kept, first.directory, { recursive: true });
  await runner.run(nameNodeClass, [
    ...(second === undefined ? [] : ["-D", `dfs.ha.namenode.id=${first.id}`]),
    "-format",
    "-force",
    "-nonInteractive",
  ]);
  if (second !== undefined) return cpSync(first.directory, second.directory, { recursive: true });
  keepImage(first.directory, options.jars.directory, kept);
}

function keepImage(from: string, cache: string, kept: string): void {
  const staged = mkdtempSync(join(cache, ".image-"));
  try {
    cpSync(from, staged, { recursive: true });
    if (!existsSync(kept)) renameSync(staged, kept);
  } catch {
    // Another run has kept its own in the meantime, or the cache cannot be written: the next run formats again.
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function nameNodeServer(plan: Plan, node: NameNodeLayout): LocalServer {
  const single = plan.layout.journal === undefined;
  const start = (): JavaProcess =>
    plan.runner.start(single ? "namenode" : `namenode-${node.id}`, {
      mainClass: nameNodeClass,
      heapMiB: 256,
      definitions: single ? {} : { "dfs.ha.namenode.id": node.id },
    });
  return plan.runner.server({
    httpAddress: node.http,
    start,
    ready: async () => (single ? serves(plan) : (await stateOf(node.http)) !== undefined),
    timeoutMs: startTimeoutMs,
  });
}

function dataNodeServer({ runner }: Plan, node: DataNodeLayout): LocalDataNode {
  const start = (): JavaProcess =>
    runner.start(node.name, {
      mainClass: "org.apache.hadoop.hdfs.server.datanode.DataNode",
      heapMiB: 192,
      definitions: {
        "dfs.datanode.data.dir": node.directory,
        "dfs.datanode.hostname": node.host,
        "dfs.datanode.address": node.transfer,
        "dfs.datanode.http.address": node.http,
        "dfs.datanode.ipc.address": node.ipc,
      },
    });
  const ready = async (): Promise<boolean> => {
    const info = await readJmx(node.http, "Hadoop:service=DataNode,name=DataNodeInfo");
    return String(info?.["BPServiceActorInfo"]).includes('"ActorState":"RUNNING"');
  };
  const server = runner.server({ httpAddress: node.http, start, ready, timeoutMs: startTimeoutMs });
  return { ...server, host: node.host, rack: node.rack, transferAddress: node.transfer };
}

/** Tell whether the active NameNode knows all DataNodes and has left safe mode. */
async function serves(plan: Plan): Promise<boolean> {
  const { layout, dataNodes, options, runner } = plan;
  if (options.guard !== undefined) {
    // Safe mode ends when all DataNodes are there: its properties say so.
    const left = runner.run("org.apache.hadoop.hdfs.tools.DFSAdmin", ["-safemode", "wait"]);
    return await left.then(
      () => true,
      () => false,
    );
  }
  for (const { http } of layout.nameNodes) {
    if ((await stateOf(http)) !== "active") continue;
    const state = await readJmx(http, "Hadoop:service=NameNode,name=FSNamesystemState");
    return state?.["NumLiveDataNodes"] === dataNodes.length && state["FSState"] === "Operational";
  }
  return false;
}

async function stateOf(http: string): Promise<unknown> {
  return (await readJmx(http, "Hadoop:service=NameNode,name=NameNodeStatus"))?.["State"];
}

async function allStandby({ layout, runner, options }: Plan): Promise<void> {
  await waitUntil(
    async () =>
      (await Promise.all(layout.nameNodes.map(async ({ http }) => stateOf(http)))).every(
        (state) => state === "standby",
      ),
    {
      what: "both NameNodes to be on standby",
      timeoutMs: startTimeoutMs,
      processes: runner.processes(),
      signal: options.signal,
    },
  );
}

const adminClass = "org.apache.hadoop.hdfs.tools.DFSHAAdmin";

async function makeActive({ runner }: Plan, id: string): Promise<void> {
  await runner.run(adminClass, ["-ns", nameService, "-transitionToActive", id]);
}

async function failOver({ layout, runner }: Plan, index: number): Promise<void> {
  const to = layout.nameNodes[index];
  const from = layout.nameNodes.find((node) => node !== to);
  if (to === undefined || from === undefined) return;
  if ((await stateOf(to.http)) === "active") return;
  await runner.run(adminClass, ["-ns", nameService, "-failover", from.id, to.id]);
}
