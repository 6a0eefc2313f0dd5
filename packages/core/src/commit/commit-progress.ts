// The durable part of a commit: what the job's journal says, record by record.

import type { AttemptFailure } from "../model/attempt-result.ts";
import type { JobRecord } from "../model/records.ts";

/** What has been decided for good. */
export interface CommitProgress {
  /** All laws held: from here the job is published or fails. */
  readonly committing: boolean;
  /** Where the old output was, or was about to be, moved. */
  readonly asideUri?: string;
  readonly published: boolean;
  /** Why the way back is taken; it is never left again, unless the output turns out to be published. */
  readonly failure?: AttemptFailure;
  readonly asideRemoved: boolean;
}

/** The progress of a job that has not come to its commit. */
export const emptyCommitProgress: CommitProgress = { committing: false, published: false, asideRemoved: false };

/** Apply one record of the job's journal, live or in replay. Records of other matters change nothing. */
export function applyCommitRecord(progress: CommitProgress, record: JobRecord): CommitProgress {
  if (record.kind === "committing") return { ...progress, committing: true };
  if (record.kind === "aside") return { ...progress, asideUri: record.uri };
  if (record.kind === "voiding") return { ...progress, failure: record.failure };
  if (record.kind === "published") return { ...progress, published: true };
  if (record.kind === "aside-removed") return { ...progress, asideRemoved: true };
  return progress;
}

/**
 * List what the last sweep of an ended job may remove: the staging directory, and the old output where its replacement
 * is published. The aside of a failed job is the only copy of the old output and is never listed. Only the *last* sweep,
 * `limits.sweepAfterMs` after the end: a lost rename to the aside's name must find it taken.
 */
export function finalSweepUris(job: {
  readonly stagingUri: string;
  readonly progress: CommitProgress;
}): readonly string[] {
  const { published, asideUri, asideRemoved } = job.progress;
  return published && asideUri !== undefined && !asideRemoved ? [job.stagingUri, asideUri] : [job.stagingUri];
}
