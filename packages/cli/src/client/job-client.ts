// What the command asks of a coordinator, wherever it is: in another process over gRPC, or in this one.

import type { JobSpec, JobSummaryView, JobView, TaskView, WorkerView } from "@millrace/core";

/** One event of a job's journal, for people. */
export interface JobEventLine {
  /** Position in the journal, from 0. */
  readonly index: number;
  readonly record: { readonly kind: string; readonly [name: string]: unknown };
}

/** Ask a coordinator. Every call has a deadline; failures are `MillraceError`s of the error table. */
export interface JobClient {
  /** @param payload see `payloadParts`. @returns the job's id; `again` when the idempotency key had been used before. */
  submit(
    spec: JobSpec,
    payload: Uint8Array,
    idempotencyKey?: string,
  ): Promise<{ readonly job: string; readonly again: boolean }>;
  /** @throws {MillraceError} E_UNKNOWN_JOB. */
  get(job: string): Promise<JobView>;
  list(): Promise<readonly JobSummaryView[]>;
  /** Call `onChange` with each state worth showing, and end with the job; reconnects while the coordinator restarts. */
  watch(job: string, onChange: (view: JobView) => void, signal: AbortSignal): Promise<JobView>;
  kill(job: string, reason: string): Promise<void>;
  events(job: string): Promise<readonly JobEventLine[]>;
  tasks(job: string, state: string | undefined): Promise<readonly TaskView[]>;
  /** Text that user code of one attempt printed, as far as it is kept. `attempt` is `<stage>-<task>.<attempt>`. */
  log(job: string, attempt: string): Promise<string>;
  workers(): Promise<readonly WorkerView[]>;
  close(): Promise<void>;
}
