// The one way in which the durable part of a job changes: live machine and replay both come through here.
// It decides nothing: a record is a fact. One that cannot follow what came before is a bug, and stops the process.

import { applyCommitRecord, emptyCommitProgress } from "../commit/commit-progress.ts";
import { errorEntry } from "../errors/error-table.ts";
import { InvariantError, assertNever, invariant } from "../errors/invariant.ts";
import { shuffleOf } from "../job/stage-writes.ts";
import { limits } from "../limits.ts";
import { servedBy, servedByOthers } from "../model/placement-counters.ts";
import type { AcceptedResult, JobRecord } from "../model/records.ts";
import type { AttemptState, AttemptStatus, JobState, SegmentHome, StageState, TaskState } from "./job-state.ts";
import { attemptsKeptMax, findAttempt, isLive, splitsOf, stageAccepted, waitsForRanges } from "./job-state.ts";

type RecordOf<Kind extends JobRecord["kind"]> = Extract<JobRecord, { kind: Kind }>;

/** Reasons of a `segments-lost` record that are the fault of the worker that had them. */
export const segmentFaults = {
  damaged: "its source found the run file damaged",
  unanswered: "its source did not say in time whether the run file is good",
} as const;
const faults: ReadonlySet<string> = new Set(Object.values(segmentFaults));

/** Begin a job's durable state from the first record of its journal. */
export function createJobState(record: RecordOf<"submitted">): JobState {
  return {
    job: record.job,
    spec: record.spec,
    stagingUri: record.stagingUri,
    submittedMs: record.wallMs,
    phase: "planning",
    splits: [],
    totals: undefined,
    stages: [],
    counters: new Map(),
    badSamples: 0,
    attemptsFailed: 0,
    attemptsLost: 0,
    workerFailures: new Map(),
    avoided: new Map(),
    killReason: undefined,
    commit: emptyCommitProgress,
    firstLaunchMs: undefined,
    committingMs: undefined,
    endedMs: undefined,
    outcome: undefined,
    failure: undefined,
    failedTask: undefined,
    swept: false,
  };
}

/** Change a job's durable state by one record. @throws {InvariantError} when the record cannot follow. */
export function applyJobRecord(state: JobState, record: JobRecord): void {
  switch (record.kind) {
    case "submitted":
      throw new InvariantError(`Invariant broken: job ${state.job} was submitted twice`);
    case "splits":
      return applySplits(state, record);
    case "planned":
      return applyPlanned(state, record);
    case "staged":
      state.phase = "running";
      return;
    case "launched":
      return applyLaunched(state, record);
    case "resumed":
      return applyResumed(state, record);
    case "slotted": {
      const attempt = attemptOf(state, record.attempt);
      attempt.status = "slotted";
      attempt.slottedMs = record.wallMs;
      return;
    }
    case "ended":
      return applyEnded(state, record);
    case "accepted":
      return applyAccepted(state, record);
    case "ranges":
      return applyRanges(state, record);
    case "supplied":
      return applySupplied(state, record);
    case "segments-lost":
      return applySegmentsLost(state, record);
    case "reset":
      return applyReset(state, record);
    case "avoided":
      state.avoided.set(record.worker, record.reason);
      return;
    case "kill-requested":
      state.killReason = record.reason;
      return;
    case "committing":
      state.commit = applyCommitRecord(state.commit, record);
      state.phase = "committing";
      state.committingMs = record.wallMs;
      return;
    case "aside":
    case "voiding":
    case "aside-removed":
      state.commit = applyCommitRecord(state.commit, record);
      return;
    case "published":
      state.commit = applyCommitRecord(state.commit, record);
      state.phase = "published";
      return;
    case "ended-job":
      return applyEndedJob(state, record);
    case "swept":
      state.swept = true;
      return;
    default:
      assertNever(record, "job record");
  }
}

function applySplits(state: JobState, record: RecordOf<"splits">): void {
  while (state.splits.length <= record.stage) state.splits.push([]);
  const splits = state.splits[record.stage] ?? [];
  invariant(
    splits.length === record.first,
    `splits of stage ${record.stage} begin at ${record.first}, not ${splits.length}`,
  );
  for (const split of record.splits) splits.push(split);
}

function applyPlanned(state: JobState, record: RecordOf<"planned">): void {
  state.totals = record.totals;
  state.stages = record.stages.map((plan) => ({
    plan,
    tasks: Array.from({ length: plan.tasks }, createTask),
    acceptedTasks: 0,
    homedTasks: 0,
    cuts: undefined,
  }));
  while (state.splits.length < record.stages.length) state.splits.push([]);
  state.phase = "staging";
}

function createTask(): TaskState {
  return { attempts: [], nextAttempt: 0, charged: 0, losses: 0, resets: 0, accepted: undefined, home: undefined };
}

function stageOf(state: JobState, stage: number): StageState {
  const found = state.stages[stage];
  invariant(found !== undefined, `job ${state.job} has no stage ${stage}`);
  return found;
}

