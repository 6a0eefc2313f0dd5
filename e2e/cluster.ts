// A real cluster for tests: a coordinator and workers as processes, in a directory that goes away with them.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientEnvironment } from "./ask-coordinator.ts";
import type { CommandResult } from "./harness.ts";
import { millrace, scratchDirectory } from "./harness.ts";

/** One daemon of the cluster, as `cluster up` wrote it. */
export interface Daemon {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
}

/** A running cluster. */
export interface TestCluster {
  readonly directory: string;
  /** What a client needs in its environment to find it. */
  readonly env: ClientEnvironment;
  readonly daemons: readonly Daemon[];
  stop(): Promise<void>;
}

/** Start a cluster by the command that users have. */
export async function startTestCluster(options: {
  readonly workers: number;
  readonly slots: number;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<TestCluster> {
  const scratch = scratchDirectory();
  const directory = join(scratch.path, "cluster");
  const up = await millrace(
    ["cluster", "up", "--dir", directory, "--workers", String(options.workers), "--slots", String(options.slots)],
    options.env === undefined ? {} : { env: options.env },
  );
  if (up.exit !== 0) throw new Error(`cluster up failed: ${up.stderr}`);
  const daemons = JSON.parse(readFileSync(join(directory, "processes.json"), "utf8")) as readonly Daemon[];
  return {
    directory,
    env: { MILLRACE_ENDPOINT_FILE: join(directory, "endpoint.json") },
    daemons,
    stop: async () => {
      const down: CommandResult = await millrace(["cluster", "down", "--dir", directory]);
      scratch.remove();
      if (down.exit !== 0) throw new Error(`cluster down failed: ${down.stderr}`);
    },
  };
}

/** Tell whether a process of the cluster still runs (a zombie does not). */
export function processRuns(pid: number): boolean {
  const state = processState(pid);
  return state !== undefined && !"ZX".includes(state);
}

/** Give the letter of a process's state as `ps` has it, such as `T` for stopped; undefined when there is none. */
export function processState(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) ? /\) (?<state>[A-Z]) /u.exec(readFileSync(path, "utf8"))?.groups?.["state"] : undefined;
}
