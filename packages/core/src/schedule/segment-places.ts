// Telling gathering attempts where segments lie, and when a place is gone. A place is known once its task is accepted
// and its worker has said in this reign where it serves; a gather without a place of its own (it yielded) is told later.

import { consumerStages } from "../journal/job-state.ts";
import { limits } from "../limits.ts";
import type { PlaceToSend } from "../model/coordinator-effects.ts";
import type { AttemptRun, JobRun } from "./job-run.ts";
import { liveAttempts } from "./job-run.ts";
import type { Turn } from "./turn.ts";

/** Send all known places to one gathering attempt. */
export function sendAllPlaces(turn: Turn, job: JobRun, attempt: AttemptRun): void {
  const reads = job.state.stages[attempt.ref.stage]?.plan.reads ?? -1;
  const key = `${job.state.job}/${reads}`;
  let places = turn.places.get(key);
  if (places === undefined) {
    const tasks = job.state.stages[reads]?.tasks ?? [];
    places = tasks.flatMap((_, task) => placeOf(turn, job, reads, task) ?? []);
    turn.places.set(key, places);
  }
  sendPlaces(turn, attempt, places);
}

/**
 * Tell every gathering attempt that reads a stage about the places of some of its tasks: at once when they are the last
 * or many, else together with what comes in the next moment. One by one, maps × reducers messages would leave.
 */
export function announcePlaces(turn: Turn, job: JobRun, stage: number, tasks: readonly number[]): void {
  const run = job.stages[stage];
  if (run === undefined || tasks.length === 0) return;
  run.unannounced.push(...tasks);
  const complete = job.state.stages[stage]?.homedTasks === job.state.stages[stage]?.tasks.length;
  if (complete || run.unannounced.length >= limits.placesPerMessageMax) return flushPlaces(turn, job, stage);
  run.announceAtMs ??= turn.atMs + turn.reign.settings.placesDelayMs;
  turn.wakeBy(run.announceAtMs);
}

/** Send the places that have waited long enough. */
export function announceDue(turn: Turn, job: JobRun): void {
  job.stages.forEach((run, stage) => {
    if (run.announceAtMs === undefined) return;
    if (run.announceAtMs <= turn.atMs) flushPlaces(turn, job, stage);
    else turn.wakeBy(run.announceAtMs);
  });
}

function flushPlaces(turn: Turn, job: JobRun, stage: number): void {
  const run = job.stages[stage];
  if (run === undefined) return;
  const places = [...new Set(run.unannounced)].flatMap((task) => placeOf(turn, job, stage, task) ?? []);
  run.unannounced.length = 0;
  run.announceAtMs = undefined;
  for (const reader of readersOf(job, stage)) sendPlaces(turn, reader, places);
}

/** Tell every gathering attempt that reads a stage that places are gone. */
export function retractPlaces(turn: Turn, job: JobRun, stage: number, tasks: readonly number[]): void {
  if (tasks.length === 0) return;
  for (const reader of readersOf(job, stage)) {
    const row = turn.reign.workers.get(reader.worker);
    if (row !== undefined) turn.send(row, { kind: "places-lost", attempt: reader.ref, tasks });
  }
}

/** Tell one gathering attempt again where one segment lies. */
export function sendPlaceAgain(turn: Turn, job: JobRun, attempt: AttemptRun, task: number): void {
  const reads = job.state.stages[attempt.ref.stage]?.plan.reads ?? -1;
  const place = placeOf(turn, job, reads, task);
  if (place !== undefined) sendPlaces(turn, attempt, [place]);
}

/** Tell whether every segment that an attempt reads has a place that it can be told. */
export function producersIn(job: JobRun, stage: number): boolean {
  const reads = job.state.stages[stage]?.plan.reads ?? -1;
  const producer = job.state.stages[reads];
  return producer === undefined || producer.homedTasks === producer.tasks.length;
}

function readersOf(job: JobRun, stage: number): readonly AttemptRun[] {
  if (job.live.size === 0) return [];
  const consumers = consumerStages(job.state, stage);
  return liveAttempts(job).filter(
    (attempt) =>
      consumers.includes(attempt.ref.stage) && (attempt.phase === "gathering" || attempt.phase === "gathered"),
  );
}

function sendPlaces(turn: Turn, attempt: AttemptRun, places: readonly PlaceToSend[]): void {
  const session = turn.reign.workers.get(attempt.worker)?.session;
  if (session === undefined || places.length === 0 || (attempt.phase === "gathering" && !attempt.holdsPlace)) return;
  turn.effect({ kind: "send-places", session, attempt: attempt.ref, places });
}

function placeOf(turn: Turn, job: JobRun, stage: number, task: number): PlaceToSend | undefined {
  const found = job.state.stages[stage]?.tasks[task];
  if (found?.home === undefined || found.accepted === undefined) return undefined;
  const row = turn.reign.workers.get(found.home.worker);
  if (row?.description === undefined || row.standing === "lost") return undefined;
  return {
    task,
    attempt: found.home.attempt,
    worker: found.home.worker,
    address: row.description.shuffleAddress,
    vectorAt: found.accepted.result.vectorAt,
  };
}
