// Launching: a map or a sample takes a slot, a reduce first a gathering place and, when all its segments are local, a slot.
// Each is journalled before its message leaves.

import { invariant } from "../errors/invariant.ts";
import { findTask, splitsOf } from "../journal/job-state.ts";
import type { AttemptRef } from "../model/ids.ts";
import { sampleKeysMaxOf } from "../shuffle/key-ranges.ts";
import { placeAttempt, slotAttempt } from "./attempt-places.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { sendAllPlaces } from "./segment-places.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";

/** Name one task of a job on its way to a worker. */
export interface Launch {
  readonly job: JobRun;
  readonly row: WorkerRow;
  readonly stage: number;
  readonly task: number;
}

/** Launch an attempt that reads a split, a map or a sample, on a free slot. */
export function launchSplit(turn: Turn, launch: Launch): void {
  const { job, row, stage } = launch;
  const ref = number(turn, launch);
  const kind = job.state.stages[stage]?.plan.kind ?? "map";
  placeAttempt(job, row, newRun(turn, launch, { ref, kind }));
  sendSplit(turn, job, ref, row);
}

/** Assign the gathering of a reduce attempt to a free place. */
export function launchGather(turn: Turn, launch: Launch): void {
  const { job, row } = launch;
  const ref = number(turn, launch);
  const attempt = newRun(turn, launch, { ref, kind: "reduce" });
  placeAttempt(job, row, attempt);
  sendGather(turn, job, attempt);
}

/** Give a gathered reduce attempt its slot. */
export function launchReduce(turn: Turn, job: JobRun, attempt: AttemptRun): void {
  const { stage, task, attempt: number } = attempt.ref;
  turn.recordJob(job, { kind: "slotted", attempt: { stage, task, attempt: number }, wallMs: turn.wallMs });
  slotAttempt(turn, job, attempt);
  const row = turn.reign.workers.get(attempt.worker);
  if (row !== undefined) turn.send(row, { kind: "launch-reduce", attempt: attempt.ref });
}

/** Send the launch of a map or sample attempt, the first time or after a broken stream. */
export function sendSplit(turn: Turn, job: JobRun, ref: AttemptRef, row: WorkerRow): void {
  const split = splitsOf(job.state, ref.stage)[ref.task];
  const stage = job.state.stages[ref.stage];
  invariant(split !== undefined && stage !== undefined, `task ${ref.stage}-${ref.task} has no split`);
  sendBrief(turn, job, row);
  if (stage.plan.kind === "sample") {
    const keysMax = sampleKeysMaxOf(stage.tasks.length);
    return turn.send(row, { kind: "launch-sample", attempt: ref, split, keysMax });
  }
  sendRanges(turn, job, ref.stage, row);
  turn.send(row, { kind: "launch-map", attempt: ref, split });
}

/** Send the order to gather, with all places that are known, the first time or after a broken stream. */
export function sendGather(turn: Turn, job: JobRun, attempt: AttemptRun): void {
  const row = turn.reign.workers.get(attempt.worker);
  const reads = job.state.stages[attempt.ref.stage]?.plan.reads ?? -1;
  if (row === undefined) return;
  sendBrief(turn, job, row);
  turn.send(row, { kind: "gather", attempt: attempt.ref, maps: job.state.stages[reads]?.tasks.length ?? 0 });
  sendAllPlaces(turn, job, attempt);
}

/** Send a job's brief, once a session. */
export function sendBrief(turn: Turn, job: JobRun, row: WorkerRow): void {
  if (row.session === undefined || row.briefed.has(job.state.job)) return;
  row.briefed.set(job.state.job, new Set());
  turn.effect({ kind: "send-brief", session: row.session, job: job.state.job });
}

/** Send the key ranges of a stage's shuffle, if it has any, once a session. */
function sendRanges(turn: Turn, job: JobRun, stage: number, row: WorkerRow): void {
  const cuts = job.state.stages[stage]?.cuts;
  const told = row.briefed.get(job.state.job);
  if (cuts === undefined || told === undefined || told.has(stage)) return;
  told.add(stage);
  turn.send(row, { kind: "ranges", job: job.state.job, stage, cuts });
}

function number(turn: Turn, { job, row, stage, task }: Launch): AttemptRef {
  const found = findTask(job.state, stage, task);
  invariant(found !== undefined, `job ${job.state.job} has no task ${stage}-${task}`);
  const key = { stage, task, attempt: found.nextAttempt };
  turn.recordJob(job, {
    kind: "launched",
    attempt: key,
    worker: row.worker,
    incarnation: row.incarnation,
    wallMs: turn.wallMs,
  });
  return { job: job.state.job, ...key };
}

function newRun(turn: Turn, { row }: Launch, { ref, kind }: Pick<AttemptRun, "ref" | "kind">): AttemptRun {
  return {
    ref,
    kind,
    worker: row.worker,
    phase: kind === "reduce" ? "gathering" : "running",
    holdsPlace: kind === "reduce",
    sinceMs: turn.atMs,
    progress: undefined,
    complaints: 0,
    report: undefined,
  };
}
