// What JobService asks of a coordinator. The coordinator's desk is one; tests have their own.

import type { JobId, JobRecord, JobSpec, JobSummaryView, JobView, TaskView, WorkerView } from "@millrace/core";

/** Which tasks are wanted. */
export interface TaskQuery {
  readonly state?: TaskView["state"];
  readonly offset: number;
  readonly limit: number;
}

/** Answers to clients. All reject with MillraceErrors. */
export interface JobBackend {
  /** @param payload the bundle, then each side file: see `payloadParts`. */
  submit(
    spec: JobSpec,
    payload: Uint8Array,
    idempotencyKey?: string,
  ): Promise<{ readonly job: JobId; readonly again: boolean }>;
  kill(job: JobId, reason: string): Promise<void>;
  get(job: JobId): Promise<JobView>;
  list(page: {
    readonly offset: number;
    readonly limit: number;
  }): Promise<{ readonly jobs: readonly JobSummaryView[]; readonly total: number }>;
  watch(job: JobId, intervalMs: number, signal: AbortSignal): AsyncIterable<JobView>;
  tasks(job: JobId, query: TaskQuery): Promise<{ readonly tasks: readonly TaskView[]; readonly total: number }>;
  /**
   * Durable records of the job's journal from an index on, in order and in batches; with `follow` as they come, until the
   * job has ended or the signal aborts.
   */
  events(
    job: JobId,
    query: { readonly from: number; readonly follow: boolean; readonly signal: AbortSignal },
  ): AsyncIterable<readonly { readonly index: number; readonly record: JobRecord }[]>;
  /** Bytes that user code of one attempt printed, as far as they are kept. `attempt` is `<stage>-<task>.<attempt>`. */
  log(job: JobId, attempt: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  workers(): readonly WorkerView[];
}
