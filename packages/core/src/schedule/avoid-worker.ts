// Blame: a worker at which a job failed too often gets no more of that job, as long as enough others are left.
// Who failed how often is durable (`workerFailures`, counted as records are applied); this only draws the line.

import type { WorkerId } from "../model/ids.ts";
import type { JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** Avoid every worker that has reached the limit: one, or a third of the workers where that is more, and never the last fit one. */
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
  const hasOther = living.some(
    (row) => row.worker !== worker && !job.state.avoided.has(row.worker) && runsVersionsOf(job, row),
  );
  return hasOther && avoided + 1 <= Math.max(1, Math.floor(living.length / 3));
}

/**
 * Tell whether a worker can run a job's attempts at all: it lives, versions match and the job does not avoid it. The
 * others may have died since it was avoided: then it is fit again, for as long as none of them is or may come back.
 */
export function isFit(turn: Turn, job: JobRun, row: WorkerRow): boolean {
  if (row.standing === "lost" || !runsVersionsOf(job, row)) return false;
  if (!job.state.avoided.has(row.worker)) return true;
  return ![...turn.reign.workers.values()].some((other) => mayBeFit(job, other));
}

/** A worker that is expected after a restart has not told its versions yet. */
function mayBeFit(job: JobRun, row: WorkerRow): boolean {
  if (row.standing === "lost" || job.state.avoided.has(row.worker)) return false;
  return row.standing === "expected" || runsVersionsOf(job, row);
}

function runsVersionsOf(job: JobRun, { description }: WorkerRow): boolean {
  const { dataVersion, nodeMajor } = job.state.spec;
  return (
    description !== undefined && description.dataVersions.includes(dataVersion) && description.nodeMajor === nodeMajor
  );
}
