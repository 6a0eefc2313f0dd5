// A cluster in one process: name nodes and DataNodes on free ports of loopback, one name space in memory, and a switch
// for every trap of real ones. For tests of whatever uses this client.
import { blockLocationsJson, locatedBlocksJson } from "./fake-blocks.ts";
import type { FakeUrl } from "./fake-answer.ts";
import { FakeCredentials } from "./fake-credentials.ts";
import { FakeDataNode, replicasOf } from "./fake-data-nodes.ts";
import { FakeException } from "./fake-exception.ts";
import { type FakeLogEntry, FakeNameNode, type FakeNameNodeState, type FakeNameNodeWorld } from "./fake-name-node.ts";
import type { FakeTls } from "./fake-server.ts";
import { type FakeTraps, noTraps } from "./fake-traps.ts";
import { FakeTree } from "./fake-tree.ts";

/** What cluster to start; everything has a default. */
export interface FakeClusterOptions {
  /** 1, or 2 for an HA pair whose first is active. */
  readonly nameNodes?: 1 | 2;
  /** 3. */
  readonly dataNodes?: number;
  /** 3. */
  readonly replication?: number;
  /** 128 MiB. */
  readonly blockBytes?: number;
  /** Entries in a reply of LISTSTATUS_BATCH; 1000. */
  readonly listLimit?: number;
  /** An HttpFS server as well. */
  readonly gateway?: boolean;
  readonly auth?: "simple" | "kerberos";
  /** Who may do all; also who is meant where nobody is named. `root`. */
  readonly superuser?: string;
  /** Host names of the DataNodes in locations and redirects; `127.0.0.1` unless given. */
  readonly hosts?: readonly string[];
  /** Racks of the DataNodes; `/default-rack` unless given. */
  readonly racks?: readonly string[];
  /** Certificate and key: all servers speak HTTPS. */
  readonly tls?: FakeTls;
  /** Time of modifications; the system's unless given. */
  readonly nowMs?: () => number;
}

/** A running fake cluster. */
export interface FakeCluster {
  /** Addresses for `nameNodes` of a client. */
  readonly nameNodes: readonly string[];
  /** Address of the HttpFS server, if there is one. */
  readonly gateway: string | undefined;
  readonly traps: FakeTraps;
  /** Requests to name nodes and HttpFS, oldest first. */
  readonly log: readonly FakeLogEntry[];
  readonly credentials: FakeCredentials;
  readonly dataNodes: readonly FakeDataNode[];
  setState(nameNode: number, state: FakeNameNodeState): void;
  killNameNode(index: number): Promise<void>;
  restartNameNode(index: number): Promise<void>;
  /** Finish the recovery that a TRUNCATE within a block began. */
  finishRecovery(): void;
  stop(): Promise<void>;
}

/**
 * Start a fake cluster; stop it at the end.
 *
 * @example
 * ```ts
 * const cluster = await startFakeCluster({ dataNodes: 2 });
 * const hdfs = createWebHdfsClient({ nameNodes: cluster.nameNodes });
 * cluster.traps.cutRead = { times: 1, afterBytes: 1000 };
 * …
 * hdfs.close();
 * await cluster.stop();
 * ```
 */
