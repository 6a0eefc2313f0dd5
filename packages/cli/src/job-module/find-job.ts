// What `JOB` on the command line means: a path to a module, or the name of a shipped job.

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { MillraceError, didYouMean, quote } from "@millrace/core";
import { shippedJobs } from "@millrace/jobs";

/** A job's module, found but not yet loaded. */
export interface FoundJob {
  /** Absolute path of the module. */
  readonly path: string;
  /** Whether it came with Millrace: it is plain JavaScript without imports of its own, so it needs no bundler. */
  readonly shipped: boolean;
}

const moduleEnding = /\.(?:ts|mts|js|mjs)$/;

/**
 * Find the module that a word means.
 * @throws {MillraceError} E_UNKNOWN_JOB for an unknown name, E_JOB_MODULE for a path that is no module file.
 */
export function findJob(word: string): FoundJob {
  const looksLikePath = /[\\/]/.test(word) || moduleEnding.test(word);
  if (!looksLikePath) {
    const shipped = shippedJobs.find((job) => job.name === word);
    if (shipped !== undefined) return { path: shipped.path, shipped: true };
    const hint = didYouMean(
      word,
      shippedJobs.map((job) => job.name),
    );
    throw new MillraceError(
      "E_UNKNOWN_JOB",
      `Cannot find the job ${quote(word)}: no shipped job has that name${hint}; see \`millrace jobs\`, or give a path such as ./job.ts`,
    );
  }
  const path = resolve(word);
  if (!existsSync(path)) {
    throw new MillraceError(
      "E_JOB_MODULE",
      `Cannot load the job file ${quote(word)}: there is no such file; check the path`,
    );
  }
  if (!statSync(path).isFile() || !moduleEnding.test(path)) {
    throw new MillraceError(
      "E_JOB_MODULE",
      `Cannot load the job file ${quote(word)}: not a .ts, .mts, .js or .mjs file; give the file that exports the job`,
    );
  }
  return { path, shipped: false };
}
