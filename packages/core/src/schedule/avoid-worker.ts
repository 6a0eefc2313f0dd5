// Blame: a worker at which a job failed too often gets no more of that job, as long as enough others are left.
// Who failed how often is durable (`workerFailures`, counted as records are applied); this only draws the line.

import type { WorkerId } from "../model/ids.ts";
import type { JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** Avoid every worker that has reached the limit, at most a third of the workers and never the last fit one. */
export function avoidFailingWorkers(turn: Turn, job: JobRun): void {
  const { settings, workers } = turn.reign;
  if (job.state.outcome !== undefined) return;
  for (const worker of [...job.state.workerFailures.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const failures = job.state.workerFailures.get(worker) ?? 0;
    if (failures < settings.workerFailuresMax || job.state.avoided.has(worker)) continue;
    if (!mayAvoid(job, workers, worker)) continue;
    turn.recordJob(job, { kind: "avoided", worker, reason: `${failures} failures of this job were its own` });
  }
}

function mayAvoid(job: JobRun, workers: ReadonlyMap<WorkerId, WorkerRow>, worker: WorkerId): boolean {
  const living = [...workers.values()].filter((row) => row.standing !== "lost");
  const avoided = living.filter((row) => job.state.avoided.has(row.worker)).length;
  const others = living.filter((row) => row.worker !== worker && isFit(job, row));
  return others.length > 0 && 3 * (avoided + 1) <= living.length;
}

/** Tell whether a worker can run a job's attempts at all: versions match and the job does not avoid it. */
export function isFit(job: JobRun, row: WorkerRow): boolean {
  const { description } = row;
  if (description === undefined || row.standing === "lost" || job.state.avoided.has(row.worker)) return false;
  const { dataVersion, nodeMajor } = job.state.spec;
  return description.dataVersions.includes(dataVersion) && description.nodeMajor === nodeMajor;
}
