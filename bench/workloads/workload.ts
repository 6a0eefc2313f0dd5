// What a workload is: data, Millrace's way of doing it, what peers are asked, and how an output becomes an answer.

import { fileURLToPath } from "node:url";
import type { Answer } from "../check/answer.ts";
import type { DataSetName } from "../data/data-sets.ts";
import type { Task } from "../peers/peer.ts";

/** Who wrote an output: they may print the same rows differently. */
export type Author = "millrace" | "peer";

/** One workload. */
export interface Workload {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** Of the first; those that follow it are of a size that goes with it. */
  readonly data: readonly DataSetName[];
  readonly sizeByDefault: string;
  /** What peers are asked; several workloads may ask the same. */
  readonly task: Task;
  /** A shipped job by its name, or the path of a job file of the bench. */
  readonly job: string;
  /** How inputs are named, for jobs that have several. */
  readonly inputNames?: readonly string[];
  /** Options of `millrace run` beside the paths. */
  readonly options?: (bytes: number) => readonly string[];
  /** Bytes for each map task, told to peers that have them. */
  readonly splitBytes?: (bytes: number) => number;
  /** Whether the output is a directory with one output for each of several questions. */
  readonly hasParts?: boolean;
  /** Share by which `near` of answers may differ. */
  readonly tolerance?: number;
  readonly answer: (output: string, author: Author) => Answer;
}

/** What a line must match in the tasks with a pattern: three in a hundred do, once each. */
export const grepPattern = '" 50[03] ';

/** Give the path of a job file of the bench. */
export function benchJob(name: string): string {
  return fileURLToPath(new URL(`../jobs/${name}.ts`, import.meta.url));
}
