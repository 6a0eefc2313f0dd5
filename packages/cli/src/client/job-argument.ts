// The `JOB` of commands that look at submitted jobs: an id, as `submit` and `job list` print it.

import { MillraceError, parseJobId, quote } from "@millrace/core";
import type { JobId } from "@millrace/core";

/** Read a job's id. @throws {MillraceError} E_UNKNOWN_JOB for a word that is none. */
export function jobArgument(word: unknown): JobId {
  const text = String(word);
  const job = parseJobId(text);
  if (job !== undefined) return job;
  throw new MillraceError(
    "E_UNKNOWN_JOB",
    `Cannot find the job ${quote(text)}: that is no job id; see \`millrace job list\``,
  );
}
