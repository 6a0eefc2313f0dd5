// What a WorkerMachine remembers. Plain data; every function of this folder takes the turn that holds it.
// Nothing here is durable: a worker's work directory and its inventory are what survive.

import type { AttemptFailure, AttemptProgress } from "../../model/attempt-result.ts";
import type { AttemptRef, JobId } from "../../model/ids.ts";
import type {
  HeldSegments,
  Inventory,
  JobBrief,
  WorkerDescription,
  WorkerMessage,
} from "../../model/session-messages.ts";
import type { WorkerEffect } from "../../model/worker-machine-io.ts";
import { createFetchBudget, type FetchBudget, type Gather } from "../../shuffle/gather-plan.ts";
import type { WorkerLimits } from "./worker-limits.ts";

/** An attempt that has, wants or had a slot. */
export type WorkerAttempt =
  /** Launched while a slot is still held by an attempt that is being stopped. */
  | {
      readonly kind: "pending";
      readonly ref: AttemptRef;
      readonly launch: LaunchEffect;
      readonly ownRuns: readonly AttemptRef[];
    }
  | {
      readonly kind: "running";
      readonly ref: AttemptRef;
      readonly reduce: boolean;
      /** Run files of this worker that it reads in place. */
      readonly ownRuns: readonly AttemptRef[];
      readonly progress: AttemptProgress | undefined;
      /** When it last got anywhere. */
      readonly movedAtMs: number;
    }
  /** Asked to stop: ends with `failure`. */
  | {
      readonly kind: "stopping";
      readonly ref: AttemptRef;
      readonly reduce: boolean;
      readonly failure: AttemptFailure;
      readonly tries: number;
      readonly againAtMs: number;
    }
  /** Ended; the message is sent until the coordinator acknowledges it. */
  | {
      readonly kind: "ended";
      readonly ref: AttemptRef;
      readonly message: Extract<WorkerMessage, { kind: "finished" | "failed" }>;
    };

/** The effects that take a slot. */
export type LaunchEffect = Extract<WorkerEffect, { kind: "run-map" | "run-sample" | "run-reduce" }>;

/** A reduce attempt that brings its segments here; it holds no slot. */
export interface WorkerGather {
  readonly ref: AttemptRef;
  readonly plan: Gather;
  /** Whether `gathered` has been told and nothing has vanished since. */
  told: boolean;
}

/** What a worker knows of a job. */
export interface WorkerJob {
  brief: JobBrief | undefined;
  /** Cuts between the key ranges of stages that have such. */
  readonly ranges: Map<number, readonly string[]>;
  /** Attempts that have been here, as `stage-task.attempt`: an order that comes twice is not obeyed twice. */
  readonly seen: Set<string>;
  /** Attempts, gathers and held runs of the job here: with none, a job nobody vouches for is deleted. */
  items: number;
  /** Whether this session's coordinator has sent the brief. */
  confirmed: boolean;
  /** The job is over: deleted as soon as nothing of it runs. */
  forgotten: boolean;
}

/** How things stand with the coordinator. */
export type WorkerSessionState =
  | { readonly kind: "none" }
  | { readonly kind: "registering"; readonly inventory: Inventory; readonly tries: number; readonly againAtMs: number }
  | {
      readonly kind: "registered";
      readonly heartbeatMs: number;
      readonly heartbeatAtMs: number;
      readonly resendAtMs: number;
    };

/** Things that happened, for metrics and tests. */
export interface WorkerCounters {
  /** Events and orders that can no longer mean anything, or never could. */
  stale: number;
  launches: number;
  fetches: number;
  fetchesFailed: number;
  complaints: number;
  /** Times that everything was dropped since no coordinator came. */
  orphaned: number;
}

/** All of a worker's memory. */
export interface WorkerState {
  description: WorkerDescription | undefined;
  freeDiskBytes: number;
  session: WorkerSessionState;
  /** Highest epoch obeyed; an older reign is refused until everything has been dropped as orphaned. */
  epoch: number;
  /** Since when no coordinator has vouched for what is here; undefined while registered. */
  aloneSinceMs: number | undefined;
  readonly jobs: Map<JobId, WorkerJob>;
  readonly attempts: Map<string, WorkerAttempt>;
  readonly gathers: Map<string, WorkerGather>;
  readonly held: Map<string, HeldSegments>;
  /** Run files being checked, and whether the coordinator asked for it. */
  readonly verifying: Map<string, "asked" | "own">;
  /** Room for fetches, shared by all gathers. */
  readonly fetches: FetchBudget;
  /** Running and stopping attempts. */
  slotsTaken: number;
  wakeAtMs: number | undefined;
  readonly counters: WorkerCounters;
}

/** One step in the making: the state, the time of the event, and the effects so far. */
export interface WorkerTurn {
  readonly state: WorkerState;
  readonly limits: WorkerLimits;
  readonly atMs: number;
  readonly effects: WorkerEffect[];
}

/** Make the memory of a worker that has not started. */
export function createWorkerState(limits: WorkerLimits): WorkerState {
  return {
    description: undefined,
    freeDiskBytes: 0,
    session: { kind: "none" },
    epoch: 0,
    aloneSinceMs: undefined,
    jobs: new Map(),
    attempts: new Map(),
    gathers: new Map(),
    held: new Map(),
    verifying: new Map(),
    fetches: createFetchBudget(limits),
    slotsTaken: 0,
    wakeAtMs: undefined,
    counters: { stale: 0, launches: 0, fetches: 0, fetchesFailed: 0, complaints: 0, orphaned: 0 },
  };
}

/** Queue a message if a coordinator has registered this worker; else it is told from memory when one does. */
export function send(turn: WorkerTurn, message: WorkerMessage): void {
  if (turn.state.session.kind === "registered") turn.effects.push({ kind: "send", message });
}

/** Count an event or order that changes nothing. */
export function countStale(turn: WorkerTurn): void {
  turn.state.counters.stale += 1;
}

/** Order attempts by job, stage, task, attempt: what leaves a machine is sorted, never in order of arrival. */
export function compareAttempts(a: AttemptRef, b: AttemptRef): number {
  if (a.job !== b.job) return a.job < b.job ? -1 : 1;
  return a.stage - b.stage || a.task - b.task || a.attempt - b.attempt;
}
