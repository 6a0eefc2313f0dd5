// The verdict on each item of an inventory, and what follows for the places of segments and for attempts that the worker
// turns out not to have. Run files are judged first, since they decide which attempts are still wanted.

import { findAttempt, findTask, segmentsNeeded } from "../journal/job-state.ts";
import type { AttemptRef, JobId } from "../model/ids.ts";
import { attemptKey } from "../model/ids.ts";
import type { HeldSegments, Inventory, InventoryVerdict } from "../model/session-messages.ts";
import { removeAttempt } from "./attempt-places.ts";
import { loseAttempt, supersedeAttempt } from "./end-attempt.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { compareAttempts, liveAttempt, liveAttempts } from "./job-run.ts";
import { sendGather, sendSplit } from "./launch-attempt.ts";
import { reviveAttempt } from "./revive-attempt.ts";
import { announcePlaces, sendAllPlaces } from "./segment-places.ts";
import { dequeueTask } from "./task-queue.ts";
import type { Turn } from "./turn.ts";
import { jobsInOrder, loseSegments } from "./worker-liveness.ts";
import type { WorkerRow } from "./worker-table.ts";

/** Verdicts in the order of the inventory, and what is to be sent after them. */
export interface Judgement {
  readonly running: readonly InventoryVerdict[];
  readonly gathering: readonly InventoryVerdict[];
  readonly held: readonly InventoryVerdict[];
  readonly followUps: readonly (() => void)[];
  /** Jobs of which the worker has something and that do not live any more. */
  readonly overJobs: readonly JobId[];
}

/** Judge what a worker has. It must not have a session yet, so that nothing is sent before the verdicts. */
export function judgeInventory(turn: Turn, row: WorkerRow, inventory: Inventory): Judgement {
  const followUps: (() => void)[] = [];
  loseAbsentHomes(turn, row, inventory.held);
  const unacknowledged = new Set(inventory.unacknowledged.map(attemptKey));
  const held = inventory.held.map((item) => judgeHeld(turn, row, item, unacknowledged));
  const running = inventory.running.map((ref) => judgeRunning(turn, row, ref));
  const gathering = inventory.gathering.map((ref) => judgeGathering(turn, row, ref, followUps));
  const known = new Set([...inventory.running, ...inventory.gathering, ...inventory.unacknowledged].map(attemptKey));
  for (const attempt of [...row.attempts.values()].sort((a, b) => compareAttempts(a.ref, b.ref))) {
    if (!known.has(attemptKey(attempt.ref))) sendAgain(turn, row, attempt, followUps);
  }
  return { running, gathering, held, followUps, overJobs: overJobs(turn, inventory) };
}

function overJobs(turn: Turn, { running, gathering, unacknowledged, held }: Inventory): readonly JobId[] {
  const jobs = new Set(
    [...running, ...gathering, ...unacknowledged, ...held.map(({ attempt }) => attempt)].map(({ job }) => job),
  );
  return [...jobs].filter((job) => aliveJob(turn, job) === undefined).sort((a, b) => (a < b ? -1 : 1));
}

function aliveJob(turn: Turn, job: JobId): JobRun | undefined {
  const found = turn.reign.jobs.get(job);
  return found === undefined || found.state.outcome !== undefined ? undefined : found;
}

/** Segments that should be here and are not have been lost. */
function loseAbsentHomes(turn: Turn, row: WorkerRow, held: readonly HeldSegments[]): void {
  const digests = new Map(held.map((item) => [attemptKey(item.attempt), item.vectorDigest]));
  for (const job of jobsInOrder(turn)) {
    if (job.state.outcome !== undefined) continue;
    job.state.stages.forEach((stage, index) => {
      if (stage.homedTasks === 0 || !segmentsNeeded(job.state, index)) return;
      const lost = stage.tasks.flatMap(({ home, accepted }, task) => {
        if (home?.worker !== row.worker) return [];
        const digest = digests.get(attemptKey({ job: job.state.job, stage: index, task, attempt: home.attempt }));
        return digest === accepted?.result.run?.vectorDigest ? [] : [task];
      });
      loseSegments(turn, job, { stage: index, tasks: lost, reason: `worker ${row.worker} came back without them` });
    });
  }
}

