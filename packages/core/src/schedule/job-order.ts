// Whose turn it is: the order among jobs, for slots and for gathering places.

import type { JobRun } from "./job-run.ts";

/** Compare for slots: higher priority, then fewer running attempts, then earlier submission. */
export function comesBefore(a: JobRun, b: JobRun): number {
  return b.state.spec.options.priority - a.state.spec.options.priority || a.running - b.running || a.order - b.order;
}

/** Compare for gathering places: higher priority, then earlier submission, so that the first job's reduces come first. */
export function gathersBefore(a: JobRun, b: JobRun): number {
  return b.state.spec.options.priority - a.state.spec.options.priority || a.order - b.order;
}
