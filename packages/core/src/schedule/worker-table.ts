// The workers, as this reign knows them: who is connected, until when each counts as alive, what it runs.
// Volatile: after a restart every worker that was known is expected back until a lease has passed.

import type { AttemptRef, Incarnation, JobId, SessionId, WorkerId } from "../model/ids.ts";
import type { WorkerDescription } from "../model/session-messages.ts";
import type { AttemptRun } from "./job-run.ts";

/**
 * How a worker stands: `alive` (a session is open), `suspect` (its stream broke: no launches), `expected` (known from the
 * journal, not seen in this reign), `lost` (its attempts and segments are given up).
 */
export type WorkerStanding = "alive" | "suspect" | "expected" | "lost";

/** One worker. */
export interface WorkerRow {
  readonly worker: WorkerId;
  incarnation: Incarnation;
  /** Undefined until it registers in this reign. */
  description: WorkerDescription | undefined;
  session: SessionId | undefined;
  standing: WorkerStanding;
  /** Whether its port has refused since it was heard: its process is gone, and so is all that it ran. */
  gone: boolean;
  leaseUntilMs: number;
  /** Undefined until it is heard in this reign. */
  lastHeardMs: number | undefined;
  /** When its shuffle port is to be tried again, while it is suspect. */
  probeAtMs: number | undefined;
  freeDiskBytes: number;
  /** Jobs whose brief went out over this session, each with the stages whose key ranges did. */
  readonly briefed: Map<JobId, Set<number>>;
  /** Live attempts on it, by key. */
  readonly attempts: Map<string, AttemptRun>;
  /** Attempts that were told to stop and whose end was not told yet, by key; one that ran keeps its slot as long. */
  readonly stopping: Map<string, StoppingAttempt>;
  slotsUsed: number;
  placesUsed: number;
}

/** An attempt that no longer counts, until its worker says that nothing of it runs. */
export interface StoppingAttempt {
  readonly ref: AttemptRef;
  readonly holdsSlot: boolean;
}

/** Make the row of a worker that is known by name only. */
export function createWorkerRow(worker: WorkerId, incarnation: Incarnation, leaseUntilMs: number): WorkerRow {
  return {
    worker,
    incarnation,
    description: undefined,
    session: undefined,
    standing: "expected",
    gone: false,
    leaseUntilMs,
    lastHeardMs: undefined,
    probeAtMs: undefined,
    freeDiskBytes: 0,
    briefed: new Map(),
    attempts: new Map(),
    stopping: new Map(),
    slotsUsed: 0,
    placesUsed: 0,
  };
}

/** Slots that are free for launches: none unless the worker is alive. */
export function freeSlots(row: WorkerRow): number {
  return row.standing === "alive" ? Math.max(0, (row.description?.slots ?? 0) - row.slotsUsed) : 0;
}

/** Gathering places that are free: at most one a slot. */
export function freePlaces(row: WorkerRow): number {
  return row.standing === "alive" ? Math.max(0, (row.description?.slots ?? 0) - row.placesUsed) : 0;
}

/** List workers by id. */
export function sortedWorkers(workers: ReadonlyMap<WorkerId, WorkerRow>): readonly WorkerRow[] {
  return [...workers.values()].sort((a, b) => (a.worker < b.worker ? -1 : 1));
}
