// The bounds that the coordinator's machine works with: those of limits.ts, unless a test or the simulator passes smaller ones.

import { limits } from "../limits.ts";

/** Version of the session protocol that this coordinator speaks. */
export const protocolVersion = 1;

/** Times in ms and counts; see `limits` for the reason of each. */
export interface CoordinatorSettings {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly probeRetryMs: number;
  readonly placementTimeoutMs: number;
  readonly localityWaitMs: number;
  readonly otherWorkerWaitMs: number;
  readonly failureRestMs: number;
  readonly failureRestMsMax: number;
  readonly lossesMax: number;
  readonly workerFailuresMax: number;
  readonly complaintsMax: number;
  readonly verifyTimeoutMs: number;
  readonly resetsMax: number;
  readonly gatherAfterShare: number;
  readonly placesDelayMs: number;
  readonly storageTriesMax: number;
  readonly storageRetryMs: number;
  readonly sweepAfterMs: number;
  readonly jobsQueuedMax: number;
  readonly tasksMax: number;
}

/** The settings of a real coordinator. */
export const defaultCoordinatorSettings: CoordinatorSettings = {
  heartbeatMs: limits.heartbeatMs,
  leaseMs: limits.leaseMs,
  probeRetryMs: limits.heartbeatMs,
  placementTimeoutMs: limits.placementTimeoutMs,
  localityWaitMs: limits.localityWaitMs,
  otherWorkerWaitMs: limits.otherWorkerWaitMs,
  failureRestMs: limits.failureRestMs,
  failureRestMsMax: limits.failureRestMsMax,
  lossesMax: limits.lossesMax,
  workerFailuresMax: limits.workerFailuresMax,
  complaintsMax: limits.complaintsMax,
  verifyTimeoutMs: limits.verifyTimeoutMs,
  resetsMax: limits.resetsMax,
  gatherAfterShare: limits.gatherAfterShare,
  placesDelayMs: limits.placesDelayMs,
  storageTriesMax: limits.storageTriesMax,
  storageRetryMs: limits.storageRetryMs,
  sweepAfterMs: limits.sweepAfterMs,
  jobsQueuedMax: limits.jobsQueuedMax,
  tasksMax: limits.tasksMax,
};
