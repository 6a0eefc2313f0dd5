// `cluster up` and `demo` as people treat them: run twice, killed, interrupted.

import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { processRuns } from "./cluster.ts";
import type { Daemon } from "./cluster.ts";
import type { ScratchDirectory } from "./harness.ts";
import { millrace, scratchDirectory, startMillrace } from "./harness.ts";

let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
});
afterEach(() => {
  // Only a test that failed leaves some.
  for (const pid of processesIn(directory.path)) process.kill(Number(pid), "SIGKILL");
  directory.remove();
});

const at = (name: string): string => join(directory.path, name);
const daemons = (): readonly Daemon[] =>
  JSON.parse(readFileSync(at("cluster/processes.json"), "utf8")) as readonly Daemon[];
const up = async (...flags: readonly string[]) =>
  millrace(["cluster", "up", "--dir", at("cluster"), "--workers", "2", ...flags]);
const endpointOf = (): { address: string } =>
  JSON.parse(readFileSync(at("cluster/endpoint.json"), "utf8")) as { address: string };

/** Wait until a process is no more: the signal was sent, the kernel needs a moment. */
async function gone(pid: number): Promise<void> {
  while (processRuns(pid)) await new Promise((resolve) => setImmediate(resolve));
}

describe("cluster up", () => {
  it("starts what is missing, the coordinator on the ports it had, and leaves what runs", async () => {
    const seen: number[] = [];
    try {
      expect((await up()).exit).toBe(0);
      const before = daemons();
      const { address } = endpointOf();
      for (const name of ["coordinator", "worker-2"]) {
        const daemon = before.find((each) => each.name === name);
        process.kill(daemon?.pid ?? 0, "SIGKILL");
        await gone(daemon?.pid ?? 0);
      }
      expect((await millrace(["cluster", "status", "--dir", at("cluster")])).exit).toBe(1);
      const again = await up();
      expect(again.exit, again.stderr).toBe(0);
      expect(endpointOf().address).toBe(address);
      const pidOf = (list: readonly Daemon[], name: string): number | undefined =>
        list.find((each) => each.name === name)?.pid;
      expect(pidOf(daemons(), "worker-1")).toBe(pidOf(before, "worker-1"));
      expect(pidOf(daemons(), "worker-2")).not.toBe(pidOf(before, "worker-2"));
      seen.push(...[...before, ...daemons()].map((each) => each.pid));
      expect((await millrace(["cluster", "status", "--dir", at("cluster")])).exit).toBe(0);
    } finally {
      await millrace(["cluster", "down", "--dir", at("cluster")]);
    }
    for (const pid of seen) expect(processRuns(pid)).toBe(false);
  });

  it("takes another port when another process has the one that the coordinator had", async () => {
    await using other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    mkdirSync(at("cluster"));
    writeFileSync(at("cluster/ports.json"), JSON.stringify({ address: taken, httpAddress: taken }));
    try {
      const started = await up("--workers", "1");
      expect(started.exit, started.stderr).toBe(0);
      expect(started.stderr).toContain(`Coordinator on ${endpointOf().address}, `);
      expect(endpointOf().address).not.toBe(taken);
    } finally {
      await millrace(["cluster", "down", "--dir", at("cluster")]);
    }
  });

  it("starts what is missing of the cluster that MILLRACE_ENDPOINT_FILE names", async () => {
    const env = { XDG_STATE_HOME: at("state"), MILLRACE_ENDPOINT_FILE: at("cluster/endpoint.json") };
    try {
      expect((await up("--workers", "1")).exit).toBe(0);
      const worker = daemons().find(({ name }) => name === "worker-1");
      process.kill(worker?.pid ?? 0, "SIGKILL");
      await gone(worker?.pid ?? 0);
      const again = await millrace(["cluster", "up", "--workers", "1"], { env });
      expect(again.exit, again.stderr).toBe(0);
      expect(again.stderr).toContain(`1 worker(s) in ${at("cluster")}; 1 process(es) ran already`);
      expect((await millrace(["cluster", "status"], { env })).exit).toBe(0);
    } finally {
      await millrace(["cluster", "down", "--dir", at("cluster")]);
    }
    expect(existsSync(at("state/millrace/cluster"))).toBe(false);
  });

  it("takes millrace.yaml of the working directory, as a daemon in the foreground does", async () => {
    writeFileSync(at("millrace.yaml"), "rack: /near\n");
    const started = await millrace(["cluster", "up", "--dir", at("cluster"), "--workers", "1"], {
      cwd: directory.path,
    });
    try {
      expect(started.exit, started.stderr).toBe(0);
      const env = { MILLRACE_ENDPOINT_FILE: at("cluster/endpoint.json") };
      const listed = await millrace(["worker-list", "-o", "json"], { env });
      expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ rack: "/near" })]);
    } finally {
      await millrace(["cluster", "down", "--dir", at("cluster")]);
    }
  });

  it("is found by clients without a variable when it has no --dir", async () => {
    const env = { XDG_STATE_HOME: at("state"), MILLRACE_STATE_DIR: at("unused") };
    try {
      expect((await millrace(["cluster", "up", "--workers", "1"], { env })).exit).toBe(0);
      const listed = await millrace(["worker-list", "-o", "json"], { env });
      expect(JSON.parse(listed.stdout)).toHaveLength(1);
    } finally {
      await millrace(["cluster", "down", "--remove"], { env });
    }
    expect(existsSync(at("state/millrace/cluster"))).toBe(false);
  });
});

