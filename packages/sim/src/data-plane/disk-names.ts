// Names of files on a worker's simulated disk, from ids alone, and a store for one directory of it.

import { attemptName, parseAttemptName } from "@millrace/core";
import type { AttemptRef, JobId } from "@millrace/core";
import type { RunStore } from "@millrace/data";
import type { WorkerDisk } from "../disk/worker-disk.ts";

/** Name of an attempt's run file. */
export function runName(attempt: AttemptRef): string {
  return `run/${attempt.job}/${attemptName(attempt)}`;
}

/** Parse what {@link runName} makes. @returns undefined when it is none. */
export function parseRunName(name: string): AttemptRef | undefined {
  const [folder, job, attempt] = name.split("/");
  return folder === "run" && job !== undefined && attempt !== undefined
    ? parseAttemptName(job as JobId, attempt)
    : undefined;
}

/** Directory of the segments that a reduce attempt gathered. */
export function gatherPrefix(reader: AttemptRef): string {
  return `gather/${reader.job}/${attemptName(reader)}/`;
}

/** Name of one gathered segment. */
export function gatheredName(reader: AttemptRef, task: number): string {
  return `${gatherPrefix(reader)}${task}`;
}

/** A store whose names lie below a prefix, but for those that `renamed` puts elsewhere. */
export function scopedStore(
  disk: WorkerDisk,
  prefix: string,
  renamed: Readonly<Record<string, string>> = {},
): RunStore {
  const place = (name: string): string => renamed[name] ?? prefix + name;
  return {
    createRun: (name) => disk.createRun(place(name)),
    openRun: (name) => disk.openRun(place(name)),
    removeRun: (name) => disk.removeRun(place(name)),
  };
}
