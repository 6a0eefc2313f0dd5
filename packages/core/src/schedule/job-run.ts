// The volatile part of a job: what the machine knows while it reigns and can find again after a restart, from the
// journal, the workers' inventories and storage. Durable facts are in `state` and change by records alone.

import type { CommitOrder } from "../commit/commit-order.ts";
import type { CommitState } from "../commit/commit-state.ts";
import type { JobState } from "../journal/job-state.ts";
import { findTask, isLive, segmentsNeeded, splitsOf } from "../journal/job-state.ts";
import type { AttemptProgress, AttemptResult, SegmentVector } from "../model/attempt-result.ts";
import type { AttemptRef, WorkerId } from "../model/ids.ts";
import type { StageKind } from "../model/job-spec.ts";
import { attemptName } from "../model/ids.ts";
import type { PartitionSums } from "../shuffle/segment-sum.ts";
import { createPartitionSums } from "../shuffle/segment-sum.ts";
import type { WorkerRest } from "./rest-worker.ts";
import type { StorageDesk } from "./storage-desk.ts";
import { createStorageDesk } from "./storage-desk.ts";
import type { FailedLately, TaskQueue } from "./task-queue.ts";
import { createTaskQueue, enqueueTask } from "./task-queue.ts";

/** A finished attempt's report while its files are measured. */
export interface PendingReport {
  readonly result: AttemptResult;
  readonly vector: SegmentVector | undefined;
  readonly vectorAt: number;
  readonly acceptedVector: SegmentVector | undefined;
}

/** A live attempt, as its worker last told. */
export interface AttemptRun {
  readonly ref: AttemptRef;
  readonly kind: StageKind;
  readonly worker: WorkerId;
  /** `running` holds a slot; `gathering` may hold a place; `gathered` waits for a slot; `measuring` is done on its worker. */
  phase: "gathering" | "gathered" | "running" | "measuring";
  holdsPlace: boolean;
  /** Since when it is in this phase. */
  sinceMs: number;
  progress: AttemptProgress | undefined;
  /** Complaints about segments that their sources found whole. */
  complaints: number;
  report: PendingReport | undefined;
}

/** Volatile part of a stage. */
export interface StageRun {
  readonly queue: TaskQueue;
  /** What the accepted tasks have written for each partition; absent when the stage writes no shuffle. */
  readonly sums: PartitionSums | undefined;
  /** Whether its segments have been given up, as nobody needs them any more. */
  released: boolean;
  /** Tasks whose places their readers have not been told, and when they will be. */
  readonly unannounced: number[];
  announceAtMs: number | undefined;
}

/** A complaint that its source looks into. */
export interface Verification {
  readonly source: AttemptRef;
  readonly worker: WorkerId;
  readonly readers: AttemptRef[];
  /** When the segments count as lost without an answer. */
  untilMs: number;
}

/** What still has to stop before the staging directory can go for good. */
export interface Winding {
  /** Workers that may still run something of the job and are not there to be told. */
  readonly absent: Set<WorkerId>;
  readonly untilMs: number;
  /** Whether the removal that counts is out or done: nothing can write any more. */
  last: boolean;
}

/** A job with all that is known of it. */
export interface JobRun {
  readonly state: JobState;
  /** Position in the queue of submissions. */
  readonly order: number;
  readonly stages: StageRun[];
  /** Live attempts by name. */
  readonly live: Map<string, AttemptRun>;
  /** How many of them hold a slot. */
  running: number;
  readonly desk: StorageDesk;
  commit: { readonly order: CommitOrder; state: CommitState; waitUntilMs: number | undefined } | undefined;
  /** Run files that their sources are checking, by attempt name. */
  readonly verifying: Map<string, Verification>;
  /** Since when no worker is fit for the job, while it has work. */
  noWorkerSinceMs: number | undefined;
  /** Since when a gather waits for disk space alone. */
  noSpaceSinceMs: number | undefined;
  /** Workers that an attempt lately failed at by their fault. */
  readonly resting: Map<WorkerId, WorkerRest>;
  winding: Winding | undefined;
  /** Highest progress shown, so that it never goes back. */
  progress: number;
}

/** Make the volatile part of a job, new or replayed: tasks that need an attempt are in line. */
export function createJobRun(state: JobState, order: number): JobRun {
  const run: JobRun = {
    state,
    order,
    stages: [],
    live: new Map(),
    running: 0,
    desk: createStorageDesk(),
    commit: undefined,
    verifying: new Map(),
    noWorkerSinceMs: undefined,
    noSpaceSinceMs: undefined,
    resting: new Map(),
    winding: undefined,
    progress: 0,
  };
  openStages(run);
  return run;
}

/** Make the volatile part of the stages, once the plan is known. */
export function openStages(run: JobRun): void {
  run.state.stages.forEach((stage, index) => {
    const sums = stage.plan.partitions > 0 ? createPartitionSums(stage.plan.partitions) : undefined;
    run.stages.push({
      queue: createTaskQueue(splitsOf(run.state, index)),
      sums,
      released: false,
      unannounced: [],
      announceAtMs: undefined,
    });
    for (let task = 0; task < stage.tasks.length; task++) maybeEnqueue(run, index, task);
  });
}

/** Tell whether a task needs an attempt that it does not have. */
export function needsAttempt(run: JobRun, stage: number, task: number): boolean {
  const found = findTask(run.state, stage, task);
  if (found === undefined || run.state.outcome !== undefined) return false;
  if (found.attempts.some(isLive)) return false;
  if (found.accepted === undefined) return true;
  return found.home === undefined && found.accepted.result.run !== undefined && segmentsNeeded(run.state, stage);
}

/** Put a task in line when it needs an attempt. */
export function maybeEnqueue(run: JobRun, stage: number, task: number, failed?: FailedLately): void {
  const queue = run.stages[stage]?.queue;
  if (queue !== undefined && needsAttempt(run, stage, task)) enqueueTask(queue, task, failed);
}

/** Find a live attempt. */
export function liveAttempt(run: JobRun, ref: AttemptRef): AttemptRun | undefined {
  return run.live.get(attemptName(ref));
}

/** List live attempts in order of stage, task and attempt. */
export function liveAttempts(run: JobRun): readonly AttemptRun[] {
  return [...run.live.values()].sort((a, b) => compareAttempts(a.ref, b.ref));
}

/** Order attempts by job, stage, task and number. */
export function compareAttempts(a: AttemptRef, b: AttemptRef): number {
  if (a.job !== b.job) return a.job < b.job ? -1 : 1;
  return a.stage - b.stage || a.task - b.task || a.attempt - b.attempt;
}

/** Tell whether attempts of the job may be launched. */
export function mayLaunch(run: JobRun): boolean {
  return run.state.phase === "running";
}
