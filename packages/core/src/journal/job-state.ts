// The durable part of a job: what its journal says, and nothing else. It is changed by `applyJobRecord` alone, so that
// replaying a journal gives exactly what the live machine held. What is only known in memory lies in schedule/job-run.

import type { CommitProgress } from "../commit/commit-progress.ts";
import { shuffleOf } from "../job/stage-writes.ts";
import type { AttemptFailure } from "../model/attempt-result.ts";
import type { Incarnation, JobId, WorkerId } from "../model/ids.ts";
import type { JobSpec } from "../model/job-spec.ts";
import type { Plan, Split, StagePlan } from "../model/plan.ts";
import type { AcceptedResult, JobOutcome, TaskKey } from "../model/records.ts";

/** How far a job has come, by its journal. It only moves down this list. */
export type JobPhase = "planning" | "staging" | "running" | "committing" | "published" | "ended";

/** How an attempt stands: `launched` (a map runs, a reduce gathers), `slotted` (a reduce runs), or over. */
export type AttemptStatus =
  | "launched"
  | "slotted"
  | "accepted"
  | "supplied"
  | "failed"
  | "lost"
  | "killed"
  | "superseded";

/** One try of a task. */
export interface AttemptState {
  readonly attempt: number;
  worker: WorkerId;
  incarnation: Incarnation;
  status: AttemptStatus;
  charged: boolean;
  failure: AttemptFailure | undefined;
  readonly launchedMs: number;
  slottedMs: number | undefined;
  endedMs: number | undefined;
}

/** The result of a task that counts. */
export interface AcceptedState {
  readonly attempt: number;
  readonly worker: WorkerId;
  readonly result: AcceptedResult;
  readonly wallMs: number;
}

/** Where the segments of an accepted task lie: a run file is named by the attempt that wrote it. */
export interface SegmentHome {
  readonly attempt: number;
  readonly worker: WorkerId;
}

/** One unit of a stage. */
export interface TaskState {
  /** Newest last. Of the ended ones only the last `attemptsKeptMax` stay. */
  attempts: AttemptState[];
  nextAttempt: number;
  /** Failures that count towards `attemptsMax`. */
  charged: number;
  /** Ends that nobody of the job is to blame for; they count towards `limits.lossesMax`. */
  losses: number;
  resets: number;
  accepted: AcceptedState | undefined;
  /** Undefined before acceptance, after loss, and for a task that writes no shuffle. */
  home: SegmentHome | undefined;
}

/** A stage with its tasks. */
export interface StageState {
  readonly plan: StagePlan;
  readonly tasks: TaskState[];
  acceptedTasks: number;
  /** Tasks whose segments have a place. */
  homedTasks: number;
  /** Of a map stage whose shuffle has key ranges: the cuts between them, once they are made. */
  cuts: readonly string[] | undefined;
}

/** All that a job's journal says. */
export interface JobState {
  readonly job: JobId;
  readonly spec: JobSpec;
  readonly stagingUri: string;
  readonly submittedMs: number;
  phase: JobPhase;
  /** By stage, as far as read; those of a sample stage are another's, see {@link splitsOf}. */
  splits: Split[][];
  totals: Pick<Plan, "inputFiles" | "inputBytes" | "skippedFiles" | "hash"> | undefined;
  stages: StageState[];
  /** Sums over accepted attempts, by name; at most `limits.countersMax` of the author's and as many of the engine's. */
  counters: Map<string, number>;
  /** Samples of bad records that were journalled: at most `limits.badRecordSamplesMax` a job. */
  badSamples: number;
  /** Attempts that failed, whoever was charged, and those that were lost and did not go on: all, also forgotten ones. */
  attemptsFailed: number;
  attemptsLost: number;
  /** Failures that were the fault of a worker, as far as this job saw. */
  workerFailures: Map<WorkerId, number>;
  /** Workers that get no more attempts of this job, with the reason. */
  avoided: Map<WorkerId, string>;
  killReason: string | undefined;
  commit: CommitProgress;
  firstLaunchMs: number | undefined;
  committingMs: number | undefined;
  endedMs: number | undefined;
  outcome: JobOutcome | undefined;
  failure: AttemptFailure | undefined;
  /** The task whose last end was the job's. */
  failedTask: TaskKey | undefined;
  swept: boolean;
}

/** Ended attempts that a task remembers one by one; older ones stay in its counts. Twice the usual `attemptsMax`. */
export const attemptsKeptMax = 8;

/** Tell whether an attempt may still be doing something. */
export function isLive(attempt: AttemptState): boolean {
  return attempt.status === "launched" || attempt.status === "slotted";
}

/** Find an attempt of a task by its number. @returns undefined when it was never launched or is forgotten. */
export function findAttempt(task: TaskState, attempt: number): AttemptState | undefined {
  for (let index = task.attempts.length - 1; index >= 0; index--) {
    const found = task.attempts[index];
    if (found !== undefined && found.attempt === attempt) return found;
  }
  return undefined;
}

/** Find a task by its indexes. @returns undefined when the plan has none. */
export function findTask(state: JobState, stage: number, task: number): TaskState | undefined {
  return state.stages[stage]?.tasks[task];
}

/** List the stages that read the shuffle of a stage, ascending. */
export function consumerStages(state: JobState, stage: number): readonly number[] {
  return state.stages.flatMap((other, index) =>
    other.plan.kind === "reduce" && other.plan.reads === stage ? [index] : [],
  );
}

/** List the splits that the tasks of a stage read: a sample stage those of the stage that it is for. */
export function splitsOf(state: JobState, stage: number): readonly Split[] {
  const spec = state.spec.stages[stage];
  return state.splits[spec?.kind === "sample" ? spec.of : stage] ?? [];
}

/** Tell whether a stage must not be launched, as the key ranges of its shuffle are not made. */
export function waitsForRanges(state: JobState, stage: number): boolean {
  return shuffleOf(state.spec.stages[stage])?.ranges !== undefined && state.stages[stage]?.cuts === undefined;
}

/** Tell whether all tasks of a stage are accepted. */
export function stageAccepted(stage: StageState): boolean {
  return stage.acceptedTasks === stage.tasks.length;
}

/** Tell whether every task of the job is accepted. False before the plan is known. */
export function allAccepted(state: JobState): boolean {
  return state.totals !== undefined && state.stages.every(stageAccepted);
}

/**
 * Tell whether segments of a stage may still be read: some transitive consumer is not accepted. A consumer that is
 * itself needed counts, since its own segments may be lost, and making them again reads this stage's.
 */
export function segmentsNeeded(state: JobState, stage: number): boolean {
  return consumerStages(state, stage).some((consumer) => {
    const reader = state.stages[consumer];
    return reader !== undefined && (!stageAccepted(reader) || segmentsNeeded(state, consumer));
  });
}
