// The configuration of a small cluster on loopback: quick to notice what has died, and content with small blocks.

import { join } from "node:path";
import type { Properties } from "./hadoop-files.ts";

/** A NameNode's addresses and directory. */
export interface NameNodeLayout {
  readonly id: string;
  readonly rpc: string;
  readonly http: string;
  readonly directory: string;
}

/** What the files are written from. */
export interface ClusterLayout {
  readonly directory: string;
  readonly confDir: string;
  readonly user: string;
  readonly nameNodes: readonly NameNodeLayout[];
  /** `host:port` of the JournalNode between two NameNodes. */
  readonly journal: string | undefined;
  readonly dataNodeCount: number;
  /** Whether DataNodes have addresses of their own. */
  readonly distinctHosts: boolean;
  readonly replication: number;
  readonly blockBytes: number;
}

/** Name of the service of two NameNodes. */
export const nameService = "millrace";
/** Checksums go by 512 bytes, so a block is a multiple of that. */
const blockBytesMin = 512;

/** Give the URI of the default file system. */
export function defaultUri(layout: ClusterLayout): string {
  return layout.journal === undefined ? `hdfs://${layout.nameNodes[0]?.rpc}` : `hdfs://${nameService}`;
}

/** Give the table that the NameNode finds racks in: a line for each host. */
export function rackTablePath(confDir: string): string {
  return join(confDir, "racks.table");
}

/** Give the properties of `core-site.xml`. */
export function coreProperties(layout: ClusterLayout): Properties {
  return {
    "fs.defaultFS": defaultUri(layout),
    "hadoop.tmp.dir": join(layout.directory, "tmp"),
    "hadoop.http.staticuser.user": layout.user,
    [`hadoop.proxyuser.${layout.user}.hosts`]: "*",
    [`hadoop.proxyuser.${layout.user}.groups`]: "*",
    // The raw mapping looks hosts up by name; the public one would use the address of the peer, 127.0.0.1 for all.
    "net.topology.node.switch.mapping.impl": "org.apache.hadoop.net.TableMapping$RawTableMapping",
    "net.topology.table.file.name": rackTablePath(layout.confDir),
    "ipc.client.connect.max.retries": 3,
    "ipc.client.connect.retry.interval": 300,
  };
}

/** Give the properties of `hdfs-site.xml`. */
export function hdfsProperties(layout: ClusterLayout): Properties {
  return {
    "dfs.replication": layout.replication,
    "dfs.blocksize": layout.blockBytes,
    "dfs.namenode.fs-limits.min-block-size": blockBytesMin,
    "dfs.namenode.datanode.registration.ip-hostname-check": false,
    // A DataNode is stale after 4 s and dead after 2 × 2 s + 10 × 1 s = 14 s; by default after 30 s and 10.5 minutes.
    "dfs.heartbeat.interval": 1,
    "dfs.namenode.heartbeat.recheck-interval": 2_000,
    "dfs.namenode.stale.datanode.interval": 4_000,
    "dfs.namenode.redundancy.interval.seconds": "1s",
    "dfs.namenode.safemode.extension": 0,
    "dfs.namenode.safemode.min.datanodes": layout.dataNodeCount,
    "dfs.blockreport.initialDelay": 0,
    // What is thrown away soon need not survive a power failure.
    "dfs.namenode.edits.noeditlogchannelflush": true,
    "dfs.namenode.resource.du.reserved": 0,
    "dfs.datanode.du.reserved": 0,
    // With two DataNodes there is none to take the place of a dead one in a write.
    "dfs.client.block.write.replace-datanode-on-failure.best-effort": true,
    "dfs.namenode.acls.enabled": true,
    ...(layout.distinctHosts
      ? { "dfs.client.use.datanode.hostname": true, "dfs.datanode.use.datanode.hostname": true }
      : {}),
    ...(layout.journal === undefined ? singleNameNode(layout) : twoNameNodes(layout, layout.journal)),
  };
}

function singleNameNode({ nameNodes: [only] }: ClusterLayout): Properties {
  return {
    "dfs.namenode.rpc-address": only?.rpc ?? "",
    "dfs.namenode.http-address": only?.http ?? "",
    "dfs.namenode.name.dir": only?.directory ?? "",
  };
}

function twoNameNodes({ nameNodes }: ClusterLayout, journal: string): Properties {
  const each = nameNodes.flatMap(({ id, rpc, http, directory }) => [
    [`dfs.namenode.rpc-address.${nameService}.${id}`, rpc] as const,
    [`dfs.namenode.http-address.${nameService}.${id}`, http] as const,
    [`dfs.namenode.name.dir.${nameService}.${id}`, directory] as const,
  ]);
  return {
    "dfs.nameservices": nameService,
    [`dfs.ha.namenodes.${nameService}`]: nameNodes.map(({ id }) => id).join(","),
    "dfs.namenode.shared.edits.dir": `qjournal://${journal}/${nameService}`,
    [`dfs.client.failover.proxy.provider.${nameService}`]:
      "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider",
    "dfs.ha.fencing.methods": "shell(/bin/true)",
    "dfs.ha.automatic-failover.enabled": false,
    "dfs.ha.tail-edits.period": "1s",
    ...Object.fromEntries(each),
  };
}
