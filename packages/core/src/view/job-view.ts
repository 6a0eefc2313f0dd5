// A job as people see it: the same for one that lives and for one rebuilt from its journal.

import { clampShare } from "./share.ts";
import type { JobState, StageState } from "../journal/job-state.ts";
import { isLive } from "../journal/job-state.ts";
import type { BadRecordSample, OutputFile } from "../model/attempt-result.ts";
import { limits } from "../limits.ts";
import type { JobRun } from "../schedule/job-run.ts";
import type { JobStateName, JobSummaryView, JobView, OutputView, PartitionView, StageView } from "./view-model.ts";
import { taskStateOf } from "./task-view.ts";
import { jobWaits } from "./wait-view.ts";

/** Sum up a job in a line. Cost: linear in its tasks. */
export function jobSummary(run: JobRun): JobSummaryView {
  const { state } = run;
  const attempts = state.stages.flatMap((stage) => stage.tasks.flatMap((task) => task.attempts));
  return {
    job: state.job,
    name: state.spec.name,
    state: jobStateOf(state),
    priority: state.spec.options.priority,
    submittedMs: state.submittedMs,
    ...(state.endedMs === undefined ? {} : { endedMs: state.endedMs }),
    outputUri: state.spec.output.uri,
    progress: jobProgress(run),
    tasks: state.stages.reduce((sum, stage) => sum + stage.tasks.length, 0),
    tasksDone: state.stages.reduce((sum, stage) => sum + stage.acceptedTasks, 0),
    attemptsRunning: attempts.filter(isLive).length,
    attemptsFailed: state.attemptsFailed,
    attemptsLost: state.attemptsLost,
    ...(state.failure === undefined ? {} : { failure: state.failure }),
  };
}

/** Show a job in full. Cost: linear in its tasks. */
export function jobView(run: JobRun, atMs: number): JobView {
  const { state } = run;
  const files = acceptedFiles(state);
  const published = state.outcome === "succeeded";
  return {
    ...jobSummary(run),
    inputFiles: state.totals?.inputFiles ?? 0,
    inputBytes: state.totals?.inputBytes ?? 0,
    skippedFiles: state.totals?.skippedFiles ?? 0,
    planHash: state.totals?.hash ?? "",
    stages: state.stages.map((stage, index) => stageView(run, stage, index)),
    counters: shownCounters(state),
    badRecords: badRecords(state),
    waits: jobWaits(run, atMs),
    ...(published
      ? {
          parts: files.length,
          outputBytes: files.reduce((sum, file) => sum + file.bytes, 0),
          outputRecords: files.reduce((sum, file) => sum + file.records, 0),
          outputs: outputViews(state, files),
        }
      : {}),
  };
}

/** Add up files by output: all that the job declares, also those that nobody wrote. */
function outputViews({ spec }: JobState, files: readonly OutputFile[]): readonly OutputView[] {
  const names = new Set(
    spec.stages.flatMap((stage) => (stage.kind === "sample" ? [] : stage.outputs)).map(({ name }) => name),
  );
  return [...names]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const own = files.filter((file) => file.output === name);
      return {
        name,
        parts: own.length,
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        records: own.reduce((sum, { records }) => sum + records, 0),
      };
    });
}

/** Show how evenly the keys of a stage's shuffle spread. Empty when it writes none. */
export function partitionViews(run: JobRun, stage: number): readonly PartitionView[] {
  const sums = run.stages[stage]?.sums;
  if (sums === undefined) return [];
  return Array.from({ length: sums.pairs.length }, (_, partition) => ({
    partition,
    pairs: sums.pairs[partition] ?? 0,
    rawBytes: sums.rawBytes[partition] ?? 0,
  }));
}

function jobStateOf(state: JobState): JobStateName {
  if (state.outcome !== undefined) return state.outcome;
  return state.phase === "committing" || state.phase === "published" ? "committing" : "running";
}

/** A sample reads a small part of its split: about so much of a map task. */
const sampleWeight = 0.1;

/** Every task weighs the same but samples; a live attempt counts as far as it is. A retry never takes progress back. */
function jobProgress(run: JobRun): number {
  if (run.state.outcome === "succeeded") return 1;
  const stages = run.state.stages.map((stage, index) => {
    const weight = stage.tasks.length * (stage.plan.kind === "sample" ? sampleWeight : 1);
    return { weight, done: stageProgress(run, stage, index) * weight };
  });
  const all = stages.reduce((sum, stage) => sum + stage.weight, 0);
  const share = all === 0 ? 0 : stages.reduce((sum, stage) => sum + stage.done, 0) / all;
  run.progress = Math.max(run.progress, clampShare(share));
  return run.progress;
}

function stageProgress(run: JobRun, stage: StageState, index: number): number {
  if (stage.tasks.length === 0) return 1;
  let live = 0;
  for (const attempt of run.live.values()) {
    const { ref, progress } = attempt;
    if (ref.stage === index && run.state.stages[index]?.tasks[ref.task]?.accepted === undefined)
      live += clampShare(progress?.fraction ?? 0);
  }
  return clampShare((stage.acceptedTasks + live) / stage.tasks.length);
}

function stageView(run: JobRun, stage: StageState, index: number): StageView {
  const counts = { waiting: 0, gathering: 0, running: 0, done: 0, failed: 0 };
  let [bytesIn, recordsIn, recordsOut] = [0, 0, 0];
  stage.tasks.forEach((task, number) => {
    counts[taskStateOf(run, index, number)] += 1;
    const result = task.accepted?.result;
    if (result === undefined) return;
    bytesIn += result.consumed.kind === "splits" ? result.consumed.bytes : result.consumed.rawBytes;
    recordsIn += result.consumed.kind === "splits" ? result.consumed.records : result.consumed.pairs;
    recordsOut += (result.run?.pairs ?? 0) + result.files.reduce((sum, file) => sum + file.records, 0);
  });
  return {
    stage: index,
    kind: stage.plan.kind,
    tasks: stage.tasks.length,
    ...counts,
    progress: stageProgress(run, stage, index),
    bytesIn,
    recordsIn,
    recordsOut,
  };
}

/** Sort counters. A sum beyond what a number counts exactly is shown as that bound: no answer about the job fails for it. */
function shownCounters(state: JobState): JobView["counters"] {
  const sorted = [...state.counters].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, value]) => [name, Math.min(value, Number.MAX_SAFE_INTEGER)]));
}

function acceptedFiles(state: JobState): readonly OutputFile[] {
  return state.stages.flatMap((stage) => stage.tasks.flatMap((task) => task.accepted?.result.files ?? []));
}

function badRecords(state: JobState): readonly BadRecordSample[] {
  const samples = state.stages.flatMap((stage) =>
    stage.tasks.flatMap((task) => task.accepted?.result.badRecords ?? []),
  );
  return samples.slice(0, limits.badRecordSamplesMax);
}
