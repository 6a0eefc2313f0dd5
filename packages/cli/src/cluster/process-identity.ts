// Which process a number meant: process ids are used again, so an id alone is no permission to send a signal.
// On Linux the start time tells lives apart; elsewhere the id must do.

import { readFileSync } from "node:fs";

/** A process, as written to disk and found again later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot when it started; 0 where the system does not tell. */
  readonly startTicks: number;
}

/** Identify a running process. @returns undefined when there is none (a zombie is none). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  if (process.platform !== "linux") return { pid, startTicks: 0 };
  try {
    // proc(5): the command's name is in parentheses and may hold blanks, so fields are counted after the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return { pid, startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

/** Tell whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTicks === identity.startTicks;
}

/** Send a signal to that very process. @returns whether it was there to take it. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}
