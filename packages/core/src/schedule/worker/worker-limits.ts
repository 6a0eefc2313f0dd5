// Bounds and waits of the WorkerMachine. The simulator and tests pass smaller ones.

import { limits } from "../../limits.ts";
import type { GatherBounds } from "../../shuffle/gather-plan.ts";

/** What bounds a worker's own decisions; all times in ms. */
export interface WorkerLimits extends GatherBounds {
  /** Gathering attempts on a worker. */
  readonly gathersMax: number;
  /** Results, failures and `gathered` are sent again in a session that has not answered them for so long. */
  readonly resendMs: number;
  /** A registration that is not answered for so long is sent again, `registerTriesMax` times, then the session is closed. */
  readonly registerRetryMs: number;
  readonly registerTriesMax: number;
  /** A stop that is not answered for so long is asked again, `stopTriesMax` times, then the worker ends itself. */
  readonly stopRetryMs: number;
  readonly stopTriesMax: number;
  /** Without a coordinator for so long everything is dropped: nobody will ask for it. */
  readonly orphanKeepMs: number;
}

/** The engine's own bounds. */
export const defaultWorkerLimits: WorkerLimits = {
  fetchesMax: limits.fetchesMax,
  fetchesPerSourceMax: limits.fetchesPerSourceMax,
  fetchTriesMax: limits.fetchTriesMax,
  fetchRetryMs: limits.fetchRetryMs,
  fetchRetryMsMax: limits.fetchRetryMsMax,
  // All reducers of one job may gather on one worker, each yielding its place to the next.
  gathersMax: limits.reducesMax,
  resendMs: limits.leaseMs,
  registerRetryMs: limits.leaseMs,
  registerTriesMax: 3,
  // A SIGKILL is answered within milliseconds; a process in uninterruptible sleep is not.
  stopRetryMs: 3_000,
  stopTriesMax: 10,
  orphanKeepMs: limits.orphanKeepMs,
};