export async function startFakeCluster(options: FakeClusterOptions = {}): Promise<FakeCluster> {
  const { superuser = "root", nowMs = Date.now, auth = "simple" } = options;
  const recovering = new Set<{ writer: string | undefined }>();
  const dataNodes: FakeDataNode[] = [];
  const nameNodes: FakeNameNode[] = [];
  const log: FakeLogEntry[] = [];
  const world: FakeNameNodeWorld = {
    tree: new FakeTree(superuser, nowMs),
    traps: noTraps(),
    credentials: new FakeCredentials(auth, superuser, nowMs),
    log,
    listLimit: options.listLimit ?? 1000,
    blockBytes: options.blockBytes ?? 128 * 1024 * 1024,
    replication: options.replication ?? 3,
    nowMs,
    blockLocations: (file, offset, length) => blockLocationsJson(dataNodes, file, { offset, length }),
    locatedBlocks: (file, offset, length) => locatedBlocksJson(dataNodes, file, { offset, length }),
    recover: (file) => recovering.add(file),
    checkWritable: () => checkWritable(nameNodes),
    chooseDataNode: (url, user) => chooser.choose(url, user),
  };
  const chooser = new DataNodeChooser(world, dataNodes);
  for (let index = 0; index < (options.dataNodes ?? 3); index += 1) {
    const place = {
      host: options.hosts?.[index] ?? "127.0.0.1",
      rack: options.racks?.[index] ?? "/default-rack",
      tls: options.tls,
    };
    dataNodes.push(new FakeDataNode(world, world.credentials, index, place));
  }
  for (let index = 0; index < (options.nameNodes ?? 1); index += 1) {
    nameNodes.push(
      new FakeNameNode(world, `nn${index + 1}`, {
        state: index === 0 ? "active" : "standby",
        gateway: false,
        tls: options.tls,
      }),
    );
  }
  const gateway =
    options.gateway === true
      ? new FakeNameNode(world, "httpfs", { state: "active", gateway: true, tls: options.tls })
      : undefined;
  const servers = [...nameNodes, ...dataNodes, ...(gateway === undefined ? [] : [gateway])];
  await Promise.all(servers.map((server) => server.start()));
  return {
    nameNodes: nameNodes.map((node) => node.address),
    gateway: gateway?.address,
    traps: world.traps,
    log,
    credentials: world.credentials,
    dataNodes,
    setState: (index, state) => {
      const node = nameNodes[index];
      if (node !== undefined) node.state = state;
    },
    killNameNode: async (index) => await nameNodes[index]?.kill(),
    restartNameNode: async (index) => await nameNodes[index]?.start(),
    finishRecovery: () => {
      for (const file of recovering) file.writer = undefined;
      recovering.clear();
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.kill()));
    },
  };
}

/** DataNodes and HttpFS look for the active name node themselves. */
function checkWritable(nameNodes: readonly FakeNameNode[]): void {
  const alive = nameNodes.filter((node) => !node.dead);
  if (alive.some((node) => node.state === "active")) return;
  if (alive.some((node) => node.state === "safe-mode")) {
    throw new FakeException("SafeModeException", "Cannot create file. Name node is in safe mode.");
  }
  if (alive.some((node) => node.state === "starting"))
    throw new FakeException("RetriableException", "NameNode still not started");
  throw new FakeException("StandbyException", "Operation category WRITE is not supported in state standby");
}

/** Real name nodes draw at random, dead DataNodes as often as others until they are declared dead; here they take turns. */
class DataNodeChooser {
  readonly #world: FakeNameNodeWorld;
  readonly #nodes: readonly FakeDataNode[];
  #turn = 0;

  constructor(world: FakeNameNodeWorld, nodes: readonly FakeDataNode[]) {
    this.#world = world;
    this.#nodes = nodes;
  }

  choose({ operation, path, query }: FakeUrl, user: string): FakeDataNode {
    const excluded = (query.get("excludedatanodes") ?? "").split(",");
    const file = operation === "CREATE" ? undefined : this.#world.tree.get(path, user);
    const offset = Number(query.get("offset") ?? "0");
    // A directory gets a redirect too; its DataNode refuses.
    const holders =
      file?.kind === "file" ? replicasOf(this.#nodes, file, Math.floor(offset / file.blockBytes)) : this.#nodes;
    const left = holders.filter((node) => {
      return !node.declaredDead && !excluded.includes(node.ip) && !excluded.includes(`${node.ip}:${node.xferPort}`);
    });
    const chosen = left[this.#turn++ % Math.max(1, left.length)];
    if (chosen !== undefined) return chosen;
    if (operation !== "CREATE") throw new FakeException("IOException", "No active nodes contain this block");
    const message = `Failed to find datanode, suggest to check cluster health. excludeDatanodes=${excluded.join(",")}`;
    throw new FakeException("IOException", message);
  }
}
