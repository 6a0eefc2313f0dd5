// Times of the simulated cluster: a fifth of the real ones, in the same proportions, so that faults of a few seconds
// are as long as leases and a run stays short.

import type { CoordinatorSettings, WorkerLimits } from "@millrace/core";

/** How long the staging directory of an ended job may wait for workers that nobody hears of. */
export const sweepAfterMs = 20_000;

/** What differs from the real coordinator's settings. */
export const coordinatorSettings: Partial<CoordinatorSettings> = {
  heartbeatMs: 200,
  leaseMs: 2_000,
  probeRetryMs: 200,
  placementTimeoutMs: 120_000,
  localityWaitMs: 60,
  otherWorkerWaitMs: 600,
  verifyTimeoutMs: 12_000,
  failureRestMs: 100,
  failureRestMsMax: 1_000,
  storageRetryMs: 50,
  sweepAfterMs,
};

/** What differs from the real worker's limits. */
export const workerLimits: Partial<WorkerLimits> = {
  fetchesMax: 3,
  fetchesPerSourceMax: 2,
  fetchRetryMs: 40,
  fetchRetryMsMax: 2_000,
  resendMs: 2_000,
  registerRetryMs: 2_000,
  stopRetryMs: 600,
  orphanKeepMs: 60_000,
};
