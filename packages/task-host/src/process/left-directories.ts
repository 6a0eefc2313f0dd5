// Directories of hosts that an earlier life of the worker left: its hosts were killed with it, and nobody removed them.

import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

const namePattern = /^host-(\d{1,15})$/;

/** Name a host's directory. @param number unique in the executor's directory. */
export function hostDirectoryName(number: number): string {
  return `host-${number}`;
}

/**
 * Remove what earlier hosts left, in its own time: user code may have filled it. What cannot be removed is met again.
 * @returns the first number that none of them has, so that nothing of theirs is taken for a new host's.
 */
export function removeLeftDirectories(directory: string): number {
  let first = 0;
  for (const name of readdirSync(directory)) {
    const number = namePattern.exec(name)?.[1];
    if (number === undefined) continue;
    first = Math.max(first, Number(number) + 1);
    rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
  }
  return first;
}
