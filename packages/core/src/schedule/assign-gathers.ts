// Handing out gathering places, at most as many a worker as it has slots: the first job's earliest stage first.
// A gather that waits for a producer which is not in yields its place to one that comes before it, or that waits for
// nobody, and keeps its files: so a chain needs one place and one slot in all.

import { takePlace, yieldPlace } from "./attempt-places.ts";
import { isFit } from "./avoid-worker.ts";
import { gathersBefore } from "./job-order.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { launchGather } from "./launch-attempt.ts";
import { mayTake } from "./rest-worker.ts";
import { producersIn, sendAllPlaces } from "./segment-places.ts";
import { partitionSum } from "../shuffle/segment-sum.ts";
import { dequeueTask } from "./task-queue.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";
import { freePlaces } from "./worker-table.ts";

/** Whose turn it may be: what decides about places, the same for all tasks of a stage. */
interface StageWish {
  readonly job: JobRun;
  readonly stage: number;
  /** Whether all segments can be had now. */
  readonly ready: boolean;
}

/** A reduce task that wants a place: a new attempt, or one that yielded its place. */
interface Wish extends StageWish {
  readonly task: number;
  /** Set when the attempt exists and must stay on its worker. */
  readonly attempt: AttemptRun | undefined;
}

/** Give places to the reduce tasks that may gather. */
export function assignGathers(turn: Turn, jobs: readonly JobRun[], workers: readonly WorkerRow[]): void {
  for (const job of [...jobs].sort(gathersBefore)) {
    job.state.stages.forEach((stage, index) => {
      if (stage.plan.kind === "reduce" && mayGather(turn, job, index))
        assignStage(turn, workers, { job, stage: index });
    });
  }
}

/** Tell whether enough of a shuffle's maps are in for its reducers to gather. */
export function mayGather(turn: Turn, job: JobRun, stage: number): boolean {
  const producer = job.state.stages[job.state.stages[stage]?.plan.reads ?? -1];
  if (producer === undefined) return false;
  return producer.acceptedTasks >= Math.ceil(turn.reign.settings.gatherAfterShare * producer.tasks.length);
}

function assignStage(
  turn: Turn,
  workers: readonly WorkerRow[],
  { job, stage }: { readonly job: JobRun; readonly stage: number },
): void {
  const ready = producersIn(job, stage);
  const yielded = [...job.live.values()].filter(
    (attempt) => attempt.ref.stage === stage && attempt.phase === "gathering" && !attempt.holdsPlace,
  );
  for (const attempt of yielded.sort((a, b) => a.ref.task - b.ref.task)) {
    placeAgain(turn, { job, stage, task: attempt.ref.task, attempt, ready });
  }
  const queue = job.stages[stage]?.queue;
  if (queue === undefined || queue.waiting.size === 0) return;
  // Whether a worker may have a place depends on the stage alone: most steps find none and look at no task.
  if (!workers.some((row) => mayHavePlace(turn, row, { job, stage, ready }))) return;
  for (const task of [...queue.waiting].sort((a, b) => a - b)) {
    const wish: Wish = { job, stage, task, attempt: undefined, ready };
    const row = chooseWorker(turn, workers, wish);
    if (row === undefined) {
      if (!workers.some((candidate) => mayHavePlace(turn, candidate, wish))) return;
      continue;
    }
    if (freePlaces(row) === 0) displace(turn, row, wish);
    dequeueTask(queue, task);
    job.noSpaceSinceMs = undefined;
    launchGather(turn, { job, row, stage, task });
  }
}

function placeAgain(turn: Turn, wish: Wish & { readonly attempt: AttemptRun }): void {
  const row = turn.reign.workers.get(wish.attempt.worker);
  if (row === undefined || !hasPlace(turn, row, wish)) return;
  if (freePlaces(row) === 0) displace(turn, row, wish);
  takePlace(row, wish.attempt);
  sendAllPlaces(turn, wish.job, wish.attempt);
}

/**
 * The fit worker with room on its disk, fewest gathers first; not the one where the task has just failed, if there is another.
 * A task that failed by its worker's fault waits for one that has not failed so, if the disk of one has room at all.
 */
function chooseWorker(turn: Turn, workers: readonly WorkerRow[], wish: Wish): WorkerRow | undefined {
  const failed = wish.job.stages[wish.stage]?.queue.failedLately.get(wish.task);
  const fit = workers.filter((row) => isFit(turn, wish.job, row) && row.standing === "alive");
  const shunned =
    failed !== undefined && failed.untilMs > turn.atMs && fit.some((row) => row.worker !== failed.worker)
      ? failed.worker
      : undefined;
  const well = failed?.ownFault === true ? fit.filter((row) => !wish.job.resting.has(row.worker)) : [];
  const apt = well.some((row) => hasDiskFor(turn, row, wish)) ? well : fit;
  const open = apt.filter((row) => row.worker !== shunned && mayHavePlace(turn, row, wish));
  const roomy = open.filter((row) => hasDiskFor(turn, row, wish));
  if (open.length > 0 && roomy.length === 0 && !fit.some((row) => hasDiskFor(turn, row, wish)))
    noteNoSpace(turn, wish.job);
  return roomy.sort(
    (a, b) =>
      Number(freePlaces(b) > 0) - Number(freePlaces(a) > 0) ||
      a.attempts.size - b.attempts.size ||
      (a.worker < b.worker ? -1 : 1),
  )[0];
}

