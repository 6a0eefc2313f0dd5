// All storages that this version has, as a process of a cluster reaches them. HDFS is loaded with the first URI that
// needs it: a host boots without.

import type { Storage } from "@millrace/ports";
import { createLocalStorage } from "./local-storage.ts";
import { createStorages } from "./storage-registry.ts";

/** Variables that say how storages are reached, and nothing else; a daemon hands them to the processes that read for it. */
export const storageVariables = [
  "HADOOP_CONF_DIR",
  "HADOOP_HOME",
  "HADOOP_USER_NAME",
  "HADOOP_PROXY_USER",
  "KRB5CCNAME",
  "KRB5_CONFIG",
  "KRB5_CLIENT_KTNAME",
] as const;

/** Schemes of HDFS; hdfs/hdfs-uris.ts reads them. */
const hdfsSchemes = ["hdfs", "webhdfs", "swebhdfs"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Delegation tokens by the cluster's name in URIs: `hdfs://nameservice`. They may change. */
export type StorageTokens = ReadonlyMap<string, string>;

/**
 * Make the storages: local files, and HDFS by the configuration that the environment names.
 * @param tokens - used in place of this process's own credentials where a cluster has one
 */
export function createDefaultStorages(environment: Environment, tokens?: StorageTokens): Storage {
  return createStorages([createLocalStorage(), createLazyHdfs(environment, tokens)]);
}

/** Pick the {@link storageVariables} that are set. */
export function storageEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const picked = storageVariables.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  return Object.fromEntries(picked);
}

function createLazyHdfs(environment: Environment, tokens: StorageTokens | undefined): Storage {
  let loading: Promise<Storage> | undefined;
  const load = async (): Promise<Storage> => {
    loading ??= import("./hdfs/hdfs-storage.ts").then(({ createHdfsStorage }) =>
      createHdfsStorage({ environment, ...(tokens === undefined ? {} : { tokens }) }),
    );
    return loading;
  };
  return {
    schemes: hdfsSchemes,
    status: async (uri) => (await load()).status(uri),
    list: async (uri, options) => (await load()).list(uri, options),
    listBelow: async (uri, options) => (await load()).listBelow(uri, options),
    open: async (uri, options) => (await load()).open(uri, options),
    create: async (uri, options) => (await load()).create(uri, options),
    makeDirectory: async (uri, options) => (await load()).makeDirectory(uri, options),
    rename: async (from, to, options) => (await load()).rename(from, to, options),
    publish: async (staged, target) => (await load()).publish(staged, target),
    remove: async (uri) => (await load()).remove(uri),
    writeDenial: async (uri) => (await load()).writeDenial(uri),
    locate: async (uri, offset, bytes) => (await load()).locate(uri, offset, bytes),
    localPath: () => undefined,
  };
}
