import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { clusterPaths } from "../../src/cluster/cluster-paths.ts";
import { failIfDead, startWorkerProcess } from "../../src/cluster/local-cluster.ts";
import type { ClusterProcess } from "../../src/cluster/local-cluster.ts";

const { statfsSync } = vi.hoisted(() => ({ statfsSync: vi.fn(() => ({ bavail: 1 })) }));
vi.mock("node:fs", async (original) => ({ ...(await original<object>()), statfsSync }));
const { spawn } = vi.hoisted(() => ({ spawn: vi.fn() }));
vi.mock("node:child_process", async (original) => ({ ...(await original<object>()), spawn }));

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "millrace-daemon-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

function deadDaemon(log: string): ClusterProcess {
  const logPath = join(temporaryDirectory(), "worker-1.log");
  writeFileSync(logPath, log);
  return { name: "worker-1", pid: 2 ** 22 + 1, startTicks: 0, logPath, logFrom: 0 };
}

it("failIfDead() repeats what the daemon said last, with its code", () => {
  expect(() => failIfDead(deadDaemon("up\nerror Cannot listen [E_CONFIGURATION]\n"))).toThrow(
    expect.objectContaining({ code: "E_CONFIGURATION", message: expect.stringContaining("Cannot listen") }),
  );
});

it("failIfDead() says that the disk is full when the daemon could not log why it ended", () => {
  const daemon = deadDaemon("");
  statfsSync.mockReturnValueOnce({ bavail: 0 });
  expect(() => failIfDead(daemon)).toThrow(
    expect.objectContaining({ code: "E_NO_SPACE", message: expect.stringMatching(/worker-1.*is full; free space/) }),
  );
  expect(() => failIfDead(daemon)).toThrow(expect.objectContaining({ code: "E_UNREACHABLE" }));
});

it("startWorkerProcess() refuses once when the system makes no process, and not later by an error of its own", () => {
  const child = Object.assign(new EventEmitter(), { pid: undefined, unref: () => undefined });
  spawn.mockReturnValueOnce(child);
  const surroundings = { paths: clusterPaths(temporaryDirectory()), environment: process.env };
  expect(() => startWorkerProcess(surroundings, 1, 1)).toThrow(expect.objectContaining({ code: "E_UNREACHABLE" }));
  expect(() => child.emit("error", new Error("spawn node EAGAIN"))).not.toThrow();
});
