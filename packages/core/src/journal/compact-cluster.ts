// The cluster's journal in short: what is left to say of all that it says. A long-lived coordinator would otherwise read
// each submission, end and worker's life of years at its start.

import type { ClusterRecord } from "../model/records.ts";
import type { ClusterState } from "./cluster-state.ts";

/** A journal that says twice what it must, and this much, is written anew: about 300 kB and a few milliseconds. */
const recordsMin = 1_000;

/**
 * List the fewest records from which {@link replayCluster} gives a state again. Forgotten jobs are not counted any more:
 * the order of the others begins at 0. The reign's time is not known and 0.
 */
export function compactCluster({ epoch, jobs, incarnations }: ClusterState): readonly ClusterRecord[] {
  const records: ClusterRecord[] = [];
  for (const { job, idempotencyKey, specDigest, outputUri, priority, submittedMs, outcome } of jobs.values()) {
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    records.push({ kind: "submitted", job, ...key, specDigest, outputUri, priority, wallMs: submittedMs });
    if (outcome !== undefined) records.push({ kind: "job-ended", job, outcome });
  }
  for (const [worker, incarnation] of incarnations) records.push({ kind: "incarnation", worker, incarnation });
  if (epoch > 0) records.push({ kind: "reign", epoch, wallMs: 0 });
  return records;
}

/** Tell whether a journal of so many records should be written anew as so many. */
export function isWorthCompacting(records: number, compact: number): boolean {
  return records >= recordsMin && records >= 2 * compact;
}
