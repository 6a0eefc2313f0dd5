// HDFS that Kerberos guards, with a realm of its own, for tests: what it takes, or a sentence on what is missing.

import { createRequire } from "node:module";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKdc, startKdc } from "@millrace/local-hdfs";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { startTestHdfs } from "./test-hdfs.ts";

/** A running cluster and its realm. */
export interface GuardedHdfs extends LocalHdfs {
  /** Variables by which a process acts as alice, who owns `/user/alice` and nothing else. */
  readonly asAlice: Readonly<Record<string, string>>;
}

/** @returns why there can be no test, or undefined when there can. */
export function missingForKerberos(): string | undefined {
  const kdc = findKdc(process.env);
  if (kdc.kind === "missing") return kdc.reason;
  try {
    createRequire(import.meta.url)("kerberos");
    return undefined;
  } catch {
    return "the package kerberos is not there; npm install --no-save kerberos (with libkrb5-dev), or name its folder by NODE_PATH";
  }
}

/** Start KDC, NameNode and DataNode. The environment of this process is as it was when the caller has stopped it. */
export async function startGuardedHdfs(
  properties: Readonly<Record<string, string | number>> = {},
): Promise<GuardedHdfs> {
  const found = findKdc(process.env);
  if (found.kind === "missing") throw new Error(found.reason);
  const before = { ...process.env };
  const restore = (): void => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
  const principal = "hdfs/127.0.0.1";
  const directory = mkdtempSync(join(tmpdir(), "millrace-kdc-"));
  const kdc = await startKdc({
    tools: found.tools,
    directory,
    keytabs: { servers: [principal, "HTTP/127.0.0.1"], alice: ["alice"] },
  });
  const keytab = kdc.keytab("servers");
  // For servers and programs of Hadoop alike.
  Object.assign(process.env, {
    JAVA_TOOL_OPTIONS: `-Djava.security.krb5.conf=${kdc.configuration}`,
    KRB5PRINCIPAL: `${principal}@${kdc.realm}`,
    KRB5KEYTAB: keytab,
  });
  let hdfs: LocalHdfs | undefined;
  try {
    hdfs = await startTestHdfs({
      dataNodes: 1,
      user: "hdfs",
      guard: { realm: kdc.realm, keytab, principal },
      properties,
    });
    await hdfs.run("org.apache.hadoop.fs.FsShell", ["-mkdir", "-p", "/user/alice"]);
    await hdfs.run("org.apache.hadoop.fs.FsShell", ["-chown", "alice", "/user/alice"]);
    restore();
    const started = hdfs;
    return {
      ...started,
      asAlice: {
        HADOOP_CONF_DIR: started.confDir,
        KRB5_CONFIG: kdc.configuration,
        KRB5_CLIENT_KTNAME: `FILE:${kdc.keytab("alice")}`,
        KRB5CCNAME: `FILE:${join(directory, "alice.cache")}`,
      },
      stop: async () => {
        await started.stop();
        await kdc.stop();
      },
    };
  } catch (thrown) {
    restore();
    await hdfs?.stop();
    await kdc.stop();
    throw thrown;
  }
}