function judgeHeld(
  turn: Turn,
  row: WorkerRow,
  { attempt: ref, vectorDigest }: HeldSegments,
  unacknowledged: ReadonlySet<string>,
): InventoryVerdict {
  const job = aliveJob(turn, ref.job);
  const task = job === undefined ? undefined : findTask(job.state, ref.stage, ref.task);
  if (job === undefined || task === undefined) return "delete";
  if (task.accepted === undefined) {
    const found = findAttempt(task, ref.attempt);
    const mayCount =
      found !== undefined &&
      found.worker === row.worker &&
      (liveAttempt(job, ref) !== undefined || found.status === "lost");
    return mayCount && unacknowledged.has(attemptKey(ref)) ? "keep" : "delete";
  }
  if (!segmentsNeeded(job.state, ref.stage)) return "delete";
  if (task.home?.worker === row.worker && task.home.attempt === ref.attempt) return "keep";
  if (
    task.home === undefined &&
    task.accepted.result.run?.vectorDigest === vectorDigest &&
    ref.attempt < task.nextAttempt
  ) {
    adopt(turn, job, row, ref);
    return "keep";
  }
  return liveAttempt(job, ref) !== undefined && unacknowledged.has(attemptKey(ref)) ? "keep" : "delete";
}

/** A run file with the very segments that are missing gives them their place back. */
function adopt(turn: Turn, job: JobRun, row: WorkerRow, ref: AttemptRef): void {
  const { stage, task, attempt } = ref;
  const queue = job.stages[stage]?.queue;
  if (queue !== undefined) dequeueTask(queue, task);
  turn.recordJob(job, { kind: "supplied", attempt: { stage, task, attempt }, worker: row.worker, wallMs: turn.wallMs });
  const own = liveAttempt(job, ref);
  if (own !== undefined) removeAttempt(turn, job, own);
  for (const other of liveAttempts(job)) {
    if (other.ref.stage === stage && other.ref.task === task)
      supersedeAttempt(turn, job, other, "its segments are here again");
  }
  announcePlaces(turn, job, stage, [task]);
}

function judgeRunning(turn: Turn, row: WorkerRow, ref: AttemptRef): InventoryVerdict {
  const job = aliveJob(turn, ref.job);
  if (job !== undefined) {
    const live = liveAttempt(job, ref);
    if (live !== undefined && live.worker === row.worker && (live.phase === "running" || live.phase === "measuring"))
      return "keep";
    if (live === undefined && reviveAttempt(turn, job, { row, ref, phase: "running" }) !== undefined) return "keep";
  }
  stopping(row, ref, true);
  return "kill";
}

function judgeGathering(turn: Turn, row: WorkerRow, ref: AttemptRef, followUps: (() => void)[]): InventoryVerdict {
  const job = aliveJob(turn, ref.job);
  const live = job === undefined ? undefined : (liveAttempt(job, ref) ?? revivedGather(turn, job, row, ref));
  if (
    job === undefined ||
    live === undefined ||
    live.worker !== row.worker ||
    live.kind !== "reduce" ||
    live.phase === "measuring"
  ) {
    stopping(row, ref, false);
    return "kill";
  }
  if (live.phase === "running") followUps.push(() => turn.send(row, { kind: "launch-reduce", attempt: ref }));
  else followUps.push(() => sendAllPlaces(turn, job, live));
  return "keep";
}

function revivedGather(turn: Turn, job: JobRun, row: WorkerRow, ref: AttemptRef): AttemptRun | undefined {
  const task = findTask(job.state, ref.stage, ref.task);
  const slotted = task === undefined ? undefined : findAttempt(task, ref.attempt)?.slottedMs;
  return reviveAttempt(turn, job, { row, ref, phase: slotted === undefined ? "gathering" : "running" });
}

/** A worker ends what was judged so and says so, like after a kill. */
function stopping(row: WorkerRow, ref: AttemptRef, holdsSlot: boolean): void {
  row.stopping.set(attemptKey(ref), { ref, holdsSlot });
  if (holdsSlot) row.slotsUsed++;
}

/** An attempt that the worker does not have was never told to it, unless it had begun to reduce. */
function sendAgain(turn: Turn, row: WorkerRow, attempt: AttemptRun, followUps: (() => void)[]): void {
  const job = turn.reign.jobs.get(attempt.ref.job);
  if (job === undefined || attempt.phase === "measuring") return;
  if (attempt.kind !== "reduce") followUps.push(() => sendSplit(turn, job, attempt.ref, row));
  else if (attempt.phase === "running") loseAttempt(turn, job, attempt, `worker ${row.worker} does not have it`);
  else {
    attempt.phase = "gathering";
    attempt.progress = undefined;
    followUps.push(() => sendGather(turn, job, attempt));
  }
}
