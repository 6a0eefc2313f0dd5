// The clusters that one process talks to: a client for each name service or address, made when its first URI comes.

import { createWebHdfsClient } from "hdfs-webhdfs-client";
import type { WebHdfsClient, WebHdfsClientOptions } from "hdfs-webhdfs-client";
import { clientSettings, fileSettings } from "./cluster-settings.ts";
import type { FileSettings } from "./cluster-settings.ts";
import { findConfiguration } from "./find-configuration.ts";
import type { HadoopEnvironment } from "./find-configuration.ts";
import type { HadoopConfiguration } from "./hadoop-configuration.ts";
import type { HdfsName } from "./hdfs-uris.ts";
import { nameNodeAddresses } from "./name-node-addresses.ts";

/** One cluster. */
export interface HdfsCluster {
  readonly client: WebHdfsClient;
  /** Addresses and how they were found, for messages. */
  readonly origin: string;
  readonly files: FileSettings;
  /** Whether it is asked by Kerberos. */
  readonly guarded: boolean;
}

/** Find clusters by the URIs that name them. */
export interface HdfsClusters {
  /** @throws {MillraceError} E_CONFIGURATION when the configuration or the authority is of no use. */
  find(name: HdfsName): HdfsCluster;
}

/** What clusters are made of. */
export interface HdfsClusterOptions {
  /** Says where Hadoop's configuration is and who the user is. */
  readonly environment: HadoopEnvironment;
  /** Options of all clients, above those of the configuration; for tests. */
  readonly client?: Omit<WebHdfsClientOptions, "nameNodes">;
  /** Delegation tokens by cluster, in place of other credentials; each is looked up when it is first used or refused. */
  readonly tokens?: ReadonlyMap<string, string>;
  /** Instead of the configuration that the environment names. */
  readonly configuration?: HadoopConfiguration;
}

/** Make the table. Nothing is read before the first URI comes, and the configuration once. */
export function createHdfsClusters(options: HdfsClusterOptions): HdfsClusters {
  const { environment, tokens } = options;
  const clusters = new Map<string, HdfsCluster>();
  let configuration = options.configuration;
  return {
    find: ({ cluster, scheme, authority }) => {
      const known = clusters.get(cluster);
      if (known !== undefined) return known;
      configuration ??= findConfiguration(environment);
      const { nameNodes, origin, guessed } = nameNodeAddresses(scheme, authority, configuration);
      const settings = clientSettings(configuration, environment);
      const client = createWebHdfsClient({
        ...settings,
        // Each port once: the wrong one of two will not begin to answer.
        ...(guessed === true ? { retry: { ...settings.retry, unknownServerTryCountMax: 1 } } : {}),
        ...(tokens?.has(cluster) === true
          ? { auth: { kind: "token", token: async () => tokens.get(cluster) ?? "" } as const }
          : {}),
        ...options.client,
        nameNodes,
      });
      const made = {
        client,
        origin: `${nameNodes.join(", ")}, ${origin}`,
        files: fileSettings(configuration),
        guarded: settings.auth?.kind === "kerberos",
      };
      clusters.set(cluster, made);
      return made;
    },
  };
}
