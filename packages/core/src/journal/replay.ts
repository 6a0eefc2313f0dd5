// Journals back to state. A driver reads the records of a journal, and this gives what the machine held when the last
// of them was decided: for any prefix, exactly.

import { invariant } from "../errors/invariant.ts";
import type { ClusterRecord, JobRecord } from "../model/records.ts";
import { applyJobRecord, createJobState } from "./apply-job-record.ts";
import type { ClusterState } from "./cluster-state.ts";
import { applyClusterRecord, createClusterState } from "./cluster-state.ts";
import type { JobState } from "./job-state.ts";

/** Rebuild the cluster's durable state. The caller owns the result. */
export function replayCluster(records: Iterable<ClusterRecord>): ClusterState {
  const state = createClusterState();
  for (const record of records) applyClusterRecord(state, record);
  return state;
}

/** Rebuild a job's durable state. The caller owns the result. @returns undefined for an empty journal. */
export function replayJob(records: Iterable<JobRecord>): JobState | undefined {
  let state: JobState | undefined;
  for (const record of records) {
    if (state !== undefined) applyJobRecord(state, record);
    else {
      invariant(record.kind === "submitted", `a job's journal begins with ${record.kind}`);
      state = createJobState(record);
    }
  }
  return state;
}