function taskOf(state: JobState, key: { readonly stage: number; readonly task: number }): TaskState {
  const found = stageOf(state, key.stage).tasks[key.task];
  invariant(found !== undefined, `job ${state.job} has no task ${key.stage}-${key.task}`);
  return found;
}

function attemptOf(
  state: JobState,
  key: { readonly stage: number; readonly task: number; readonly attempt: number },
): AttemptState {
  const found = findAttempt(taskOf(state, key), key.attempt);
  invariant(found !== undefined, `job ${state.job} has no attempt ${key.stage}-${key.task}.${key.attempt}`);
  return found;
}

function applyLaunched(state: JobState, record: RecordOf<"launched">): void {
  const task = taskOf(state, record.attempt);
  invariant(
    record.attempt.attempt === task.nextAttempt,
    `attempt ${record.attempt.attempt} follows ${task.nextAttempt - 1}`,
  );
  invariant(
    !waitsForRanges(state, record.attempt.stage),
    `stage ${record.attempt.stage} is launched without its ranges`,
  );
  task.nextAttempt++;
  task.attempts.push({
    attempt: record.attempt.attempt,
    worker: record.worker,
    incarnation: record.incarnation,
    status: "launched",
    charged: false,
    failure: undefined,
    launchedMs: record.wallMs,
    slottedMs: undefined,
    endedMs: undefined,
  });
  state.firstLaunchMs ??= record.wallMs;
  forgetOldAttempts(task);
}

/** Drop the oldest ended attempts that neither own the result nor hold its segments. */
function forgetOldAttempts(task: TaskState): void {
  while (task.attempts.length > attemptsKeptMax) {
    const index = task.attempts.findIndex(
      (attempt) =>
        !isLive(attempt) && attempt.attempt !== task.accepted?.attempt && attempt.attempt !== task.home?.attempt,
    );
    if (index < 0) return;
    task.attempts.splice(index, 1);
  }
}

function applyResumed(state: JobState, record: RecordOf<"resumed">): void {
  const attempt = attemptOf(state, record.attempt);
  invariant(
    attempt.status === "lost",
    `attempt ${record.attempt.stage}-${record.attempt.task}.${record.attempt.attempt} is resumed, but ${attempt.status}`,
  );
  state.attemptsLost--;
  attempt.status = attempt.slottedMs === undefined ? "launched" : "slotted";
  attempt.endedMs = undefined;
  attempt.failure = undefined;
  attempt.incarnation = record.incarnation;
}

function applyEnded(state: JobState, record: RecordOf<"ended">): void {
  const task = taskOf(state, record.attempt);
  const attempt = attemptOf(state, record.attempt);
  invariant(
    isLive(attempt),
    `attempt ${record.attempt.stage}-${record.attempt.task}.${record.attempt.attempt} ends, but is ${attempt.status}`,
  );
  attempt.status = record.outcome;
  attempt.charged = record.charged;
  attempt.failure = record.failure;
  attempt.endedMs = record.wallMs;
  if (record.outcome === "failed") state.attemptsFailed++;
  if (record.outcome === "lost") state.attemptsLost++;
  if (record.charged) task.charged++;
  else if (record.outcome === "failed" || record.outcome === "lost") task.losses++;
  if (record.outcome === "failed" && errorEntry(record.failure.code).charged === "worker") blameWorker(state, attempt);
}

function blameWorker(state: JobState, attempt: AttemptState): void {
  state.workerFailures.set(attempt.worker, (state.workerFailures.get(attempt.worker) ?? 0) + 1);
}

function applyAccepted(state: JobState, record: RecordOf<"accepted">): void {
  const stage = stageOf(state, record.attempt.stage);
  const task = taskOf(state, record.attempt);
  const attempt = attemptOf(state, record.attempt);
  invariant(task.accepted === undefined, `task ${record.attempt.stage}-${record.attempt.task} is accepted twice`);
  invariant(isLive(attempt) || attempt.status === "lost", `a ${attempt.status} attempt is accepted`);
  closeAttempt(attempt, "accepted", record.wallMs);
  task.accepted = {
    attempt: record.attempt.attempt,
    worker: record.worker,
    result: shareStrings(state, record),
    wallMs: record.wallMs,
  };
  if (record.result.run !== undefined) setHome(stage, task, { attempt: record.attempt.attempt, worker: record.worker });
  stage.acceptedTasks++;
  addCounters(state, record.result.counters, 1);
  state.badSamples += record.result.badRecords.length;
  // Only now it is known that the task can be done: those who failed at it were at fault themselves. Once is enough.
  if (task.resets > 0) return;
  for (const other of task.attempts) {
    if (other.status === "failed" && other.charged && other.worker !== record.worker) blameWorker(state, other);
  }
}

/** The names of files that a map read are those of its split: keep them once, as there may be a million. */
function shareStrings(state: JobState, { attempt, result }: RecordOf<"accepted">): AcceptedResult {
  const parts = splitsOf(state, attempt.stage)[attempt.task]?.parts ?? [];
  const { consumed } = result;
  if (consumed.kind !== "splits") return result;
  const ranges = consumed.ranges.map((range, index) => {
    const part = parts[index];
    return part !== undefined && part.uri === range.uri ? { ...range, uri: part.uri } : range;
  });
  return { ...result, consumed: { ...consumed, ranges } };
}

