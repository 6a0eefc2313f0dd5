// Hadoop's example jobs in one JVM with the local job runner: what Hadoop is without a cluster.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fetchJars, findTools, hadoopCacheDirectory, hadoopVersion } from "@millrace/local-hdfs";
import type { Peer, PeerRun, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";

/** Heap when no bound is asked for; as much as Spark gets. */
const heapBytes = 6 * 2 ** 30;

const programs: Readonly<Partial<Record<Task, (run: PeerRun) => readonly string[]>>> = {
  "word-count": ({ inputs, output }) => ["wordcount", ...inputs, output],
  terasort: ({ inputs, output }) => ["terasort", "-Dmapreduce.job.reduces=4", ...inputs, output],
  grep: ({ inputs, output, pattern }) => ["grep", ...inputs, output, pattern],
};

/** The peer. */
export const hadoop: Peer = {
  name: "hadoop",
  kind: "framework",
  find: async () => {
    const found = findTools(process.env);
    if (found.kind === "missing") return found;
    if (!existsSync(join(hadoopCacheDirectory(process.env), `${hadoopVersion}-jobs`)))
      return { kind: "missing", reason: "its jars are not there; `npm run bench -- install-peers` fetches them" };
    const { classPath } = await fetchJars(found.tools, { set: "jobs" });
    return {
      kind: "found",
      version: hadoopVersion,
      command: (task, run) => {
        const words = programs[task]?.(run);
        if (words === undefined) return undefined;
        const [program = "", ...rest] = words;
        const heap = Math.floor(((run.memoryBytes ?? heapBytes) * 0.75) / 2 ** 20);
        const java = [`-Xmx${heap}m`, "-cp", classPath.join(":"), "org.apache.hadoop.examples.ExampleDriver", program];
        return { file: found.tools.java, args: [...java, ...settingsOf(run), ...rest], env: variablesOf(run) };
      },
    };
  },
};

function settingsOf({ scratch, slots, splitBytes }: PeerRun): readonly string[] {
  const settings = {
    "hadoop.tmp.dir": scratch,
    "mapreduce.framework.name": "local",
    "mapreduce.local.map.tasks.maximum": slots,
    "mapreduce.local.reduce.tasks.maximum": slots,
    ...(splitBytes === undefined ? {} : { "mapreduce.input.fileinputformat.split.maxsize": splitBytes }),
  };
  return Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
}
