// Taking an attempt back that was given up with its worker: as long as its task is not done and nobody else does it,
// what the worker went on doing counts as before.

import { findAttempt, findTask, isLive } from "../journal/job-state.ts";
import type { AttemptRef } from "../model/ids.ts";
import { placeAttempt } from "./attempt-places.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { needsAttempt } from "./job-run.ts";
import { dequeueTask } from "./task-queue.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** An attempt that turned up again. */
export interface Revival {
  readonly row: WorkerRow;
  readonly ref: AttemptRef;
  readonly phase: AttemptRun["phase"];
}

/** Take a lost attempt back. @returns undefined when it can no longer count. */
export function reviveAttempt(turn: Turn, job: JobRun, { row, ref, phase }: Revival): AttemptRun | undefined {
  const task = findTask(job.state, ref.stage, ref.task);
  const found = task === undefined ? undefined : findAttempt(task, ref.attempt);
  if (task === undefined || found?.status !== "lost" || found.worker !== row.worker || job.state.phase !== "running")
    return undefined;
  const resumable = needsAttempt(job, ref.stage, ref.task);
  // A finished result needs no slot: it may count although another attempt has begun, as long as none is accepted.
  const overtaken = phase === "measuring" && task.accepted === undefined && task.attempts.some(isLive);
  if (!resumable && !overtaken) return undefined;
  const queue = job.stages[ref.stage]?.queue;
  if (queue !== undefined) dequeueTask(queue, ref.task);
  const { stage, attempt: number } = ref;
  turn.recordJob(job, {
    kind: "resumed",
    attempt: { stage, task: ref.task, attempt: number },
    worker: row.worker,
    incarnation: row.incarnation,
    wallMs: turn.wallMs,
  });
  const kind = job.state.stages[stage]?.plan.kind ?? "map";
  const attempt: AttemptRun = {
    ref,
    kind,
    worker: row.worker,
    phase: phase === "measuring" ? "gathered" : phase,
    holdsPlace: false,
    sinceMs: turn.atMs,
    progress: undefined,
    complaints: 0,
    report: undefined,
  };
  placeAttempt(job, row, attempt);
  return attempt;
}