function setHome(stage: StageState, task: TaskState, home: SegmentHome | undefined): void {
  stage.homedTasks += (home === undefined ? 0 : 1) - (task.home === undefined ? 0 : 1);
  task.home = home;
}

function closeAttempt(attempt: AttemptState, status: AttemptStatus, wallMs: number): void {
  attempt.status = status;
  attempt.endedMs = wallMs;
  attempt.failure = undefined;
}

/** The author's counters, of which each task may have others, and the engine's take none of each other's room. */
function addCounters(state: JobState, counters: Readonly<Record<string, number>>, sign: 1 | -1): void {
  const names = [...state.counters.keys()];
  const engines = names.filter(isEnginesCounter).length;
  const kept = { engines, authors: names.length - engines };
  for (const given of Object.keys(counters)) {
    const name = nameToKeep(state, given);
    const before = state.counters.get(name);
    const kind = isEnginesCounter(name) ? "engines" : "authors";
    if (before === undefined && kept[kind] >= limits.countersMax) continue;
    if (before === undefined) kept[kind] += 1;
    state.counters.set(name, (before ?? 0) + sign * (counters[given] ?? 0));
  }
}

function isEnginesCounter(name: string): boolean {
  return name.startsWith("millrace.");
}

/** A cluster of many hosts has one counter for most of them: they must not take the room of the user's. */
function nameToKeep(state: JobState, name: string): string {
  if (!name.startsWith(servedBy) || state.counters.has(name)) return name;
  let kept = 0;
  for (const each of state.counters.keys()) if (each.startsWith(servedBy)) kept += 1;
  return kept < limits.servedHostsMax ? name : servedByOthers;
}

/** The samples have said all that they had to say: they are dropped, as they may be 100,000 keys. */
function applyRanges(state: JobState, { stage, cuts }: RecordOf<"ranges">): void {
  const found = stageOf(state, stage);
  const sample = shuffleOf(state.spec.stages[stage])?.ranges;
  invariant(sample !== undefined && found.cuts === undefined, `stage ${stage} of ${state.job} gets ranges unasked`);
  invariant(cuts.length === found.plan.partitions - 1, `${cuts.length} cuts for ${found.plan.partitions} partitions`);
  invariant(stageAccepted(stageOf(state, sample)), `stage ${stage} gets ranges before all samples are in`);
  found.cuts = cuts;
  for (const task of stageOf(state, sample).tasks) {
    if (task.accepted === undefined) continue;
    const { sample: _, ...result } = task.accepted.result;
    task.accepted = { ...task.accepted, result };
  }
}

function applySupplied(state: JobState, record: RecordOf<"supplied">): void {
  const task = taskOf(state, record.attempt);
  invariant(
    task.accepted !== undefined,
    `task ${record.attempt.stage}-${record.attempt.task} is supplied before it is accepted`,
  );
  setHome(stageOf(state, record.attempt.stage), task, { attempt: record.attempt.attempt, worker: record.worker });
  const attempt = findAttempt(task, record.attempt.attempt);
  // Segments that had to be made again were lost once: that is bounded like the loss of an attempt.
  if (attempt !== undefined && isLive(attempt)) task.losses++;
  if (attempt !== undefined && attempt.status !== "accepted") closeAttempt(attempt, "supplied", record.wallMs);
}

function applySegmentsLost(state: JobState, record: RecordOf<"segments-lost">): void {
  const task = taskOf(state, record.attempt);
  invariant(
    task.home?.attempt === record.attempt.attempt,
    `segments of ${record.attempt.stage}-${record.attempt.task} are lost where they were not`,
  );
  setHome(stageOf(state, record.attempt.stage), task, undefined);
  if (!faults.has(record.reason)) return;
  state.workerFailures.set(record.worker, (state.workerFailures.get(record.worker) ?? 0) + 1);
}

function applyReset(state: JobState, record: RecordOf<"reset">): void {
  const stage = stageOf(state, record.stage);
  const task = taskOf(state, record);
  const accepted = task.accepted;
  invariant(accepted !== undefined, `task ${record.stage}-${record.task} is reset, but not accepted`);
  const attempt = findAttempt(task, accepted.attempt);
  if (attempt !== undefined) attempt.status = "superseded";
  addCounters(state, accepted.result.counters, -1);
  task.accepted = undefined;
  setHome(stage, task, undefined);
  task.resets++;
  stage.acceptedTasks--;
}

function applyEndedJob(state: JobState, record: RecordOf<"ended-job">): void {
  invariant(state.outcome === undefined, `job ${state.job} ends twice`);
  state.phase = "ended";
  state.outcome = record.outcome;
  state.failure = record.failure;
  state.failedTask = record.failedTask;
  state.endedMs = record.wallMs;
  for (const stage of state.stages) {
    for (const task of stage.tasks) {
      for (const attempt of task.attempts) if (isLive(attempt)) closeAttempt(attempt, "killed", record.wallMs);
    }
  }
}
