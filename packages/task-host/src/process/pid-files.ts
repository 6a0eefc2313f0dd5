// Which host processes a worker has started: one file each in its executor's directory, so that the next life of the
// worker ends what a dead one left. A process is named by id and start time: an id alone may be somebody else's by then.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTicks } from "./process-memory.ts";

const namePattern = /^(\d{1,10})\.host$/;

/** Note a process that was started. */
export function writePidFile(directory: string, pid: number): void {
  writeFileSync(join(directory, `${pid}.host`), startTicks(pid) ?? "", { mode: 0o600 });
}

/** Forget a process that has ended. */
export function removePidFile(directory: string, pid: number): void {
  rmSync(join(directory, `${pid}.host`), { force: true });
}

/** Kill every process that the files name and that still runs, with its group. @returns the ids killed. */
export function killLeftovers(directory: string): readonly number[] {
  const killed: number[] = [];
  for (const name of readdirSync(directory)) {
    const pid = Number(namePattern.exec(name)?.[1] ?? 0);
    if (pid === 0) continue;
    const started = readFileSync(join(directory, name), "utf8");
    if (started !== "" && startTicks(pid) === started && killGroup(pid)) killed.push(pid);
    removePidFile(directory, pid);
  }
  return killed;
}

/** Kill a process group at once. @returns false when there is none. */
export function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
