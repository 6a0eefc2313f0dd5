// A bound on the memory of a run that kills an overrun: a cgroup of version 2 where one can be made, else a watch over the
// tree's PSS beside a limit on the data of each process (RLIMIT_DATA, as `prlimit --data` sets it), which is coarse.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a run is bound. */
export interface MemoryLimit {
  readonly bytes: number;
  /** For people: what does the binding. */
  readonly by: string;
  /** Shell commands that bind the shell and what it starts. */
  readonly shell: string;
  /** Whether who measures must watch the tree, as nothing else sums it up. */
  readonly isWatched: boolean;
  /** Most that the group held, where the kernel tells it. */
  peakBytes(): number | undefined;
  /** Processes that the kernel killed for memory since the last call. */
  kills(): number;
  /** Begin anew for the next run. */
  renew(): void;
  remove(): void;
}

const root = "/sys/fs/cgroup";

/** Bind by the best that this machine has. */
export function createMemoryLimit(bytes: number): MemoryLimit {
  return maybeControlGroup(bytes) ?? dataLimit(bytes);
}

function maybeControlGroup(bytes: number): MemoryLimit | undefined {
  const path = join(root, `millrace-bench-${process.pid}`);
  try {
    if (!readFileSync(join(root, "cgroup.subtree_control"), "utf8").split(/\s/u).includes("memory")) return undefined;
    const make = (): void => {
      mkdirSync(path);
      writeFileSync(join(path, "memory.max"), String(bytes));
      if (existsSync(join(path, "memory.swap.max"))) writeFileSync(join(path, "memory.swap.max"), "0");
    };
    make();
    const number = (file: string, pattern: RegExp): number | undefined => {
      if (!existsSync(join(path, file))) return undefined;
      const match = pattern.exec(readFileSync(join(path, file), "utf8"));
      return match?.[1] === undefined ? undefined : Number(match[1]);
    };
    return {
      bytes,
      by: "cgroup v2, memory.max",
      shell: `echo $$ > ${path}/cgroup.procs`,
      isWatched: false,
      peakBytes: () => number("memory.peak", /^(\d+)/u),
      kills: () => number("memory.events", /^oom_kill (\d+)/mu) ?? 0,
      renew: () => {
        rmdirSync(path);
        make();
      },
      remove: () => rmdirSync(path),
    };
  } catch {
    return undefined;
  }
}

/** Addresses that V8 reserves for code and WebAssembly count as data although nothing lies there. */
const reservedBytes = 2 ** 30;

function dataLimit(bytes: number): MemoryLimit {
  return {
    bytes,
    by: "a watch that kills the tree when its PSS is above, and RLIMIT_DATA of each process 1 GiB higher",
    shell: `ulimit -d ${Math.floor((bytes + reservedBytes) / 1024)}`,
    isWatched: true,
    peakBytes: () => undefined,
    kills: () => 0,
    renew: () => undefined,
    remove: () => undefined,
  };
}
