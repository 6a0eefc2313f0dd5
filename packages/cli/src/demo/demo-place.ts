// Where the demo's inputs and outputs lie: beside the cluster on this machine, or on an HDFS that the demo starts, of
// which it kills a DataNode. What the demo shows of an output is read from a copy here.

import { join } from "node:path";
import { MillraceError } from "@millrace/core";
import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { createDefaultStorages, createLocalStorage, uriOfPath } from "@millrace/storage";
import type { FileStatus, Storage } from "@millrace/ports";
import { copyTree } from "../fs/copy-files.ts";
import { formatDuration } from "../output/units.ts";
import type { Terminal } from "../output/terminal.ts";

/** A place for files of the demo. Names are of inputs and outputs, such as `text`. */
export interface DemoPlace {
  readonly storage: Storage;
  /** What a job is given as input or output. */
  nameOf(name: string): string;
  uriOf(name: string): string;
  /** Bring an input there that was generated here. */
  bring(name: string): Promise<void>;
  /** Give a directory here with what an output has. */
  look(name: string): Promise<string>;
  /** Kill a server of the storage. @returns what was done, undefined where there is none. */
  hurt(): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** The place beside the cluster. */
export function localPlace(directory: string): DemoPlace {
  return {
    storage: createLocalStorage(),
    nameOf: (name) => join(directory, name),
    uriOf: (name) => uriOfPath(join(directory, name)),
    bring: async () => undefined,
    look: async (name) => join(directory, name),
    hurt: async () => undefined,
    stop: async () => undefined,
  };
}

/** Several blocks in each file of the demo. */
const blockBytes = 8 * 2 ** 20;

/**
 * Start HDFS, a NameNode and two DataNodes, and name it in this process's environment for the daemons that come.
 * @throws {MillraceError} E_CONFIGURATION when Java or Maven is missing, E_STORAGE when it does not start.
 */
export async function hdfsPlace(directory: string, terminal: Terminal, signal: AbortSignal): Promise<DemoPlace> {
  const found = findTools(process.env);
  if (found.kind === "missing") throw new MillraceError("E_CONFIGURATION", `Cannot start HDFS: ${found.reason}`);
  const jars = await fetchJars(found.tools, {
    onDownload: () => terminal.note("Fetching Hadoop's jars by Maven, about 65 MB, once"),
  });
  signal.throwIfAborted();
  terminal.note(terminal.style("bold", `Starting HDFS ${jars.version}: a NameNode and two DataNodes`));
  const begun = performance.now();
  const hdfs = await startHdfs({ tools: found.tools, jars, directory: join(directory, "hdfs"), blockBytes, signal });
  terminal.note(
    `HDFS is up after ${formatDuration(performance.now() - begun)}: ${hdfs.uri}, ${hdfs.webHdfs.join(", ")}`,
  );
  const variables = hadoopVariables(hdfs);
  Object.assign(process.env, variables);
  return placeOn(hdfs, directory, createDefaultStorages(variables));
}

/** What names an HDFS to daemons: all of them work as its superuser, whoever the environment says one is elsewhere. */
export function hadoopVariables(hdfs: Pick<LocalHdfs, "confDir" | "user">): Readonly<Record<string, string>> {
  return { HADOOP_CONF_DIR: hdfs.confDir, HADOOP_USER_NAME: hdfs.user };
}

function placeOn(hdfs: LocalHdfs, directory: string, storage: Storage): DemoPlace {
  const uriOf = (name: string): string => `hdfs:///demo/${name}`;
  const statusOf = async (uri: string): Promise<FileStatus> => {
    const status = await storage.status(uri);
    if (status === undefined)
      throw new MillraceError("E_STORAGE", `Cannot find "${uri}": it is gone; run the demo again`);
    return status;
  };
  return {
    storage,
    nameOf: uriOf,
    uriOf,
    bring: async (name) => {
      const from = await statusOf(uriOfPath(join(directory, name)));
      await copyTree(storage, { from, to: uriOf(name) }, { overwrite: false });
    },
    look: async (name) => {
      const copy = join(directory, "copies", name);
      await copyTree(storage, { from: await statusOf(uriOf(name)), to: uriOfPath(copy) }, { overwrite: false });
      return copy;
    },
    hurt: async () => {
      const [node] = hdfs.dataNodes;
      if (node === undefined) return undefined;
      const pid = node.pid();
      await node.kill();
      return `Killed ${node.name} of HDFS (process ${pid}, SIGKILL): every block has another replica`;
    },
    stop: async () => hdfs.stop(),
  };
}
