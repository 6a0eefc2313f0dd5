// Memory and processor time of a process and all that descend from it, from the kernel's own books (Linux). PSS shares a page among the
// processes that have it, so that a tree is not charged twice for one program text; it is asked of `smaps_rollup`.

import { readFileSync, readdirSync } from "node:fs";

/** What a tree holds now, and has spent. */
export interface TreeCost {
  readonly processes: number;
  readonly pssBytes: number;
  readonly rssBytes: number;
  /** Seconds of processor time of each process so far, without that of its children. */
  readonly cpuSeconds: ReadonlyMap<number, number>;
}

/** Look at a tree. Processes that end meanwhile count nothing. */
export function lookAtTree(root: number): TreeCost {
  let [processes, pssBytes, rssBytes] = [0, 0, 0];
  const cpuSeconds = new Map<number, number>();
  for (const pid of treeOf(root)) {
    const rollup = maybeRead(`/proc/${pid}/smaps_rollup`);
    if (rollup === "") continue;
    processes += 1;
    pssBytes += kibibytes(rollup, "Pss") * 1024;
    rssBytes += kibibytes(rollup, "Rss") * 1024;
    cpuSeconds.set(pid, cpuOf(pid));
  }
  return { processes, pssBytes, rssBytes, cpuSeconds };
}

/** USER_HZ, which is 100 on every platform that Node runs on. */
const ticksASecond = 100;

function cpuOf(pid: number): number {
  const stat = maybeRead(`/proc/${pid}/stat`);
  // The second field is the program's name, which may have blanks; behind it user and system time are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksASecond;
}

/** The process and its descendants, found by the lists of children that each thread has. */
function treeOf(root: number): readonly number[] {
  const found = [root];
  for (let index = 0; index < found.length; index += 1) {
    for (const thread of maybeList(`/proc/${found[index]}/task`)) {
      const children = maybeRead(`/proc/${found[index]}/task/${thread}/children`);
      for (const child of children.split(" ")) if (child !== "") found.push(Number(child));
    }
  }
  return found;
}

function kibibytes(rollup: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "mu").exec(rollup)?.[1] ?? 0);
}

function maybeRead(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function maybeList(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
