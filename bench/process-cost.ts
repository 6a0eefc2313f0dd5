// What processes cost, from the kernel's own books (Linux): processor time and peak memory, children included.

import { readFileSync, readdirSync } from "node:fs";

/** Cost of one process so far. */
export interface ProcessCost {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly cpuSeconds: number;
  /** Of children that ended and were waited for. */
  readonly endedCpuSeconds: number;
  readonly peakRssMiB: number;
}

const ticksASecond = 100;

/** Read the cost of these processes and of all that descend from them. */
export function costOf(roots: readonly number[]): readonly ProcessCost[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readOne(Number(name)));
  const wanted = new Set(roots);
  for (let grown = true; grown;) {
    grown = false;
    for (const each of all) {
      if (!wanted.has(each.pid) && wanted.has(each.parent)) {
        wanted.add(each.pid);
        grown = true;
      }
    }
  }
  return all.filter((each) => wanted.has(each.pid));
}

function readOne(pid: number): readonly ProcessCost[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .split("\0")
      .slice(1, 3)
      .map((word) => word.split("/").slice(-2).join("/"))
      .join(" ");
    const peak = /^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? "0";
    return [
      {
        pid,
        parent: Number(fields[1]),
        command,
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksASecond,
        endedCpuSeconds: (Number(fields[13]) + Number(fields[14])) / ticksASecond,
        peakRssMiB: Number(peak) / 1024,
      },
    ];
  } catch {
    return [];
  }
}
