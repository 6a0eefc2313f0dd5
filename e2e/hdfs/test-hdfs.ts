// HDFS for tests: small blocks, so that a file of a few MiB has many; two DataNodes, each with all of them.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";
import type { HadoopJars, JarSet, LocalHdfs, LocalHdfsOptions, Tools } from "@millrace/local-hdfs";

/** Bytes of a block in test clusters. */
export const testBlockBytes = 512 * 1024;

/** Superuser, whoever runs the tests: the contract of the client names it. */
const testUser = "root";

// Servers end with the process that started them. A worker of a test runner that was killed would live on, so it ends too.
process.once("disconnect", () => process.exit(1));

function testTools(): Tools {
  const found = findTools(process.env);
  if (found.kind === "missing") throw new Error(found.reason);
  return found.tools;
}

/** Jars of the release that is tested: HDFS_TESTS_VERSION, or what local HDFS runs. */
export async function testJars(set: JarSet): Promise<HadoopJars> {
  const version = process.env["HDFS_TESTS_VERSION"];
  return fetchJars(testTools(), { set, ...(version === undefined ? {} : { version }) });
}

/**
 * Start HDFS and name it in this process's environment, for it and its children. The caller stops it.
 * scripts/test-hdfs.mjs has looked for Java and Maven before.
 */
export async function startTestHdfs(options: Partial<LocalHdfsOptions> = {}): Promise<LocalHdfs> {
  const hdfs = await startHdfs({
    tools: testTools(),
    jars: options.jars ?? (await testJars("hdfs")),
    directory: mkdtempSync(join(tmpdir(), "millrace-hdfs-")),
    blockBytes: testBlockBytes,
    // So that a listing of a dozen names has two pages.
    properties: { "dfs.ls.limit": 10 },
    user: testUser,
    ...options,
  });
  process.env["HADOOP_CONF_DIR"] = hdfs.confDir;
  process.env["HADOOP_USER_NAME"] = hdfs.user;
  return hdfs;
}
