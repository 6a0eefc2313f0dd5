// The coordinator as one machine: ClusterMachine (workers, queue, reservations) and a JobMachine for each job, stepped
// together by one event at a time. Synchronous, deterministic, total; a driver journals the records, then performs the
// effects. Time comes with the event; nothing here waits, draws or looks anything up.

import { assertNever, invariant } from "../errors/invariant.ts";
import type { ClusterState } from "../journal/cluster-state.ts";
import { createClusterState } from "../journal/cluster-state.ts";
import type { JobState } from "../journal/job-state.ts";
import { findTask } from "../journal/job-state.ts";
import type { SegmentVector } from "../model/attempt-result.ts";
import type { StepResult } from "../model/coordinator-effects.ts";
import type { CoordinatorEvent } from "../model/coordinator-events.ts";
import type { JobId } from "../model/ids.ts";
import { addVector } from "../shuffle/segment-sum.ts";
import { askDueAgain, hearStorage } from "./ask-storage.ts";
import { assignWork } from "./assign-work.ts";
import { advanceCommit, wakeCommit } from "./commit-job.ts";
import { hearMeasured } from "./hear-finished.ts";
import { hearWorker } from "./hear-worker.ts";
import { expireVerifications } from "./hear-complaint.ts";
import { createJobRun } from "./job-run.ts";
import { hearStaging } from "./job-stages.ts";
import { killJob } from "./kill-job.ts";
import { checkPlacement, expirePlacement } from "./placement-timeout.ts";
import { recover } from "./recover.ts";
import { announceDue } from "./segment-places.ts";
import type { CoordinatorSettings } from "./settings.ts";
import { defaultCoordinatorSettings } from "./settings.ts";
import { hearForSubmission, submit } from "./submission.ts";
import { maybeSweepLast, noteSwept } from "./sweep-job.ts";
import type { Reign } from "./turn.ts";
import { Turn } from "./turn.ts";
import { expireLeases, hearProbed, hearSessionClosed, jobsInOrder } from "./worker-liveness.ts";

/** What a coordinator begins with: nothing, or what `replayCluster` and `replayJob` gave. The machine takes it over. */
export interface CoordinatorStart {
  readonly cluster?: ClusterState;
  /** Every job that is not swept. */
  readonly jobs?: readonly JobState[];
  readonly settings?: Partial<CoordinatorSettings>;
}

/** Decide everything that a coordinator decides. */
export class CoordinatorMachine {
  /** All state, to be read by the view functions and by checkers, and by nobody changed. */
  readonly reign: Reign;

  constructor({ cluster = createClusterState(), jobs = [], settings = {} }: CoordinatorStart = {}) {
    const runs = jobs.map((state) =>
      createJobRun(state, cluster.jobs.get(state.job)?.order ?? Number.MAX_SAFE_INTEGER),
    );
    this.reign = {
      settings: { ...defaultCoordinatorSettings, ...settings },
      cluster,
      jobs: new Map(runs.map((run) => [run.state.job, run])),
      submissions: new Map(),
      workers: new Map(),
      sessions: new Map(),
      begun: false,
      wallMs: 0,
      wakeAtMs: undefined,
      stale: 0,
    };
  }

  /**
   * Hand in the vector of an accepted task, read from the job's side file at `AcceptedResult.vectorAt`: once for each
   * accepted task with a run, in any order, after construction and before `recovered`. The vector stays the caller's.
   */
  restoreVector(job: JobId, stage: number, task: number, vector: SegmentVector): void {
    const run = this.reign.jobs.get(job);
    const sums = run?.stages[stage]?.sums;
    invariant(!this.reign.begun, "vectors are restored before the reign begins");
    if (run === undefined || sums === undefined || findTask(run.state, stage, task)?.accepted === undefined) return;
    addVector(sums, task, vector);
  }

  /** Durable state of the cluster: equal to the replay of its journal after every step. */
  get cluster(): ClusterState {
    return this.reign.cluster;
  }

  /** Durable state of a job: equal to the replay of its journal after every step. @returns undefined once it is swept. */
  jobState(job: JobId): JobState | undefined {
    return this.reign.jobs.get(job)?.state;
  }

  /** Durable states of all jobs that are not swept, in order of submission. */
  jobStates(): readonly JobState[] {
    return [...this.reign.jobs.values()].sort((a, b) => a.order - b.order).map(({ state }) => state);
  }

  /** Decide what follows from an event. @param atMs Monotonic time, never less than in the step before. */
  step(atMs: number, event: CoordinatorEvent): StepResult {
    const { reign } = this;
    if ("wallMs" in event) reign.wallMs = event.wallMs;
    const turn = new Turn(reign, atMs, reign.wallMs);
    dispatch(turn, event);
    if (reign.begun) settle(turn);
    return turn.finish();
  }
}

function dispatch(turn: Turn, event: CoordinatorEvent): void {
  switch (event.kind) {
    case "submit":
      return submit(turn, event);
    case "kill-job":
      return killJob(turn, event);
    case "worker-message":
      return hearWorker(turn, event);
    case "session-closed":
      return hearSessionClosed(turn, event.session);
    case "worker-probed":
      return hearProbed(turn, event);
    case "storage-replied":
      return hearReply(turn, event);
    case "tick":
      return tick(turn, event.lateMs);
    case "recovered":
      return recover(turn, event.epoch);
    default:
      return assertNever(event, "coordinator event");
  }
}

/** What may follow from anything: work is handed out, waits begin or end, ended jobs are swept. */
function settle(turn: Turn): void {
  if (turn.assignDue) {
    assignWork(turn);
    checkPlacement(turn);
  }
  for (const job of turn.reign.jobs.values()) if (job.winding !== undefined) maybeSweepLast(turn, job);
}

function hearReply(turn: Turn, { job, call, reply }: Extract<CoordinatorEvent, { kind: "storage-replied" }>): void {
  const submission = turn.reign.submissions.get(job);
  const run = turn.reign.jobs.get(job);
  const desk = submission?.desk ?? run?.desk;
  if (desk === undefined) return turn.stale();
  const heard = hearStorage(turn, { job, desk }, { call, reply });
  if (heard.kind === "stale") return turn.stale();
  if (heard.kind === "again") return;
  if (submission !== undefined) return hearForSubmission(turn, submission, reply);
  if (run === undefined) return turn.stale();
  const { purpose } = heard;
  switch (purpose.kind) {
    case "make-staging":
      return hearStaging(turn, run, reply);
    case "measure":
      return hearMeasured(turn, run, { ref: purpose.attempt, request: heard.request, reply });
    case "commit":
      return advanceCommit(turn, run, { kind: "replied", reply, wallMs: turn.wallMs });
    case "sweep":
      return noteSwept(turn, run, purpose.last);
    case "outlived":
      return;
    case "list-inputs":
    case "inspect-output":
      return turn.stale();
    default:
      return assertNever(purpose, "purpose of a call");
  }
}

function tick(turn: Turn, lateMs: number): void {
  turn.reign.wakeAtMs = undefined;
  if (!turn.reign.begun) return;
  expireLeases(turn, lateMs);
  for (const submission of turn.reign.submissions.values()) askDueAgain(turn, submission);
  for (const job of jobsInOrder(turn)) {
    askDueAgain(turn, { job: job.state.job, desk: job.desk });
    wakeCommit(turn, job);
    announceDue(turn, job);
    expireVerifications(turn, job, lateMs);
    expirePlacement(turn, job);
  }
  turn.assignDue = true;
}
