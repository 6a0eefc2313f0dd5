// What people and scripts see of a cluster: plain JSON, the same for live and finished jobs, over HTTP, gRPC and the
// command line. Every field is derived from machine state by the functions beside this file.

import type { AttemptFailure, BadRecordSample, OutputFile } from "../model/attempt-result.ts";
import type { StageKind } from "../model/job-spec.ts";

/** Where a job stands. `committing` can no longer be killed. */
export type JobStateName = "running" | "committing" | "succeeded" | "failed" | "killed";
/** Where a task stands. `done` means accepted; `failed` ended its job, or had failed and was not done when that ended. */
export type TaskStateName = "waiting" | "gathering" | "running" | "done" | "failed";
/** Where an attempt stands. */
export type AttemptStateName =
  | "gathering"
  | "gathered"
  | "running"
  | "accepted"
  | "supplied"
  | "failed"
  | "lost"
  | "killed"
  | "superseded";

/** Why something waits, and until when: every wait has both. */
export interface WaitView {
  /** A stable code, such as `no-slot`, `disk`, `worker`, `maps`, `ranges`, `placement`, `lease`, `storage`. */
  readonly reason: string;
  /** One sentence for people. */
  readonly text: string;
  /** Milliseconds until something happens by itself, 0 when it is due. */
  readonly deadlineInMs: number;
}

/** One job in a list. Times are wall-clock ms since 1970. */
export interface JobSummaryView {
  readonly job: string;
  readonly name: string;
  readonly state: JobStateName;
  readonly priority: number;
  readonly submittedMs: number;
  readonly endedMs?: number;
  readonly outputUri: string;
  /** 0 to 1, never decreasing. */
  readonly progress: number;
  readonly tasks: number;
  readonly tasksDone: number;
  readonly attemptsRunning: number;
  /** In all, also those that a task no longer lists; a lost one that went on is not lost. */
  readonly attemptsFailed: number;
  readonly attemptsLost: number;
  readonly failure?: AttemptFailure;
}

/** One job in full. */
export interface JobView extends JobSummaryView {
  readonly inputFiles: number;
  readonly inputBytes: number;
  readonly skippedFiles: number;
  readonly planHash: string;
  readonly stages: readonly StageView[];
  readonly counters: Readonly<Record<string, number>>;
  readonly badRecords: readonly BadRecordSample[];
  readonly waits: readonly WaitView[];
  /** The published files, when succeeded. */
  readonly parts?: number;
  readonly outputBytes?: number;
  readonly outputRecords?: number;
  /** The same for each output of the job, the main one first, then by name; absent until published. */
  readonly outputs?: readonly OutputView[];
}

/** What was published of one output. */
export interface OutputView {
  /** "" for the main output, else the folder below it. */
  readonly name: string;
  readonly parts: number;
  readonly bytes: number;
  readonly records: number;
}

/** One stage of a job. */
export interface StageView {
  readonly stage: number;
  readonly kind: StageKind;
  readonly tasks: number;
  readonly waiting: number;
  readonly gathering: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly bytesIn: number;
  readonly recordsIn: number;
  /** Pairs handed to the next stage, or records written to outputs. */
  readonly recordsOut: number;
}

/** One task with its attempts, oldest first. */
export interface TaskView {
  readonly stage: number;
  readonly task: number;
  readonly state: TaskStateName;
  readonly attempts: readonly AttemptView[];
  readonly wait?: WaitView;
}

/** One attempt. */
export interface AttemptView {
  /** `<stage>-<task>.<attempt>`. */
  readonly attempt: string;
  readonly state: AttemptStateName;
  readonly worker: string;
  readonly startedMs: number;
  readonly endedMs?: number;
  readonly progress: number;
  readonly records: number;
  readonly bytes: number;
  readonly failure?: AttemptFailure;
  readonly files: readonly OutputFile[];
  readonly peakRssBytes?: number;
  readonly cpuMs?: number;
}

/** One partition of a shuffle: how evenly keys spread. */
export interface PartitionView {
  readonly partition: number;
  readonly pairs: number;
  readonly rawBytes: number;
}

/** One worker. */
export interface WorkerView {
  readonly worker: string;
  readonly incarnation: number;
  readonly state: "alive" | "suspect" | "lost";
  readonly host: string;
  readonly rack: string;
  readonly slots: number;
  readonly slotsUsed: number;
  readonly gathering: number;
  readonly shuffleAddress: string;
  readonly freeDiskBytes: number;
  /** Milliseconds since it was last heard. */
  readonly silentMs: number;
  /** Milliseconds until its lease ends. */
  readonly leaseInMs: number;
}

/** The cluster in one look. */
export interface ClusterView {
  readonly epoch: number;
  readonly workersAlive: number;
  readonly workersSuspect: number;
  readonly workersLost: number;
  readonly slots: number;
  readonly slotsUsed: number;
  readonly jobsRunning: number;
  readonly jobsEnded: number;
  /** Events that came too late to matter. */
  readonly staleEvents: number;
}
