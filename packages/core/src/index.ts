export { limits } from "./limits.ts";
export { errorEntry, errorTable } from "./errors/error-table.ts";
export type { Charged, ErrorCode, ErrorEntry } from "./errors/error-table.ts";
export { formatBytes, formatDuration } from "./errors/format-units.ts";
export { isFullDisk } from "./errors/full-disk.ts";
export { InvariantError, assertNever, invariant } from "./errors/invariant.ts";
export { MillraceError, isMillraceError, quote, unquoted } from "./errors/millrace-error.ts";
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
export { defaultJobOptions } from "./job/default-job-options.ts";
export { globBase, isGlob, isWithin, uriFault, urisOverlap } from "./job/uri-shape.ts";
export { payloadBytes, payloadParts } from "./job/submission-payload.ts";
export type { PayloadPart } from "./job/submission-payload.ts";
export { outputsOf, shuffleOf } from "./job/stage-writes.ts";
export { validateSpec } from "./job/validate-spec.ts";
export type { SpecProblem } from "./job/spec-problem.ts";
export {
  gatheredBytes,
  gatheredWireBytes,
  isPlacementCounter,
  mapsFar,
  mapsNear,
  mapsOnRack,
  servedBy,
  servedByOthers,
  servedFar,
  servedNear,
} from "./model/placement-counters.ts";
export { outputDenialText } from "./plan/output-denial.ts";
export { planJob } from "./plan/plan-job.ts";
export { detectCodec, magicBytes, namesUnsupportedCodec, unsupportedCodecReason } from "./plan/detect-codec.ts";
export type { DetectedCodec } from "./plan/detect-codec.ts";
export { wholeBelowBytes } from "./plan/plan-splits.ts";
export type { PlanOutcome, PlanRefusal } from "./plan/plan-job.ts";
export { findHost, isSameHost } from "./plan/host-names.ts";
export { planHash } from "./plan/plan-hash.ts";
export { compareUtf8, sortByUri } from "./plan/sort-by-uri.ts";
export type { PlanBounds } from "./plan/plan-splits.ts";
export { createHash128, finalMix, hex32 } from "./digest/murmur-hash.ts";
export type { Hash128 } from "./digest/murmur-hash.ts";
export {
  addSegment,
  addVector,
  createPartitionSums,
  createSegmentSum,
  partitionSum,
  segmentSumText,
  subtractVector,
  sumSegments,
  vectorDigest,
} from "./shuffle/segment-sum.ts";
export type { PartitionSum, PartitionSums, SegmentSum } from "./shuffle/segment-sum.ts";
export { cutKeyRanges, sampleKeysMaxOf } from "./shuffle/key-ranges.ts";
export {
  asideUriOf,
  attemptUriOf,
  dataUriOf,
  manifestName,
  ownerName,
  partNameOf,
  splitUri,
  stagingUriOf,
  voidUriOf,
} from "./commit/commit-names.ts";
export { checkManifestText, createCommitOrder, manifestToText, parseManifest } from "./commit/commit-order.ts";
export type { AcceptedFiles, CommitOrder, CommitSource, PlannedMove } from "./commit/commit-order.ts";
export { applyCommitRecord, emptyCommitProgress, finalSweepUris } from "./commit/commit-progress.ts";
export type { CommitProgress } from "./commit/commit-progress.ts";
export { createCommitState } from "./commit/commit-state.ts";
export type { CommitDecision, CommitEvent, CommitOutcome, CommitState, CommitStep } from "./commit/commit-state.ts";
export { isLastingCall } from "./commit/lasting-call.ts";
export { stepCommit } from "./commit/commit-machine.ts";
export type { CommitBounds } from "./commit/commit-calls.ts";
export type * from "./view/view-model.ts";
export { applyJobRecord, createJobState } from "./journal/apply-job-record.ts";
export { applyClusterRecord, createClusterState } from "./journal/cluster-state.ts";
export type { ClusterJob, ClusterState } from "./journal/cluster-state.ts";
export { compactCluster, isWorthCompacting } from "./journal/compact-cluster.ts";
export { findAttempt, findTask, isLive, splitsOf, waitsForRanges } from "./journal/job-state.ts";
export type {
  AcceptedState,
  AttemptState,
  AttemptStatus,
  JobPhase,
  JobState,
  SegmentHome,
  StageState,
  TaskState,
} from "./journal/job-state.ts";
export { replayCluster, replayJob } from "./journal/replay.ts";
export { CoordinatorMachine } from "./schedule/coordinator-machine.ts";
export type { CoordinatorStart } from "./schedule/coordinator-machine.ts";
export { defaultCoordinatorSettings, protocolVersion } from "./schedule/settings.ts";
export type { CoordinatorSettings } from "./schedule/settings.ts";
export { jobBrief } from "./view/job-brief.ts";
export type { OpenJobBrief } from "./view/job-brief.ts";
export { clusterView, workerViews } from "./view/cluster-view.ts";
export { jobSummary, jobView, partitionViews } from "./view/job-view.ts";
export { attemptView, taskPage } from "./view/task-view.ts";
export type { TaskFilter, TaskPageView } from "./view/task-view.ts";
export { createJobRun } from "./schedule/job-run.ts";
export type { JobRun } from "./schedule/job-run.ts";
