// Codecs of what clients see of jobs, tasks and workers.

import type {
  AttemptView,
  JobSummaryView,
  JobView,
  OutputView,
  StageView,
  TaskView,
  WaitView,
  WorkerView,
} from "@millrace/core";
import { limits } from "@millrace/core";
import type { Codec } from "../codec/field-codec.ts";
import { integer, list, listOrAbsent, optional, text, words } from "../codec/field-codec.ts";
import type { MessageCodec } from "../codec/message-codec.ts";
import { message } from "../codec/message-codec.ts";
import {
  attemptFailure,
  attemptText,
  badRecordSample,
  counters,
  fraction,
  label,
  outputFile,
  size,
  stageIndex,
  stageKind,
  taskIndex,
  uri,
} from "./task-fields.ts";

/** Attempts of a task that are shown; core keeps fewer. */
const attemptsShownMax = 64;
const waitsShownMax = 1_000;
const tasksCount = integer(0, limits.tasksMax);
const attemptsCount = integer(0, 0xffff_ffff);
/** Any text is shown, but none is used as a name of something on disk. */
const shownId = text(128, 1);

const summaryTable = {
  job: shownId,
  name: text(limits.jobNameCharactersMax),
  state: words<JobSummaryView["state"]>({
    running: "JOB_STATE_RUNNING",
    committing: "JOB_STATE_COMMITTING",
    succeeded: "JOB_STATE_SUCCEEDED",
    failed: "JOB_STATE_FAILED",
    killed: "JOB_STATE_KILLED",
  }),
  priority: integer(-100, 100),
  submittedMs: size,
  endedMs: optional(size),
  outputUri: uri,
  progress: fraction,
  tasks: tasksCount,
  tasksDone: tasksCount,
  attemptsRunning: attemptsCount,
  attemptsFailed: attemptsCount,
  attemptsLost: attemptsCount,
  failure: optional(attemptFailure),
};

/** One job in a list. */
export const jobSummary = message<JobSummaryView>(summaryTable);

const waitView = message<WaitView>({
  reason: text(64, 1),
  text: text(1_024),
  deadlineInMs: size,
});

const stageView = message<StageView>({
  stage: stageIndex,
  kind: stageKind,
  tasks: tasksCount,
  waiting: tasksCount,
  gathering: tasksCount,
  running: tasksCount,
  done: tasksCount,
  failed: tasksCount,
  progress: fraction,
  bytesIn: size,
  recordsIn: size,
  recordsOut: size,
});

type JobDetail = Omit<JobView, keyof JobSummaryView>;

const jobDetail = message<JobDetail & { readonly summary: JobSummaryView }>({
  summary: jobSummary,
  inputFiles: size,
  inputBytes: size,
  skippedFiles: size,
  planHash: text(128),
  stages: list(stageView, limits.stagesMax),
  counters,
  badRecords: list(badRecordSample, limits.badRecordSamplesMax),
  waits: list(waitView, waitsShownMax),
  parts: optional(size),
  outputBytes: optional(size),
  outputRecords: optional(size),
  outputs: listOrAbsent(message<OutputView>({ name: text(64), parts: size, bytes: size, records: size }), 0xffff),
});

/** One job in full: flat in core, with its summary as a part on the wire. */
export const jobView: MessageCodec<JobView> = {
  wireFields: jobDetail.wireFields,
  encode: (view) => jobDetail.encode({ ...view, summary: view }),
  decode: (raw) => {
    const { summary, ...detail } = jobDetail.decode(raw);
    return { ...summary, ...detail };
  },
};

const attemptView = message<AttemptView>({
  attempt: attemptText,
  state: words<AttemptView["state"]>({
    gathering: "ATTEMPT_STATE_GATHERING",
    gathered: "ATTEMPT_STATE_GATHERED",
    running: "ATTEMPT_STATE_RUNNING",
    accepted: "ATTEMPT_STATE_ACCEPTED",
    supplied: "ATTEMPT_STATE_SUPPLIED",
    failed: "ATTEMPT_STATE_FAILED",
    lost: "ATTEMPT_STATE_LOST",
    killed: "ATTEMPT_STATE_KILLED",
    superseded: "ATTEMPT_STATE_SUPERSEDED",
  }),
  worker: shownId,
  startedMs: size,
  endedMs: optional(size),
  progress: fraction,
  records: size,
  bytes: size,
  failure: optional(attemptFailure),
  files: list(outputFile, 1_024),
  peakRssBytes: optional(size),
  cpuMs: optional(size),
});

/** Where a task stands. */
export const taskState: Codec<TaskView["state"]> = words({
  waiting: "TASK_STATE_WAITING",
  gathering: "TASK_STATE_GATHERING",
  running: "TASK_STATE_RUNNING",
  done: "TASK_STATE_DONE",
  failed: "TASK_STATE_FAILED",
});

/** One task. */
export const taskView = message<TaskView>({
  stage: stageIndex,
  task: taskIndex,
  state: taskState,
  attempts: list(attemptView, attemptsShownMax),
  wait: optional(waitView),
});

/** One worker. */
export const workerView = message<WorkerView>({
  worker: shownId,
  incarnation: size,
  state: words<WorkerView["state"]>({
    alive: "WORKER_STATE_ALIVE",
    suspect: "WORKER_STATE_SUSPECT",
    lost: "WORKER_STATE_LOST",
  }),
  host: label,
  rack: label,
  slots: integer(0, 0xffff),
  slotsUsed: integer(0, 0xffff),
  gathering: integer(0, 0xffff_ffff),
  shuffleAddress: label,
  freeDiskBytes: size,
  silentMs: size,
  leaseInMs: size,
});
