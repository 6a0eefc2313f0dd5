// Codecs of what clients ask and hear, beside the job's spec and the views.

import type { JobId, JobSpec, JobSummaryView, TaskView, WorkerView } from "@millrace/core";
import { limits } from "@millrace/core";
import type { Codec } from "../codec/field-codec.ts";
import { flag, hex, integer, list, text } from "../codec/field-codec.ts";
import { FieldFault } from "../codec/field-fault.ts";
import { message } from "../codec/message-codec.ts";
import { jobSpec } from "./job-spec.ts";
import { attemptText, counters, jobId, size } from "./task-fields.ts";
import { jobSummary, taskState, taskView, workerView } from "./views.ts";

const position = integer(0, 0xffff_ffff);
const rows = integer(0, limits.pageRowsMax);

/** What comes before a bundle's bytes. An empty key is none. */
export interface SubmitHeader {
  readonly spec: JobSpec;
  readonly idempotencyKey: string;
}
export const submitHeader = message<SubmitHeader>({ spec: jobSpec, idempotencyKey: text(128) });

/** Answer to a submission: the job, and whether the key had made it before. */
export interface SubmitReply {
  readonly job: JobId;
  readonly again: boolean;
}
export const submitReply = message<SubmitReply>({ job: jobId, again: flag });

/** Name a job. */
export interface JobRequest {
  readonly job: JobId;
}
export const jobRequest = message<JobRequest>({ job: jobId });

/** A page of a list. `limit` 0 asks for as many as a page holds. */
export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
}
export const listRequest = message<PageRequest>({ offset: position, limit: rows });

/** Jobs, newest first. */
export interface JobPage {
  readonly jobs: readonly JobSummaryView[];
  readonly total: number;
}
export const listReply = message<JobPage>({ jobs: list(jobSummary, limits.pageRowsMax), total: position });

/** Ask for a job whenever it changes, at most once in `intervalMs`. */
export interface WatchRequest extends JobRequest {
  readonly intervalMs: number;
}
export const watchRequest = message<WatchRequest>({ job: jobId, intervalMs: integer(0, 3_600_000) });

/** Ask to kill a job. */
export interface KillRequest extends JobRequest {
  readonly reason: string;
}
export const killRequest = message<KillRequest>({ job: jobId, reason: text(1_024) });

export const countersReply = message<{ readonly counters: Readonly<Record<string, number>> }>({ counters });

/** Ask for a job's events from an index on. */
export interface EventsRequest extends JobRequest {
  readonly from: number;
  readonly follow: boolean;
}
export const eventsRequest = message<EventsRequest>({ job: jobId, from: size, follow: flag });

/** One record of a job's journal. */
export interface JobEvent {
  readonly index: number;
  readonly kind: string;
  /** The record as JSON. */
  readonly record: string;
}
export const jobEvent = message<JobEvent>({ index: size, kind: text(64, 1), record: text(2 * 1_024 * 1_024) });

/** Ask for tasks, of one state or of all. */
export interface TasksRequest extends JobRequest, PageRequest {
  readonly state: TaskView["state"] | "any";
}

/** A state, or "any", which is unset on the wire. */
const stateOrAny: Codec<TasksRequest["state"]> = {
  encode: (value) => (value === "any" ? "TASK_STATE_UNSPECIFIED" : taskState.encode(value)),
  decode: (raw) => (raw === "TASK_STATE_UNSPECIFIED" ? "any" : taskState.decode(raw)),
};
export const tasksRequest = message<TasksRequest>({ job: jobId, state: stateOrAny, offset: position, limit: rows });

/** Tasks in order of stage and index. */
export interface TaskPage {
  readonly tasks: readonly TaskView[];
  readonly total: number;
}
export const tasksReply = message<TaskPage>({ tasks: list(taskView, limits.pageRowsMax), total: position });

/** Ask for the log of an attempt. */
export interface LogsRequest extends JobRequest {
  readonly attempt: string;
}
export const logsRequest = message<LogsRequest>({ job: jobId, attempt: attemptText });

export const workersReply = message<{ readonly workers: readonly WorkerView[] }>({ workers: list(workerView, 10_000) });

/** Bytes of a stream, at most 1 MiB a chunk. */
export const chunkBytes: Codec<Uint8Array> = {
  encode: checkChunk,
  decode: checkChunk,
};

function checkChunk(raw: unknown): Uint8Array {
  if (!(raw instanceof Uint8Array)) throw new FieldFault("is not bytes");
  if (raw.length > chunkBytesMax) throw new FieldFault(`has more than ${chunkBytesMax} bytes, ${raw.length}`);
  return raw;
}

/** Largest chunk that is taken; senders use {@link chunkBytesSent}. */
const chunkBytesMax = 1_024 * 1_024;
/** Chunk that is sent: large enough that the call's cost is small beside the copy. */
export const chunkBytesSent = 256 * 1_024;

export const chunk = message<{ readonly data: Uint8Array }>({ data: chunkBytes });
export const bundleRequest = message<{ readonly job: JobId; readonly sha256: string }>({
  job: jobId,
  sha256: hex(32),
});
