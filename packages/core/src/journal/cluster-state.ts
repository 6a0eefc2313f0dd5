// The durable part of the cluster: which jobs were submitted, under which keys, for which outputs, and which lives of
// workers were seen. Changed by `applyClusterRecord` alone, live and in replay.

import { assertNever, invariant } from "../errors/invariant.ts";
import { limits } from "../limits.ts";
import type { Epoch, Incarnation, JobId, WorkerId } from "../model/ids.ts";
import type { ClusterRecord, JobOutcome } from "../model/records.ts";

/** A submission that counts. */
export interface ClusterJob {
  readonly job: JobId;
  /** Position among all submissions, from 0: the queue's order. */
  readonly order: number;
  readonly idempotencyKey: string | undefined;
  readonly specDigest: string;
  readonly outputUri: string;
  readonly priority: number;
  readonly submittedMs: number;
  /** Undefined while the job lives; its output is reserved as long. */
  outcome: JobOutcome | undefined;
}

/** All that the cluster's journal says. */
export interface ClusterState {
  epoch: Epoch;
  submissions: number;
  /** In order of submission; ended ones beyond `limits.jobsRememberedMax` are forgotten, oldest first. */
  jobs: Map<JobId, ClusterJob>;
  /** Idempotency key to job, as long as the job is remembered. */
  keys: Map<string, JobId>;
  /**
   * Newest life seen of each worker, in the order in which these were seen; the oldest beyond
   * `limits.workersRememberedMax` are forgotten. A worker that lives, or that a live job counts on, is not taken for an
   * older life even so: the worker table and the job's attempts have its life too.
   */
  incarnations: Map<WorkerId, Incarnation>;
}

/** Begin with nothing, before the first reign. */
export function createClusterState(): ClusterState {
  return { epoch: 0 as Epoch, submissions: 0, jobs: new Map(), keys: new Map(), incarnations: new Map() };
}

/** Change the cluster's durable state by one record. @throws {InvariantError} when the record cannot follow. */
export function applyClusterRecord(state: ClusterState, record: ClusterRecord): void {
  switch (record.kind) {
    case "reign":
      invariant(record.epoch > state.epoch, `epoch ${record.epoch} follows ${state.epoch}`);
      state.epoch = record.epoch;
      return;
    case "submitted": {
      const { job, idempotencyKey, specDigest, outputUri, priority, wallMs } = record;
      invariant(!state.jobs.has(job), `job ${job} is submitted twice`);
      const order = state.submissions++;
      state.jobs.set(job, {
        job,
        order,
        idempotencyKey,
        specDigest,
        outputUri,
        priority,
        submittedMs: wallMs,
        outcome: undefined,
      });
      if (idempotencyKey !== undefined) state.keys.set(idempotencyKey, job);
      return;
    }
    case "job-ended": {
      const job = state.jobs.get(record.job);
      invariant(job !== undefined && job.outcome === undefined, `job ${record.job} ends, but does not live`);
      job.outcome = record.outcome;
      forgetOldJobs(state);
      return;
    }
    case "incarnation":
      invariant(
        record.incarnation > (state.incarnations.get(record.worker) ?? 0),
        `incarnation ${record.incarnation} of ${record.worker} is not new`,
      );
      state.incarnations.delete(record.worker);
      state.incarnations.set(record.worker, record.incarnation);
      forgetOldWorkers(state);
      return;
    default:
      assertNever(record, "cluster record");
  }
}

function forgetOldWorkers({ incarnations }: ClusterState): void {
  for (const worker of incarnations.keys()) {
    if (incarnations.size <= limits.workersRememberedMax) return;
    incarnations.delete(worker);
  }
}

function forgetOldJobs(state: ClusterState): void {
  if (state.jobs.size <= limits.jobsRememberedMax) return;
  for (const [id, job] of state.jobs) {
    if (job.outcome === undefined) continue;
    state.jobs.delete(id);
    if (job.idempotencyKey !== undefined && state.keys.get(job.idempotencyKey) === id)
      state.keys.delete(job.idempotencyKey);
    if (state.jobs.size <= limits.jobsRememberedMax) return;
  }
}
