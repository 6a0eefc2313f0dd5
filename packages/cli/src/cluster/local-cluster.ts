// Daemons of one cluster as processes of this machine: how `cluster up` and `demo` start, list and stop them.
// A directory holds all of it: state, work directories, logs, the endpoint file, and which processes there are.

import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MillraceError, errorTable, quote } from "@millrace/core";
import type { ErrorCode } from "@millrace/core";
import { makeDirectoryTreeSync } from "@millrace/ports";
import { readEndpointFile } from "@millrace/rpc/endpoint";
import type { ClusterPaths } from "./cluster-paths.ts";
import { freeAddress } from "./free-address.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { identifyProcess, isRunning, signalProcess } from "./process-identity.ts";
import { waitFor } from "./wait-for.ts";

/** One daemon of the cluster. */
export interface ClusterProcess extends ProcessIdentity {
  /** `coordinator`, `worker-1`, `worker-2`, … */
  readonly name: string;
  readonly logPath: string;
  /** Where its own part of the log begins: earlier lives wrote before. */
  readonly logFrom: number;
}

/** As {@link ClusterProcess.name}; workers have a number. */
const coordinatorName = "coordinator";

/** What every daemon of a cluster is started with. */
export interface DaemonSurroundings {
  readonly paths: ClusterPaths;
  /** What {@link daemonEnvironment} gave. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Time for a daemon to end by itself before it is killed: running attempts are stopped, logs flushed. */
const stopTimeoutMs = 10_000;
const startTimeoutMs = 20_000;
const binPath = fileURLToPath(import.meta.resolve("@millrace/cli/bin"));

/** Read which processes a cluster was started with; empty when there is no cluster. */
export function readProcesses(paths: ClusterPaths): readonly ClusterProcess[] {
  if (!existsSync(paths.processFile)) return [];
  return JSON.parse(readFileSync(paths.processFile, "utf8")) as readonly ClusterProcess[];
}

/** Start a coordinator, on the ports that it had before when they are free, and wait for its endpoint file. */
export async function startCoordinatorProcess(
  surroundings: DaemonSurroundings,
  signal?: AbortSignal,
): Promise<ClusterProcess> {
  const { paths } = surroundings;
  makeDirectoryTreeSync(paths.directory, 0o700);
  rmSync(paths.endpointFile, { force: true });
  const had = readPorts(paths);
  const [address, httpAddress] = [await freeAddress(had.address), await freeAddress(had.httpAddress)];
  const started = startDaemon(surroundings, coordinatorName, [
    "coordinator",
    "--listen",
    address,
    "--http",
    httpAddress,
    "--state-dir",
    join(paths.directory, "coordinator"),
    "--endpoint-file",
    paths.endpointFile,
  ]);
  try {
    await waitFor(() => failIfDead(started) ?? (existsSync(paths.endpointFile) ? true : undefined), {
      what: "the coordinator to listen",
      timeoutMs: startTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    await stopProcesses([started]);
    throw thrown;
  }
  const endpoint = readEndpointFile(paths.endpointFile);
  const ports: CoordinatorPorts = { address: endpoint.address, httpAddress: endpoint.httpAddress };
  writeFileSync(paths.portsFile, `${JSON.stringify(ports)}\n`, { mode: 0o600 });
  return started;
}

interface CoordinatorPorts {
  readonly address: string;
  readonly httpAddress: string;
}

function readPorts(paths: ClusterPaths): CoordinatorPorts {
  if (!existsSync(paths.portsFile)) return { address: "127.0.0.1:0", httpAddress: "127.0.0.1:0" };
  return JSON.parse(readFileSync(paths.portsFile, "utf8")) as CoordinatorPorts;
}

/** Start one worker; it registers by itself. @param index from 1. */
export function startWorkerProcess(surroundings: DaemonSurroundings, index: number, slots: number): ClusterProcess {
  const { paths } = surroundings;
  const name = `worker-${index}`;
  const args = ["worker", "--slots", String(slots), "--work-dir", join(paths.directory, name), "--host-name", name];
  return startDaemon(surroundings, name, [...args, "--endpoint-file", paths.endpointFile]);
}

/** Fail with what a daemon that is no more said last: its own error and code, when it gave one. */
export function failIfDead(daemon: ClusterProcess): undefined {
  if (isRunning(daemon)) return undefined;
  const lines = readFileSync(daemon.logPath).subarray(daemon.logFrom).toString("utf8").trim().split("\n");
  const said = lines.findLast((line) => line.startsWith("error ")) ?? lines.at(-1) ?? "";
  // It could not even log why.
  if (said === "" && statfsSync(dirname(daemon.logPath)).bavail === 0)
    throw new MillraceError(
      "E_NO_SPACE",
      `Cannot start ${daemon.name}: the disk of ${quote(daemon.logPath)} is full; free space on it`,
    );
  const code = /\[(E_[A-Z_]+)\]$/.exec(said)?.[1];
  throw new MillraceError(
    code !== undefined && Object.hasOwn(errorTable, code) ? (code as ErrorCode) : "E_UNREACHABLE",
    `Cannot start ${daemon.name}: it ended by itself and said ${quote(said, 600)}; see ${quote(daemon.logPath)}`,
  );
}

/**
 * Stop processes: ask first, kill at the deadline. The coordinator comes last, so that workers can still tell it that they
 * go. @returns how many had to be killed.
 */
export async function stopProcesses(processes: readonly ClusterProcess[]): Promise<number> {
  const workers = processes.filter(({ name }) => name !== coordinatorName);
  const coordinators = processes.filter(({ name }) => name === coordinatorName);
  return (await stopTogether(workers)) + (await stopTogether(coordinators));
}

async function stopTogether(processes: readonly ClusterProcess[]): Promise<number> {
  const asked = processes.filter((daemon) => signalProcess(daemon, "SIGTERM"));
  const deadline = performance.now() + stopTimeoutMs;
  let killed = 0;
  for (const daemon of asked) {
    try {
      await waitFor(() => (isRunning(daemon) ? undefined : true), {
        what: `${daemon.name} to end`,
        timeoutMs: Math.max(0, deadline - performance.now()),
      });
    } catch {
      killed += signalProcess(daemon, "SIGKILL") ? 1 : 0;
    }
  }
  return killed;
}

/** Write which processes there are, whole or not at all. */
export function writeProcesses(paths: ClusterPaths, processes: readonly ClusterProcess[]): void {
  const temporary = `${paths.processFile}.new`;
  writeFileSync(temporary, `${JSON.stringify(processes, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, paths.processFile);
}

function startDaemon(
  { paths, environment }: DaemonSurroundings,
  name: string,
  args: readonly string[],
): ClusterProcess {
  const logPath = join(paths.directory, `${name}.log`);
  const log = openSync(logPath, "a", 0o600);
  const logFrom = fstatSync(log).size;
  try {
    const child = spawn(process.execPath, [binPath, ...args], {
      // Where the command was called may be gone while daemons go on, and no process starts where there is no directory.
      cwd: paths.directory,
      env: environment,
      detached: true,
      stdio: ["ignore", log, log],
    });
    // A process that was not made has no id, which is told below; the system's error, a turn later, would end this one.
    child.on("error", () => undefined);
    child.unref();
    const pid = child.pid;
    const identity = pid === undefined ? undefined : identifyProcess(pid);
    if (identity === undefined) {
      throw new MillraceError(
        "E_UNREACHABLE",
        `Cannot start ${name}: the process did not start; see ${quote(logPath)}`,
      );
    }
    return { ...identity, name, logPath, logFrom };
  } finally {
    closeSync(log);
  }
}
