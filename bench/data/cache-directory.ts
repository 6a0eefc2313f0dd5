// Where the bench keeps what is made once: data, peers, other revisions. In the user's cache, beside Hadoop's jars.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { hadoopCacheDirectory } from "@millrace/local-hdfs";

/** Give a folder below `$XDG_CACHE_HOME/millrace/bench` or `~/.cache/millrace/bench`, made when it is not there. */
export function benchCache(...names: readonly string[]): string {
  const path = join(dirname(hadoopCacheDirectory(process.env)), "bench", ...names);
  mkdirSync(path, { recursive: true });
  return path;
}