function noteNoSpace(turn: Turn, job: JobRun): void {
  job.noSpaceSinceMs ??= turn.atMs;
  turn.wakeBy(job.noSpaceSinceMs + turn.reign.settings.placementTimeoutMs);
}

function mayHavePlace(turn: Turn, row: WorkerRow, wish: StageWish): boolean {
  return mayTake(turn, wish.job, row) && hasPlace(turn, row, wish);
}

/** Also for an attempt that is there already, whether or not its job has begun to avoid the worker. */
function hasPlace(turn: Turn, row: WorkerRow, wish: StageWish): boolean {
  if (row.standing !== "alive") return false;
  return freePlaces(row) > 0 || victim(turn, row, wish) !== undefined;
}

/** The gather that must yield: it waits for a producer, and the wish comes before it or waits for nobody. The last one. */
function victim(turn: Turn, row: WorkerRow, wish: StageWish): AttemptRun | undefined {
  const holders = [...row.attempts.values()].filter((attempt) => attempt.holdsPlace && attempt.phase === "gathering");
  const yielding = holders.filter((attempt) => {
    const job = turn.reign.jobs.get(attempt.ref.job);
    return (
      job !== undefined &&
      !producersIn(job, attempt.ref.stage) &&
      (wish.ready || compareWishes(wish, { job, stage: attempt.ref.stage }) < 0)
    );
  });
  return yielding.sort((a, b) => compareHolders(turn, b, a))[0];
}

function compareHolders(turn: Turn, a: AttemptRun, b: AttemptRun): number {
  const first = turn.reign.jobs.get(a.ref.job);
  const second = turn.reign.jobs.get(b.ref.job);
  if (first === undefined || second === undefined) return 0;
  return (
    compareWishes({ job: first, stage: a.ref.stage }, { job: second, stage: b.ref.stage }) || a.ref.task - b.ref.task
  );
}

function compareWishes(
  a: { readonly job: JobRun; readonly stage: number },
  b: { readonly job: JobRun; readonly stage: number },
): number {
  return gathersBefore(a.job, b.job) || a.stage - b.stage;
}

function displace(turn: Turn, row: WorkerRow, wish: Wish): void {
  const yielding = victim(turn, row, wish);
  if (yielding !== undefined) yieldPlace(row, yielding);
}

/** Free disk must cover what is known of the partition, beside what other gathers on the worker have still to bring. */
function hasDiskFor(turn: Turn, row: WorkerRow, { job, stage, task }: Wish): boolean {
  let claimed = 0;
  for (const attempt of row.attempts.values()) {
    const other = turn.reign.jobs.get(attempt.ref.job);
    if (attempt.phase === "gathering" && other !== undefined)
      claimed += Math.max(0, knownBytes(other, attempt.ref.stage, attempt.ref.task) - broughtBytes(attempt));
  }
  return row.freeDiskBytes >= claimed + knownBytes(job, stage, task);
}

/**
 * Raw bytes that a gather has brought, or reads in place, as its worker last told: they take no more of the free disk. That
 * is measured every few seconds, so a gather may be let in too early: then it meets a full disk, and the worker rests.
 */
function broughtBytes({ progress }: AttemptRun): number {
  return progress?.phase === "gather" ? progress.bytes : 0;
}

/** Tell whether every reduce task of a job that waits would fit on some worker's disk, were a place free there. */
export function disksSuffice(turn: Turn, job: JobRun): boolean {
  const fit = [...turn.reign.workers.values()].filter((row) => row.standing === "alive" && isFit(turn, job, row));
  return job.stages.every(({ queue }, stage) => {
    if (job.state.stages[stage]?.plan.kind !== "reduce") return true;
    const wishes = [...queue.waiting].map((task) => ({ job, stage, task, attempt: undefined, ready: true }));
    return wishes.every((wish) => fit.some((row) => hasDiskFor(turn, row, wish)));
  });
}

/** Raw bytes of a reduce task's partition, as far as its maps are in. */
export function knownBytes(job: JobRun, stage: number, task: number): number {
  const sums = job.stages[job.state.stages[stage]?.plan.reads ?? -1]?.sums;
  return sums === undefined ? 0 : partitionSum(sums, task).rawBytes;
}