describe("cluster up, interrupted", () => {
  it.each(["SIGINT", "SIGHUP"] as const)("stops at %s what it has started, and ends with 130", async (signal) => {
    const starting = startMillrace(["cluster", "up", "--dir", at("cluster"), "--workers", "1"]);
    // The log of a daemon is there before its process is.
    await vi.waitFor(() => expect(existsSync(at("cluster/coordinator.log"))).toBe(true), {
      interval: 1,
      timeout: 60_000,
    });
    starting.process.kill(signal);
    expect(await starting.ended).toBe(130);
    expect(starting.stderr()).toBe(
      `error Cannot start the cluster: interrupted by ${signal}, and what it had started is stopped; start it again [E_CANCELLED]\n`,
    );
    expect(processesIn(directory.path)).toEqual([]);
  });
});

describe("demo", () => {
  it.each([300, 1_500])("interrupted after %i ms ends with 130 and leaves no process and no file", async (ms) => {
    const demo = startMillrace(["demo"], { env: { TMPDIR: directory.path, XDG_STATE_HOME: at("state") } });
    // The moment is what is tested: whatever the demo is doing then.
    await new Promise((resolve) => setTimeout(resolve, ms));
    demo.process.kill("SIGINT");
    expect(await demo.ended, demo.stderr()).toBe(130);
    expect(leftovers()).toEqual([]);
  });

  it("ends with 130 when its terminal is closed, and leaves no process and no file", async () => {
    const demo = startMillrace(["demo"], { env: { TMPDIR: directory.path, XDG_STATE_HOME: at("state") } });
    await vi.waitFor(() => expect(demo.stderr()).toContain("Starting a coordinator"), { timeout: 60_000 });
    demo.process.kill("SIGHUP");
    expect(await demo.ended, demo.stderr()).toBe(130);
    expect(leftovers()).toEqual([]);
  });

  it("leaves no process and no file when its reader has gone", async () => {
    const demo = startMillrace(["demo"], { env: { TMPDIR: directory.path, XDG_STATE_HOME: at("state") } });
    for (const stream of [demo.process.stdout, demo.process.stderr]) stream?.destroy();
    // It writes its first line before it starts anything, and more while the cluster is there.
    await vi.waitFor(() => expect(clusterLogs().length).toBeGreaterThan(1), { timeout: 60_000 });
    demo.process.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(leftovers()).toEqual([]);
  });

  const demoDirectories = (): readonly string[] =>
    readdirSync(directory.path).filter((name) => name.startsWith("millrace-demo-"));

  function clusterLogs(): readonly string[] {
    return demoDirectories().flatMap((name) => readdirSync(at(name)).filter((file) => file.endsWith(".log")));
  }

  const leftovers = (): readonly string[] => [...demoDirectories(), ...processesIn(directory.path)];
});

/** Give the processes that run with a directory in their command line. */
function processesIn(path: string): readonly string[] {
  return readdirSync("/proc").filter(
    (pid) => /^\d+$/.test(pid) && processRuns(Number(pid)) && commandLine(pid).includes(path),
  );
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
