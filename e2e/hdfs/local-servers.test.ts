// Hadoop's servers as tests start them: they leave nothing on the machine, whether they are stopped or their starter dies.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { processRuns } from "../cluster.ts";
import { scratchDirectory } from "../harness.ts";
import { startTestHdfs, testJars } from "./test-hdfs.ts";

const starter = fileURLToPath(new URL("start-and-wait.ts", import.meta.url));

/** Names below the system's temporary directory: of Jetty for a port, of the JVM for a process. */
function leftovers(ports: readonly string[], pids: readonly number[]): readonly string[] {
  return readdirSync(tmpdir()).flatMap((name) => {
    if (name.startsWith("jetty-")) return ports.some((port) => name.includes(`-${port}-`)) ? [name] : [];
    if (!name.startsWith("hsperfdata_")) return [];
    return readdirSync(join(tmpdir(), name)).filter((file) => pids.includes(Number(file)));
  });
}

it("startHdfs() keeps what servers unpack in the cluster's directory, and stop() removes it", async () => {
  const hdfs = await startTestHdfs({ httpFs: true, jars: await testJars("httpfs") });
  const servers = [...hdfs.nameNodes, ...hdfs.dataNodes];
  const pids = servers.map((server) => server.pid());
  const ports = servers.map(({ httpAddress }) => httpAddress.split(":").at(-1) ?? "");
  try {
    await hdfs.run("org.apache.hadoop.fs.FsShell", ["-ls", "/"]);
    const unpacked = readdirSync(join(hdfs.directory, "jvm-temp")).filter((name) => name.startsWith("jetty-"));
    expect(unpacked.length).toBe(servers.length);
    expect(leftovers(ports, pids)).toEqual([]);
  } finally {
    await hdfs.stop();
  }
  expect(existsSync(hdfs.directory)).toBe(false);
  expect(leftovers(ports, pids)).toEqual([]);
  expect(pids.filter(processRuns)).toEqual([]);
});

it.runIf(process.platform === "linux")("startHdfs() gives servers that end with who started them", async () => {
  const scratch = scratchDirectory();
  const child = spawn(process.execPath, [starter, join(scratch.path, "hdfs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const pids = JSON.parse(line) as readonly number[];
    expect(pids.filter(processRuns)).toHaveLength(2);
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(pids.filter(processRuns)).toEqual([]), { timeout: 20_000, interval: 50 });
  } finally {
    child.kill("SIGKILL");
    scratch.remove();
  }
});
