// The end of a job: durable before anyone can see it, then its workers forget it and its staging directory goes.

import type { AttemptFailure } from "../model/attempt-result.ts";
import type { WorkerId } from "../model/ids.ts";
import type { JobOutcome, TaskKey } from "../model/records.ts";
import { maybeForgetJob, stopOnWorker } from "./attempt-places.ts";
import type { JobRun } from "./job-run.ts";
import { liveAttempts } from "./job-run.ts";
import { outliveCalls } from "./storage-desk.ts";
import { beginWinding } from "./sweep-job.ts";
import type { Turn } from "./turn.ts";
import { sortedWorkers } from "./worker-table.ts";

/** How a job ends. */
export interface JobEnd {
  readonly outcome: JobOutcome;
  readonly failure?: AttemptFailure;
  /** The task that it failed of. */
  readonly failedTask?: TaskKey;
}

/** End a job that lives: journal it, stop what runs, release the output, begin to sweep. */
export function endJob(turn: Turn, job: JobRun, { outcome, failure, failedTask }: JobEnd): void {
  if (job.state.outcome !== undefined) return;
  turn.recordJob(job, {
    kind: "ended-job",
    outcome,
    ...(failure === undefined ? {} : { failure }),
    ...(failedTask === undefined ? {} : { failedTask: { stage: failedTask.stage, task: failedTask.task } }),
    wallMs: turn.wallMs,
  });
  turn.recordCluster({ kind: "job-ended", job: job.state.job, outcome });
  const running = liveAttempts(job);
  for (const attempt of running)
    stopOnWorker(turn, job, attempt, `its job has ${outcome === "killed" ? "been killed" : outcome}`);
  outliveCalls(job.desk);
  job.commit = undefined;
  job.noWorkerSinceMs = undefined;
  job.noSpaceSinceMs = undefined;
  const known = workersOf(job);
  for (const row of sortedWorkers(turn.reign.workers)) {
    if (known.has(row.worker) || row.briefed.has(job.state.job)) maybeForgetJob(turn, row, job.state.job);
  }
  turn.assignDue = true;
  beginWinding(turn, job);
}

/** Workers that ran something of the job, and may hold run files of it. */
function workersOf(job: JobRun): ReadonlySet<WorkerId> {
  const workers = new Set<WorkerId>();
  for (const stage of job.state.stages) {
    for (const task of stage.tasks) {
      for (const attempt of task.attempts) workers.add(attempt.worker);
    }
  }
  return workers;
}
