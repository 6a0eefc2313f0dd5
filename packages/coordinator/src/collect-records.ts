// Gather the records of a batch of steps by journal, in the order in which they were decided.

import type { ClusterRecord, JobId, JobRecord, StepResult } from "@millrace/core";

/** Records of a batch: each job's, and the cluster's. */
export interface CollectedRecords {
  readonly jobRecords: readonly (readonly [JobId, readonly JobRecord[]])[];
  readonly clusterRecords: readonly ClusterRecord[];
}

/** Sort the records of several steps into journals. */
export function collectRecords(results: readonly StepResult[]): CollectedRecords {
  const byJob = new Map<JobId, JobRecord[]>();
  for (const { job, record } of results.flatMap((result) => result.jobRecords)) {
    const records = byJob.get(job) ?? [];
    records.push(record);
    byJob.set(job, records);
  }
  return { jobRecords: [...byJob], clusterRecords: results.flatMap((result) => result.clusterRecords) };
}
