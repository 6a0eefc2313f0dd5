// Jobs as a worker knows them: their briefs, how much of each is here, and when one is deleted.
// A job goes when the coordinator says so, or when nothing of it is left and no brief of this session vouches for it.

import { attemptName, type AttemptRef, type JobId } from "../../model/ids.ts";
import type { JobBrief, StageBrief } from "../../model/session-messages.ts";
import { countStale, type WorkerJob, type WorkerTurn } from "./worker-state.ts";

/** Take a job's brief: launches of the job may come. */
export function takeBrief(turn: WorkerTurn, brief: JobBrief): void {
  const job = jobOf(turn, brief.job);
  if (job.forgotten) return countStale(turn);
  job.brief = brief;
  job.confirmed = true;
  turn.effects.push({ kind: "prepare-job", brief });
}

/** Take the key ranges of a stage: its launches may come. */
export function takeRanges(
  turn: WorkerTurn,
  { job: id, stage, cuts }: { readonly job: JobId; readonly stage: number; readonly cuts: readonly string[] },
): void {
  const job = turn.state.jobs.get(id);
  if (job?.brief === undefined || job.forgotten) return countStale(turn);
  job.ranges.set(stage, cuts);
}

/** Find or begin what is known of a job. */
export function jobOf(turn: WorkerTurn, id: JobId): WorkerJob {
  let job = turn.state.jobs.get(id);
  if (job === undefined) {
    job = { brief: undefined, ranges: new Map(), seen: new Set(), items: 0, confirmed: false, forgotten: false };
    turn.state.jobs.set(id, job);
  }
  return job;
}

/** Find the brief of an attempt's stage. @returns undefined when the job is unknown, over, or has no such stage. */
export function stageOf(turn: WorkerTurn, ref: AttemptRef): StageBrief | undefined {
  const job = turn.state.jobs.get(ref.job);
  if (job === undefined || job.forgotten) return undefined;
  const stage = job.brief?.stages[ref.stage];
  return stage !== undefined && ref.task < stage.tasks ? stage : undefined;
}

/** Count one more attempt, gather or run of a job. */
export function addItem(turn: WorkerTurn, ref: AttemptRef): void {
  const job = jobOf(turn, ref.job);
  job.items += 1;
  job.seen.add(attemptName(ref));
}

/** Count one less, and delete the job if that was the last and nobody vouches for it. */
export function dropItem(turn: WorkerTurn, ref: AttemptRef): void {
  const job = turn.state.jobs.get(ref.job);
  if (job === undefined) return;
  job.items -= 1;
  maybeDeleteJob(turn, ref.job, job);
}

/** Tell whether an attempt has been here since its job came. */
export function wasSeen(turn: WorkerTurn, ref: AttemptRef): boolean {
  return turn.state.jobs.get(ref.job)?.seen.has(attemptName(ref)) === true;
}

/** Begin a session: jobs must be vouched for anew, and those of which nothing is here are deleted. */
export function askAllJobsAnew(turn: WorkerTurn): void {
  for (const job of turn.state.jobs.values()) job.confirmed = false;
}

/** Delete jobs of which nothing is here and for which nobody vouches. */
export function deleteIdleJobs(turn: WorkerTurn): void {
  for (const id of sortedJobs(turn)) {
    const job = turn.state.jobs.get(id);
    if (job !== undefined) maybeDeleteJob(turn, id, job);
  }
}

/** List known jobs in order of their ids. */
export function sortedJobs(turn: WorkerTurn): readonly JobId[] {
  return [...turn.state.jobs.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function maybeDeleteJob(turn: WorkerTurn, id: JobId, job: WorkerJob): void {
  if (job.items > 0 || (job.confirmed && !job.forgotten)) return;
  turn.state.jobs.delete(id);
  turn.effects.push({ kind: "delete-job", job: id });
}
