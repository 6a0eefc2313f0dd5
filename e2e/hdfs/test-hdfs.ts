// HDFS for tests: small blocks, so that a file of a few MiB has many; two DataNodes, each with all of them.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";
import type { LocalHdfs, LocalHdfsOptions } from "@millrace/local-hdfs";

/** Bytes of a block in test clusters. */
export const testBlockBytes = 512 * 1024;

/** Start HDFS; the caller stops it. scripts/test-hdfs.mjs has looked for Java and Maven before. */
export async function startTestHdfs(options: Partial<LocalHdfsOptions> = {}): Promise<LocalHdfs> {
  const found = findTools(process.env);
  if (found.kind === "missing") throw new Error(found.reason);
  return startHdfs({
    tools: found.tools,
    jars: await fetchJars(found.tools),
    directory: mkdtempSync(join(tmpdir(), "millrace-hdfs-")),
    blockBytes: testBlockBytes,
    // So that a listing of a dozen names has two pages.
    properties: { "dfs.ls.limit": 10 },
    ...options,
  });
}
