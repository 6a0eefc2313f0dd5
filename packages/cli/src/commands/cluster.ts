// `millrace cluster up|down|status`: a coordinator and workers as background processes of this machine.

import { existsSync, rmSync } from "node:fs";
import { MillraceError } from "@millrace/core";
import { openClient } from "../client/open-client.ts";
import { endpointPath, pageAddress, readEndpoint } from "../client/endpoint.ts";
import { findCluster, requireCluster } from "../cluster/cluster-paths.ts";
import type { ClusterPaths } from "../cluster/cluster-paths.ts";
import { daemonEnvironment } from "../cluster/daemon-environment.ts";
import type { ClusterProcess } from "../cluster/local-cluster.ts";
import {
  failIfDead,
  readProcesses,
  startCoordinatorProcess,
  startWorkerProcess,
  stopProcesses,
  writeProcesses,
} from "../cluster/local-cluster.ts";
import { isRunning } from "../cluster/process-identity.ts";
import { waitFor } from "../cluster/wait-for.ts";
import { describePlaceError } from "../output/place-error.ts";
import { formatTable } from "../output/table.ts";
import { parseWhole } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";
import { untilInterrupted } from "./until-interrupted.ts";

type Flags = Readonly<Record<string, unknown>>;

const registerTimeoutMs = 20_000;

/** Start a cluster. */
export async function clusterUpCommand(_positional: readonly unknown[], flags: Flags): Promise<number> {
  const directory = flags["dir"] as string | undefined;
  const paths = findCluster(directory, process.env);
  const workers = parseWhole(String(flags["workers"]), "--workers", { min: 1, max: 256 });
  const slots = parseWhole(String(flags["slots"]), "--slots", { min: 1, max: 256 });
  const running = readProcesses(paths).filter(isRunning);
  using interruption = untilInterrupted(describeInterruption);
  const begin = { running, signal: interruption.signal };
  const processes = await startCluster(paths, { workers, slots }, begin).catch((thrown: unknown) => {
    const elsewhere = directory === undefined ? "choose by --dir or XDG_STATE_HOME" : "choose by --dir";
    const use = { act: "start a cluster in", path: paths.directory, elsewhere: `${elsewhere} a directory` };
    throw describePlaceError({ ...use, code: "E_CONFIGURATION" }, thrown);
  });
  const terminal = terminalOf(flags);
  const endpoint = readEndpoint(paths.endpointFile);
  const kept = running.length === 0 ? "" : `; ${running.length} process(es) ran already and were left as they are`;
  terminal.note(`Coordinator on ${endpoint.address}, ${processes.length - 1} worker(s) in ${paths.directory}${kept}`);
  terminal.note(`Page: ${pageAddress(endpoint)}`);
  if (endpointPath(process.env) !== paths.endpointFile)
    terminal.note(`Clients find it with MILLRACE_ENDPOINT_FILE=${paths.endpointFile}`);
  if (flags["output"] === "json")
    terminal.data(`${JSON.stringify({ directory: paths.directory, endpointFile: paths.endpointFile, processes })}\n`);
  return 0;
}

function describeInterruption(signal: NodeJS.Signals): Error {
  return new MillraceError(
    "E_CANCELLED",
    `Cannot start the cluster: interrupted by ${signal}, and what it had started is stopped; start it again`,
  );
}

/** What `startCluster` begins with. */
export interface ClusterStart {
  /** Processes of the cluster that run already; what is missing is started beside them. */
  readonly running?: readonly ClusterProcess[];
  readonly signal?: AbortSignal;
}

/** Start what is missing and wait until all workers have registered; stop what was started when one fails. */
export async function startCluster(
  paths: ClusterPaths,
  size: { readonly workers: number; readonly slots: number },
  { running = [], signal }: ClusterStart = {},
): Promise<readonly ClusterProcess[]> {
  const byName = new Map(running.map((daemon) => [daemon.name, daemon]));
  const started: ClusterProcess[] = [];
  const start = (daemon: ClusterProcess): void => {
    byName.set(daemon.name, daemon);
    started.push(daemon);
  };
  try {
    const surroundings = { paths, environment: await daemonEnvironment(process.env) };
    if (!byName.has("coordinator")) start(await startCoordinatorProcess(surroundings, signal));
    for (let index = 1; index <= size.workers; index += 1) {
      if (!byName.has(`worker-${index}`)) start(startWorkerProcess(surroundings, index, size.slots));
    }
    const processes = [...byName.values()];
    writeProcesses(paths, processes);
    await allRegistered(paths, processes, signal);
    return processes;
  } catch (thrown) {
    await stopProcesses(started);
    throw thrown;
  }
}

async function allRegistered(
  paths: ClusterPaths,
  processes: readonly ClusterProcess[],
  signal?: AbortSignal,
): Promise<void> {
  const client = await openClient(readEndpoint(paths.endpointFile));
  try {
    await waitFor(
      async () => {
        for (const each of processes) failIfDead(each);
        const alive = (await client.workers()).filter((worker) => worker.state === "alive");
        return alive.length >= processes.length - 1 ? true : undefined;
      },
      {
        what: `${processes.length - 1} worker(s) to register`,
        timeoutMs: registerTimeoutMs,
        ...(signal === undefined ? {} : { signal }),
      },
    );
  } finally {
    await client.close();
  }
}

/** Stop a cluster. */
export async function clusterDownCommand(_positional: readonly unknown[], flags: Flags): Promise<number> {
  const paths = requireCluster(flags["dir"] as string | undefined, process.env);
  const processes = readProcesses(paths);
  const running = processes.filter(isRunning);
  const killed = await stopProcesses(running);
  rmSync(paths.processFile, { force: true });
  rmSync(paths.endpointFile, { force: true });
  const terminal = terminalOf(flags);
  terminal.note(
    processes.length === 0
      ? `No process of the cluster in ${paths.directory} runs`
      : `Stopped ${running.length} process(es) of the cluster in ${paths.directory}${killed > 0 ? `, ${killed} of them by force` : ""}`,
  );
  if (flags["remove"] === true && existsSync(paths.directory)) rmSync(paths.directory, { recursive: true });
  return 0;
}

/** Show which processes run. Exit code 1 when one that should does not. */
export async function clusterStatusCommand(_positional: readonly unknown[], flags: Flags): Promise<number> {
  const paths = requireCluster(flags["dir"] as string | undefined, process.env);
  const rows = readProcesses(paths).map((daemon) => ({
    name: daemon.name,
    pid: daemon.pid,
    running: isRunning(daemon),
    log: daemon.logPath,
  }));
  const terminal = terminalOf(flags);
  if (rows.length === 0)
    terminal.note(
      `The cluster in ${paths.directory} is stopped; start it with \`millrace cluster up --dir ${paths.directory}\``,
    );
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(rows)}\n`);
  else
    terminal.data(
      formatTable(
        ["NAME", "PID", "STATE", "LOG"],
        rows.map((row) => [row.name, String(row.pid), row.running ? "running" : "gone", row.log]),
      ),
    );
  return rows.length > 0 && rows.every((row) => row.running) ? 0 : 1;
}
