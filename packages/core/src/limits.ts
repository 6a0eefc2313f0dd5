// Every bound of the engine, in one place, with its unit in the name and its reason beside it.

const KiB = 1024;
const MiB = 1024 * KiB;

/** Bounds that hold everywhere. Tests and the simulator pass smaller ones where a machine takes them. */
export const limits = {
  // Jobs and plans
  jobNameCharactersMax: 128,
  bundleBytesMax: 64 * MiB,
  specBytesMax: 1 * MiB,
  /** A job's tasks in all: with about 1 KB a task the coordinator stays below 300 MB. */
  tasksMax: 100_000,
  reducesMax: 9_999,
  /** Reducers chosen by the planner: `clamp(ceil(inputBytes / 256 MiB), 1, 999)`. */
  reducesAutoMax: 999,
  reduceInputBytes: 256 * MiB,
  splitBytes: 128 * MiB,
  splitPartsMax: 1_000,
  inputFilesMax: 1_000_000,
  stagesMax: 16,
  jobsQueuedMax: 1_000,
  recordSplitsMax: 500,
  // Records and pairs
  keyBytesMax: 64 * KiB,
  recordBytesMax: 64 * MiB,
  countersMax: 1_000,
  counterNameCharactersMax: 128,
  // Attempts
  attemptsMaxDefault: 4,
  lossesMax: 20,
  workerFailuresMax: 3,
  /** Third complaint about a segment that its source finds whole moves the gather. */
  complaintsMax: 3,
  /** Share of a shuffle's maps accepted before its reducers gather. */
  gatherAfterShare: 0.05,
  taskTimeoutMs: 600_000,
  placementTimeoutMs: 600_000,
  errorTextBytesMax: 8 * KiB,
  badRecordSamplesMax: 20,
  // Sessions
  heartbeatMs: 1_000,
  leaseMs: 10_000,
  probeTimeoutMs: 500,
  placesPerMessageMax: 1_000,
  inventoryItemsPerMessageMax: 5_000,
  orphanKeepMs: 600_000,
  // Commit
  placeMovesMax: 64,
  storageTriesMax: 8,
  storageRetryMs: 250,
  sweepAfterMs: 86_400_000,
  // Control plane
  messageBytesMax: 4 * MiB,
  metadataBytesMax: 8 * KiB,
  logBytesMax: 10 * MiB,
  pageRowsMax: 1_000,
} as const;
