// Bounds on waiting for a place: a job that no worker can take, and a reduce that fits on no disk, end at last with a
// reason instead of hanging.

import { quote } from "../errors/millrace-error.ts";
import { disksSuffice } from "./assign-gathers.ts";
import { isFit } from "./avoid-worker.ts";
import { endJob } from "./end-job.ts";
import type { JobRun } from "./job-run.ts";
import { mayLaunch } from "./job-run.ts";
import type { Turn } from "./turn.ts";

/** Note since when each job has work that no worker can take. */
export function checkPlacement(turn: Turn): void {
  for (const job of turn.reign.jobs.values()) {
    const stuck =
      mayLaunch(job) && hasWaiting(job) && ![...turn.reign.workers.values()].some((row) => isFit(turn, job, row));
    if (!stuck) job.noWorkerSinceMs = undefined;
    else {
      job.noWorkerSinceMs ??= turn.atMs;
      turn.wakeBy(job.noWorkerSinceMs + turn.reign.settings.placementTimeoutMs);
    }
    if (job.noSpaceSinceMs !== undefined && disksSuffice(turn, job)) job.noSpaceSinceMs = undefined;
  }
}

/** Tell whether tasks of the job wait for an attempt. */
export function hasWaiting(job: JobRun): boolean {
  return job.stages.some(({ queue }) => queue.waiting.size > 0);
}

/** End a job that has waited too long. */
export function expirePlacement(turn: Turn, job: JobRun): void {
  const { placementTimeoutMs } = turn.reign.settings;
  const overdue = (sinceMs: number | undefined): boolean => {
    if (sinceMs === undefined) return false;
    if (sinceMs + placementTimeoutMs <= turn.atMs) return true;
    turn.wakeBy(sinceMs + placementTimeoutMs);
    return false;
  };
  const { name, nodeMajor, dataVersion } = job.state.spec;
  const seconds = Math.round(placementTimeoutMs / 1000);
  if (overdue(job.noWorkerSinceMs)) {
    endJob(turn, job, {
      outcome: "failed",
      failure: {
        code: "E_NO_WORKER",
        message: `Cannot run ${quote(name)}: for ${seconds} s no worker lived that runs Node ${nodeMajor} and data version ${dataVersion}; start one`,
      },
    });
  } else if (overdue(job.noSpaceSinceMs)) {
    endJob(turn, job, {
      outcome: "failed",
      failure: {
        code: "E_NO_SPACE",
        message: `Cannot gather for ${quote(name)}: for ${seconds} s no worker had the disk space for a partition; free some, or use more reducers`,
      },
    });
  }
}
