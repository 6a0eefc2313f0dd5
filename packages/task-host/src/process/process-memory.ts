// What the kernel tells of a process: resident memory, and when it started, which with its id names it for good.

import { readFileSync } from "node:fs";

/** Bytes of a page; every Linux that Node 24 runs on as a worker has 4 KiB pages, arm64 with 64 KiB reads VmRSS instead. */
const kibibyte = 1024;

/** @returns resident memory in bytes, or undefined when the process is gone or the system does not tell. */
export function residentBytes(pid: number): number | undefined {
  const status = readProc(`/proc/${pid}/status`);
  const match = status === undefined ? null : /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return match === null ? undefined : Number(match[1]) * kibibyte;
}

/** @returns the start time of a process in clock ticks since boot, or undefined when there is none. */
export function startTicks(pid: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  // The command stands in parentheses and can hold anything: fields are counted after the last one. Start time is field 22.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[0];
  return state === undefined || state === "Z" || state === "X" ? undefined : fields?.[19];
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
