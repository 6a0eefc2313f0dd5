// What is written to journals: decisions, as facts. Replaying them gives the durable state exactly, for every prefix.
// A job's journal holds `JobRecord`s; the cluster's holds `ClusterRecord`s, and its `submitted` is what makes a job.

import type {
  AttemptFailure,
  AttemptUsage,
  ConsumedSegments,
  ConsumedSplits,
  OutputFile,
  RunSummary,
  BadRecordSample,
} from "./attempt-result.ts";
import type { AttemptRef, Epoch, Incarnation, JobId, WorkerId } from "./ids.ts";
import type { JobSpec } from "./job-spec.ts";
import type { Plan, Split, StagePlan } from "./plan.ts";

/** An attempt without its job, which the journal's own name gives. */
export type AttemptKey = Pick<AttemptRef, "stage" | "task" | "attempt">;

/** A task within its job. */
export type TaskKey = Omit<AttemptKey, "attempt">;

/** How a job ended. */
export type JobOutcome = "succeeded" | "failed" | "killed";

/** The accepted result of a task, as the journal keeps it: everything but the vector, which lies in the side file. */
export interface AcceptedResult {
  readonly consumed: ConsumedSplits | ConsumedSegments;
  readonly run?: RunSummary;
  /** Position of the vector in the job's side file; -1 without a run. */
  readonly vectorAt: number;
  readonly files: readonly OutputFile[];
  readonly counters: Readonly<Record<string, number>>;
  readonly badRecords: readonly BadRecordSample[];
  /** Of a sample stage, see `AttemptResult.sample`; the state forgets it once the ranges are made. */
  readonly sample?: readonly string[];
  readonly usage: AttemptUsage;
}

/** One decision about a job. Times are wall-clock ms since 1970, for people: one decision reads one, how long ago a job ended. */
export type JobRecord =
  | {
      readonly kind: "submitted";
      readonly job: JobId;
      readonly spec: JobSpec;
      readonly stagingUri: string;
      readonly wallMs: number;
    }
  /** Splits of a stage, at most `limits.recordSplitsMax` a record, before `planned`. */
  | { readonly kind: "splits"; readonly stage: number; readonly first: number; readonly splits: readonly Split[] }
  | {
      readonly kind: "planned";
      readonly stages: readonly StagePlan[];
      readonly totals: Pick<Plan, "inputFiles" | "inputBytes" | "skippedFiles" | "hash">;
    }
  | { readonly kind: "staged" }
  | {
      readonly kind: "launched";
      readonly attempt: AttemptKey;
      readonly worker: WorkerId;
      readonly incarnation: Incarnation;
      readonly wallMs: number;
    }
  /** An attempt that was taken for lost is alive: its worker came back with it. */
  | {
      readonly kind: "resumed";
      readonly attempt: AttemptKey;
      readonly worker: WorkerId;
      readonly incarnation: Incarnation;
      readonly wallMs: number;
    }
  /** A gathered reduce attempt took its slot. */
  | { readonly kind: "slotted"; readonly attempt: AttemptKey; readonly wallMs: number }
  | {
      readonly kind: "ended";
      readonly attempt: AttemptKey;
      readonly outcome: "failed" | "lost" | "killed" | "superseded";
      readonly charged: boolean;
      readonly failure: AttemptFailure;
      readonly wallMs: number;
    }
  /** The attempt's result counts, for ever: its counters, files and digests are the task's. */
  | {
      readonly kind: "accepted";
      readonly attempt: AttemptKey;
      readonly worker: WorkerId;
      readonly result: AcceptedResult;
      readonly wallMs: number;
    }
  /** The key ranges of a map stage's shuffle, made from all samples; before the stage's first launch. */
  | { readonly kind: "ranges"; readonly stage: number; readonly cuts: readonly string[] }
  /** A later attempt whose segments equal the accepted ones gives them a new place. */
  | { readonly kind: "supplied"; readonly attempt: AttemptKey; readonly worker: WorkerId; readonly wallMs: number }
  /** The place of a task's segments is gone. */
  | { readonly kind: "segments-lost"; readonly attempt: AttemptKey; readonly worker: WorkerId; readonly reason: string }
  /** The accepted result is withdrawn, since the map is not deterministic and nobody consumed it. */
  | { readonly kind: "reset"; readonly stage: number; readonly task: number; readonly reason: string }
  /** A worker that failed this job too often gets no more of its attempts. */
  | { readonly kind: "avoided"; readonly worker: WorkerId; readonly reason: string }
  | { readonly kind: "kill-requested"; readonly reason: string; readonly wallMs: number }
  /** All laws hold: from here the job can only be published or fail, never be killed. */
  | { readonly kind: "committing"; readonly wallMs: number }
  /** Intent to move the old output aside; journalled before the move. */
  | { readonly kind: "aside"; readonly uri: string }
  | { readonly kind: "published"; readonly wallMs: number }
  /** The commit goes back: from here it never goes on, unless the output turns out to be published already. */
  | { readonly kind: "voiding"; readonly failure: AttemptFailure }
  | { readonly kind: "aside-removed" }
  /** The final state: durable before any client can see it, never changed. */
  | {
      readonly kind: "ended-job";
      readonly outcome: JobOutcome;
      readonly failure?: AttemptFailure;
      /** The task that had all its tries, or failed in a way that no other try mends. */
      readonly failedTask?: TaskKey;
      readonly wallMs: number;
    }
  /** Staging is gone for good: nothing of the job is left outside its history. */
  | { readonly kind: "swept" };

/** One decision about the cluster. */
export type ClusterRecord =
  | { readonly kind: "reign"; readonly epoch: Epoch; readonly wallMs: number }
  | {
      readonly kind: "submitted";
      readonly job: JobId;
      readonly idempotencyKey?: string;
      readonly specDigest: string;
      readonly outputUri: string;
      readonly priority: number;
      readonly wallMs: number;
    }
  | { readonly kind: "job-ended"; readonly job: JobId; readonly outcome: JobOutcome }
  | { readonly kind: "incarnation"; readonly worker: WorkerId; readonly incarnation: Incarnation };
