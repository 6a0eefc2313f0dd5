import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clientSettings, fileSettings } from "../../src/hdfs/cluster-settings.ts";
import type { HadoopConfiguration } from "../../src/hdfs/hadoop-configuration.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

function configured(properties: Readonly<Record<string, string>>): HadoopConfiguration {
  return { directory: "/conf", names: Object.keys(properties).sort(), get: (name) => properties[name] };
}

describe("clientSettings()", () => {
  it("says only what the configuration says, and who the user is", () => {
    const settings = clientSettings(configured({}), { HADOOP_USER_NAME: "alice" });
    expect(settings).toEqual({ auth: { kind: "simple", user: "alice" }, retry: {} });
  });

  it("reads umask, time-outs, retries, host map, local reads and a CA", () => {
    const ca = join(temporaryDirectory(), "ca.pem");
    writeFileSync(ca, "a certificate");
    const settings = clientSettings(
      configured({
        "fs.permissions.umask-mode": "027",
        "dfs.webhdfs.socket.connect-timeout": "5s",
        "dfs.webhdfs.socket.read-timeout": "90000",
        "dfs.http.client.failover.max.attempts": "3",
        "dfs.http.client.retry.max.attempts": "4",
        "dfs.http.client.failover.sleep.base.millis": "50",
        "dfs.http.client.failover.sleep.max.millis": "500",
        "millrace.hdfs.host-map": "dn1:9864=10.0.0.1:19864, dn2=10.0.0.2",
        "millrace.hdfs.local-reads": "true",
        "millrace.hdfs.tls-ca-file": ca,
      }),
      { HADOOP_USER_NAME: "alice", HADOOP_PROXY_USER: "bob" },
    );
    expect(settings).toEqual({
      auth: { kind: "simple", user: "alice", doAs: "bob" },
      umask: 0o027,
      hostMap: { "dn1:9864": "10.0.0.1:19864", dn2: "10.0.0.2" },
      connectTimeoutMs: 5_000,
      idleTimeoutMs: 90_000,
      retry: { failoverCountMax: 3, retryCountMax: 4, delayMs: 50, delayMsMax: 500 },
      localReads: true,
      tls: { ca: "a certificate" },
    });
  });

  it("uses Kerberos where the cluster does", () => {
    const properties = configured({ "hadoop.security.authentication": "kerberos" });
    expect(clientSettings(properties, {}).auth).toEqual({ kind: "kerberos" });
  });

  it.each([
    ["u=rwx,g=rx,o=", 0o027],
    ["a=rwx", 0o000],
    ["u=rw,go=r", 0o133],
    ["0022", 0o022],
  ])("takes the umask %s", (text, umask) => {
    expect(clientSettings(configured({ "fs.permissions.umask-mode": text }), {}).umask).toBe(umask);
  });

  it.each([
    ["fs.permissions.umask-mode", "u+x"],
    ["dfs.webhdfs.socket.read-timeout", "soon"],
    ["dfs.http.client.retry.max.attempts", "-1"],
    ["millrace.hdfs.host-map", "dn1"],
    ["millrace.hdfs.local-reads", "yes"],
    ["millrace.hdfs.tls-ca-file", "/none/ca.pem"],
  ])("refuses %s of %s", (name, value) => {
    expect(() => clientSettings(configured({ [name]: value }), {})).toThrow(
      expect.objectContaining({ code: "E_CONFIGURATION" }) as Error,
    );
  });
});

describe("fileSettings()", () => {
  it.each([
    ["134217728", 134_217_728],
    ["128m", 134_217_728],
    ["1G", 1_073_741_824],
    ["512", 512],
  ])("takes a block size of %s", (text, blockBytes) => {
    expect(fileSettings(configured({ "dfs.blocksize": text, "dfs.replication": "2" }))).toEqual({
      blockBytes,
      replication: 2,
    });
  });

  it.each([
    ["dfs.blocksize", "1000"],
    ["dfs.blocksize", "0"],
    ["dfs.blocksize", "12x"],
    ["dfs.replication", "0"],
    ["dfs.replication", "two"],
  ])("refuses %s of %s", (name, value) => {
    expect(() => fileSettings(configured({ [name]: value }))).toThrow(
      expect.objectContaining({ code: "E_CONFIGURATION" }) as Error,
    );
  });
});
