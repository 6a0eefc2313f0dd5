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
  shipped("cardinality", "metrics: how many series metrics and labels make"),
  shipped("distinct", "each different line once, or with how often it occurs"),
  shipped("grep", "what a pattern matches, the most frequent first"),
  shipped("grep-lines", "lines that match a pattern"),
  shipped("inverted-index", "the files in which each word occurs"),
  shipped("join", "lines of two inputs, joined by a column"),
  shipped("latency", "access log: percentiles of the time requests took, by group and window"),
  shipped("log-errors", "lines that tell of errors, counted by what is the same in them"),
  shipped("log-status", "access log: hits, bytes and p99 of bytes for each status and minute"),
  shipped("metric-rollup", "metrics: count, sum, min, max, last and increase of each series and window"),
  shipped("pi", "an estimate of pi from points of a Halton sequence"),
  shipped("secondary-sort", "pairs of integers by the first, then by the second"),
  shipped("sessions", "access log: the visits of each visitor, cut where hits pause"),
  shipped("sort", "lines in total order, by their bytes or by number"),
  shipped("tera-validate", "order and checksum of rows of the sort benchmark"),
  shipped("terasort", "rows of 100 bytes by their first 10, the sort benchmark"),
  shipped("top", "the most frequent lines or keys, or the greatest sums"),
  shipped("traffic", "access log: minutes by status, paths, visitors, referrers, agents"),
  shipped("word-count", "how often each word occurs"),
];
