// A bound on the memory of a run that kills an overrun: a control group of version 2 or 1 where one can be made, else a
// watch over the tree's PSS beside a limit on the data of each process (RLIMIT_DATA, as `prlimit --data` sets it), which
// is coarse.

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
  /** Most that the group held, where the kernel tells it; undefined: look at the processes. */
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
  return maybeControlGroup(bytes, secondVersion) ?? maybeControlGroup(bytes, firstVersion) ?? dataLimit(bytes);
}

/** Where a version of control groups has what. */
interface GroupFiles {
  readonly by: string;
  readonly parent: string;
  /** Whether groups with a bound on memory can be made here. */
  isThere(): boolean;
  /** What is written in a new group; `optional` files are not on every kernel. */
  limits(bytes: number): readonly { readonly file: string; readonly text: string; readonly optional?: true }[];
  readonly kills: { readonly file: string; readonly pattern: RegExp };
  /** The most that was held, where it says more than the bound: page cache fills a group up to it. */
  readonly peak?: { readonly file: string; readonly pattern: RegExp };
}

const secondVersion: GroupFiles = {
  by: "cgroup v2, memory.max",
  parent: root,
  isThere: () => readFileSync(join(root, "cgroup.subtree_control"), "utf8").split(/\s/u).includes("memory"),
  limits: (bytes) => [
    { file: "memory.max", text: String(bytes) },
    { file: "memory.swap.max", text: "0", optional: true },
  ],
  kills: { file: "memory.events", pattern: /^oom_kill (\d+)/mu },
  peak: { file: "memory.peak", pattern: /^(\d+)/u },
};

const firstVersion: GroupFiles = {
  by: "cgroup v1, memory.limit_in_bytes",
  parent: join(root, "memory"),
  isThere: () => existsSync(join(root, "memory", "memory.limit_in_bytes")),
  limits: (bytes) => [
    { file: "memory.limit_in_bytes", text: String(bytes) },
    // With swap: what is beyond the bound is not to lie there either.
    { file: "memory.memsw.limit_in_bytes", text: String(bytes), optional: true },
  ],
  kills: { file: "memory.oom_control", pattern: /^oom_kill (\d+)/mu },
};

function maybeControlGroup(bytes: number, files: GroupFiles): MemoryLimit | undefined {
  const groups: string[] = [];
  const current = (): string => groups.at(-1) ?? "";
  const make = (): void => {
    groups.push(join(files.parent, `millrace-bench-${process.pid}-${groups.length + 1}`));
    mkdirSync(current());
    for (const { file, text, optional } of files.limits(bytes))
      if (optional !== true || existsSync(join(current(), file))) writeFileSync(join(current(), file), text);
  };
  const number = ({ file, pattern }: { readonly file: string; readonly pattern: RegExp }): number | undefined => {
    const path = join(current(), file);
    const match = existsSync(path) ? pattern.exec(readFileSync(path, "utf8")) : undefined;
    return match?.[1] === undefined ? undefined : Number(match[1]);
  };
  try {
    if (!files.isThere()) return undefined;
    make();
  } catch {
    return undefined;
  }
  return {
    bytes,
    by: files.by,
    get shell() {
      return `echo $$ > ${current()}/cgroup.procs`;
    },
    isWatched: false,
    peakBytes: () => (files.peak === undefined ? undefined : number(files.peak)),
    kills: () => number(files.kills) ?? 0,
    renew: () => {
      removeGroup(current());
      make();
    },
    remove: () => groups.forEach(removeGroup),
  };
}

/** A group whose last process is still dying stays until the end of the bench. */
function removeGroup(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Removed before, or busy.
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
