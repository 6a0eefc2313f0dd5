// One step of the coordinator: the state it works on, the time it has, and what it decided so far.
// Every durable change goes through `recordJob` or `recordCluster`, which apply it at once: so state and journal agree.

import { applyClusterRecord } from "../journal/cluster-state.ts";
import { applyJobRecord } from "../journal/apply-job-record.ts";
import type { ClusterState } from "../journal/cluster-state.ts";
import type { CoordinatorEffect, PlaceToSend, StepResult } from "../model/coordinator-effects.ts";
import type { JobId, SessionId, WorkerId } from "../model/ids.ts";
import type { ClusterRecord, JobRecord } from "../model/records.ts";
import type { CoordinatorMessage } from "../model/session-messages.ts";
import type { JobRun } from "./job-run.ts";
import type { CoordinatorSettings } from "./settings.ts";
import type { Submission } from "./submission.ts";
import type { WorkerRow } from "./worker-table.ts";

/** Everything that a coordinator holds. */
export interface Reign {
  readonly settings: CoordinatorSettings;
  readonly cluster: ClusterState;
  /** Jobs that live, or are over but not swept. */
  readonly jobs: Map<JobId, JobRun>;
  /** Submissions whose inputs and output are being looked at. */
  readonly submissions: Map<JobId, Submission>;
  readonly workers: Map<WorkerId, WorkerRow>;
  readonly sessions: Map<SessionId, WorkerId>;
  /** Set by `recovered`; before that nothing is decided. */
  begun: boolean;
  wallMs: number;
  /** The time asked for last; undefined once it has come. */
  wakeAtMs: number | undefined;
  /** Events that came too late to change anything. */
  stale: number;
}

/** One step. */
export class Turn {
  readonly reign: Reign;
  readonly atMs: number;
  readonly wallMs: number;
  /** Known places by job and stage, shared by all gathers that begin in this step; dropped when a record may change them. */
  readonly places = new Map<string, readonly PlaceToSend[]>();
  /** Whether work may have become assignable. */
  assignDue = false;
  readonly #jobRecords: { job: JobId; record: JobRecord }[] = [];
  readonly #clusterRecords: ClusterRecord[] = [];
  readonly #effects: CoordinatorEffect[] = [];
  readonly #changed = new Set<JobId>();
  #wakeAtMs: number | undefined;

  constructor(reign: Reign, atMs: number, wallMs: number) {
    this.reign = reign;
    this.atMs = atMs;
    this.wallMs = wallMs;
  }

  /** Decide something about a job: it is applied now and durable before any effect of this step. */
  recordJob(run: JobRun, record: JobRecord): void {
    applyJobRecord(run.state, record);
    if (record.kind !== "launched" && record.kind !== "slotted") this.places.clear();
    this.#jobRecords.push({ job: run.state.job, record });
    this.#changed.add(run.state.job);
  }

  /** Write a record that has been applied already: the first of a job. */
  recordFirst(job: JobId, record: JobRecord): void {
    this.#jobRecords.push({ job, record });
    this.#changed.add(job);
  }

  /** Decide something about the cluster. */
  recordCluster(record: ClusterRecord): void {
    applyClusterRecord(this.reign.cluster, record);
    this.#clusterRecords.push(record);
  }

  /** Ask for something to be done. */
  effect(effect: CoordinatorEffect): void {
    this.#effects.push(effect);
  }

  /** Send a message to a worker, when it is connected; one that is not learns from its next registration. */
  send(row: WorkerRow, message: CoordinatorMessage): void {
    if (row.session !== undefined) this.#effects.push({ kind: "send", session: row.session, message });
  }

  /** Make sure that a tick comes no later than this. */
  wakeBy(atMs: number): void {
    this.#wakeAtMs = Math.min(this.#wakeAtMs ?? atMs, atMs);
  }

  /** Tell watchers about a job, whether or not a record says so. */
  changed(job: JobId): void {
    this.#changed.add(job);
  }

  /** Count an event that changes nothing. */
  stale(): void {
    this.reign.stale++;
  }

  /** Close the step. */
  finish(): StepResult {
    const { reign } = this;
    for (const job of [...this.#changed].sort((a, b) => (a < b ? -1 : 1)))
      this.#effects.push({ kind: "job-changed", job });
    if (this.#wakeAtMs !== undefined && (reign.wakeAtMs === undefined || this.#wakeAtMs < reign.wakeAtMs)) {
      reign.wakeAtMs = this.#wakeAtMs;
      this.#effects.push({ kind: "wake", atMs: this.#wakeAtMs });
    }
    return { jobRecords: this.#jobRecords, clusterRecords: this.#clusterRecords, effects: this.#effects };
  }
}
