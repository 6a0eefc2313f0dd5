// One task and its attempts, as people see them.

import { attemptName } from "../model/ids.ts";
import type { AttemptState, TaskState } from "../journal/job-state.ts";
import { isLive } from "../journal/job-state.ts";
import type { JobRun } from "../schedule/job-run.ts";
import { liveAttempt } from "../schedule/job-run.ts";
import type { AttemptStateName, AttemptView, TaskStateName, TaskView } from "./view-model.ts";
import { taskWait } from "./wait-view.ts";

/** Which tasks are wanted, and which page of them. */
export interface TaskFilter {
  readonly state?: TaskStateName;
  readonly offset: number;
  readonly limit: number;
}

/** A page of tasks, with the number of all that match. */
export interface TaskPageView {
  readonly tasks: readonly TaskView[];
  readonly total: number;
}

/** List tasks in order of stage and index. Cost: linear in the job's tasks. */
export function taskPage(run: JobRun, filter: TaskFilter, atMs: number): TaskPageView {
  const tasks: TaskView[] = [];
  let total = 0;
  run.state.stages.forEach((stage, stageIndex) => {
    stage.tasks.forEach((_, index) => {
      if (filter.state !== undefined && taskStateOf(run, stageIndex, index) !== filter.state) return;
      if (total >= filter.offset && tasks.length < filter.limit)
        tasks.push(taskView(run, { stage: stageIndex, task: index }, atMs));
      total += 1;
    });
  });
  return { tasks, total };
}

/** Say where a task stands. */
export function taskStateOf(run: JobRun, stage: number, task: number): TaskStateName {
  const found = run.state.stages[stage]?.tasks[task];
  if (found === undefined) return "waiting";
  const { failedTask, outcome } = run.state;
  // It may have been accepted, and its segments lost too often since.
  if (failedTask !== undefined && failedTask.stage === stage && failedTask.task === task) return "failed";
  if (found.accepted !== undefined) return "done";
  const live = found.attempts.findLast(isLive);
  if (live !== undefined) {
    const state = attemptStateOf(run, { stage, task }, live);
    return state === "running" ? "running" : "gathering";
  }
  return outcome !== undefined && found.charged > 0 ? "failed" : "waiting";
}

/** Show one attempt by its name within the job. @returns undefined when it is unknown or forgotten. */
export function attemptView(run: JobRun, name: string): AttemptView | undefined {
  for (const [stage, { tasks }] of run.state.stages.entries()) {
    for (const [task, found] of tasks.entries()) {
      const attempt = found.attempts.find((each) => attemptName({ stage, task, attempt: each.attempt }) === name);
      if (attempt !== undefined) return viewAttempt(run, { stage, task, durable: found }, attempt);
    }
  }
  return undefined;
}

function taskView(
  run: JobRun,
  { stage, task }: { readonly stage: number; readonly task: number },
  atMs: number,
): TaskView {
  const durable = run.state.stages[stage]?.tasks[task];
  const state = taskStateOf(run, stage, task);
  const wait = state === "waiting" || state === "gathering" ? taskWait(run, { stage, task, state }, atMs) : undefined;
  const attempts = durable?.attempts.map((attempt) => viewAttempt(run, { stage, task, durable }, attempt)) ?? [];
  return { stage, task, state, attempts, ...(wait === undefined ? {} : { wait }) };
}

interface TaskPlace {
  readonly stage: number;
  readonly task: number;
  readonly durable: TaskState;
}

function viewAttempt(run: JobRun, { stage, task, durable }: TaskPlace, attempt: AttemptState): AttemptView {
  const state = attemptStateOf(run, { stage, task }, attempt);
  const progress = liveAttempt(run, { job: run.state.job, stage, task, attempt: attempt.attempt })?.progress;
  const result = durable.accepted?.attempt === attempt.attempt ? durable.accepted.result : undefined;
  const consumed = result?.consumed;
  return {
    attempt: attemptName({ stage, task, attempt: attempt.attempt }),
    state,
    worker: attempt.worker,
    startedMs: attempt.launchedMs,
    ...(attempt.endedMs === undefined ? {} : { endedMs: attempt.endedMs }),
    progress: state === "accepted" || state === "supplied" ? 1 : (progress?.fraction ?? 0),
    records:
      consumed === undefined
        ? (progress?.records ?? 0)
        : consumed.kind === "splits"
          ? consumed.records
          : consumed.pairs,
    bytes:
      consumed === undefined ? (progress?.bytes ?? 0) : consumed.kind === "splits" ? consumed.bytes : consumed.rawBytes,
    ...(attempt.failure === undefined ? {} : { failure: attempt.failure }),
    files: result?.files ?? [],
    ...(result === undefined ? {} : { peakRssBytes: result.usage.peakRssBytes, cpuMs: result.usage.cpuMs }),
  };
}

function attemptStateOf(
  run: JobRun,
  { stage, task }: { readonly stage: number; readonly task: number },
  attempt: AttemptState,
): AttemptStateName {
  if (attempt.status === "slotted") return "running";
  if (attempt.status !== "launched") return attempt.status;
  if (run.state.stages[stage]?.plan.kind !== "reduce") return "running";
  const phase = liveAttempt(run, { job: run.state.job, stage, task, attempt: attempt.attempt })?.phase;
  return phase === "gathered" ? "gathered" : "gathering";
}
