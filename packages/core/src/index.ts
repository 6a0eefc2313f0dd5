export { limits } from "./limits.ts";
export { errorEntry, errorTable } from "./errors/error-table.ts";
export type { Charged, ErrorCode, ErrorEntry } from "./errors/error-table.ts";
export { InvariantError, assertNever, invariant } from "./errors/invariant.ts";
export { MillraceError, isMillraceError, quote } from "./errors/millrace-error.ts";
export type { ErrorDetails } from "./errors/millrace-error.ts";
export {
  attemptKey,
  attemptName,
  parseAttemptName,
  parseJobId,
  parseWorkerId,
  sameAttempt,
  taskName,
} from "./model/ids.ts";
export type { AttemptRef, Epoch, Incarnation, JobId, SessionId, TaskRef, WorkerId } from "./model/ids.ts";
export type * from "./model/job-spec.ts";
export type * from "./model/plan.ts";
export type * from "./model/attempt-result.ts";
export type * from "./model/session-messages.ts";
export type * from "./model/records.ts";
export type * from "./model/storage-call.ts";
export type * from "./model/coordinator-events.ts";
export type * from "./model/coordinator-effects.ts";
export type * from "./model/worker-machine-io.ts";
export { didYouMean, nearestName } from "./errors/nearest-name.ts";
export { WorkerMachine } from "./schedule/worker/worker-machine.ts";
export type { WorkerSummary } from "./schedule/worker/worker-machine.ts";
export { defaultWorkerLimits } from "./schedule/worker/worker-limits.ts";
export type { WorkerLimits } from "./schedule/worker/worker-limits.ts";
export type { WorkerCounters } from "./schedule/worker/worker-state.ts";
