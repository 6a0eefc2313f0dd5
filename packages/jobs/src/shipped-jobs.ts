// The list of shipped jobs, without loading one. Parameters are in the jobs themselves.

import { fileURLToPath } from "node:url";

/** A job that comes with Millrace. */
export interface ShippedJob {
  /** What the command line calls it, equal to the job's own name. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** Absolute path of its module: plain JavaScript that imports nothing but the SDK and the formats. */
  readonly path: string;
}

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

function shipped(name: string, description: string): ShippedJob {
  return { name, description, path: fileURLToPath(new URL(`./${name}.${extension}`, import.meta.url)) };
}

/** All shipped jobs, by name. */
export const shippedJobs: readonly ShippedJob[] = [
  shipped("grep-lines", "lines that match a pattern"),
  shipped("log-status", "access log: hits, bytes and p99 of bytes for each status and minute"),
  shipped("word-count", "how often each word occurs"),
];
