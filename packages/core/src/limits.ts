// Every bound of the engine, in one place, with its unit in the name and its reason beside it.

const KiB = 1024;
const MiB = 1024 * KiB;

/** Bounds that hold everywhere. Tests and the simulator pass smaller ones where a machine takes them. */
export const limits = {
  // Jobs and plans
  jobNameCharactersMax: 128,
  bundleBytesMax: 64 * MiB,
  specBytesMax: 1 * MiB,
  /** Linux paths end at 4,096 bytes and HDFS paths at 8,000 characters; a percent-encoded character counts thrice for each byte. */
  uriCharactersMax: 8_000,
  /** Each is a name on the command line and a file on every worker. */
  sideFilesMax: 64,
  sideFileBytesMax: 64 * MiB,
  /** All of a job's: a submission is held in memory once, by its sender and by the coordinator. */
  sideFilesBytesMax: 256 * MiB,
  /** A job's tasks in all: with about 1 KB a task the coordinator stays below 300 MB. */
  tasksMax: 100_000,
  reducesMax: 9_999,
  /** A task may write to all outputs of its job at once: each is an open file, and 256 KiB that wait to be written. */
  outputsMax: 256,
  /** Inputs are named on the command line. */
  inputNameCharactersMax: 64,
  /** Reducers chosen by the planner: one for each 256 MiB of input, a rest below a tenth of it left out, 1 to 999. */
  reducesAutoMax: 999,
  reduceInputBytes: 256 * MiB,
  splitBytes: 128 * MiB,
  splitPartsMax: 1_000,
  /** Of the URIs of packed files: a result names them all, and is one message with up to 2 MiB of other things. */
  splitUriBytesMax: 1 * MiB,
  inputFilesMax: 1_000_000,
  stagesMax: 16,
  jobsQueuedMax: 1_000,
  /** Ended jobs whose idempotency keys still count; about 300 bytes each. */
  jobsRememberedMax: 10_000,
  /** Workers whose newest life the cluster's journal has; about 100 bytes each. */
  workersRememberedMax: 10_000,
  /** Finished jobs whose directories stay: months of a busy team. */
  historiesMax: 1_000,
  /** Of all of them: most are far below 1 MB, one of 100,000 tasks is 100 MB, and vectors may be more. */
  historyBytesMax: 8 * 1024 * MiB,
  recordSplitsMax: 500,
  /** Files in them: with URIs of 1,000 characters 2.3 MB, below the message that a reader of the journal is sent. */
  recordPartsMax: 2_000,
  // Samples for key ranges
  /** Enough to tell keys with long common beginnings apart; 9,998 cuts of it are 640 kB, one message. */
  sampleKeyBytesMax: 64,
  /** Of a job in all: for 999 partitions 100 keys each, so that most are within 20 % of their share. About 15 MB. */
  sampleKeysMax: 100_000,
  /** Of one task: 64 kB in its result, and no single split outweighs the others. */
  sampleKeysTaskMax: 1_000,
  /** Of one task at least: a task that starts should tell something, and 50,000 of them no more than twice the whole. */
  sampleKeysTaskMin: 4,
  // Records and pairs
  keyBytesMax: 64 * KiB,
  recordBytesMax: 64 * MiB,
  countersMax: 1_000,
  /** Hosts of storage that a job counts bytes of by name; together the others are one more. A quarter of all counters. */
  servedHostsMax: 250,
  counterNameCharactersMax: 128,
  // Attempts
  attemptsMaxDefault: 4,
  /** Runs of a task in vain that no code of the job is to blame for. */
  lossesMax: 20,
  workerFailuresMax: 3,
  /** Third complaint about a segment that its source finds whole moves the gather. */
  complaintsMax: 3,
  /**
   * Time of a source to say whether a run file is good: six leases, or a file of 6 GB at 100 MB/s. A disk that hangs longer
   * than that costs its reader a minute, and not for ever.
   */
  verifyTimeoutMs: 60_000,
  /** Results of one task that may be withdrawn, before its map counts as not deterministic for good. */
  resetsMax: 3,
  /**
   * Wait for a slot near the data, for each step from node to rack to any: about half the time that a map of a block of
   * 128 MiB takes, so that a host whose slots are busy mostly gets its own blocks. Only for data whose hosts are known.
   */
  localityWaitMs: 1_000,
  /** Wait for another worker than the one where a task has just failed. */
  otherWorkerWaitMs: 3_000,
  /**
   * Rest of a worker after a failure of its own, doubled each time up to a bound: `lossesMax` of them take a minute and a
   * half, time for what fills a disk to go, and not long for somebody who waits to hear that it stays.
   */
  failureRestMs: 500,
  failureRestMsMax: 5_000,
  /** Share of a shuffle's maps accepted before its reducers gather. */
  gatherAfterShare: 0.05,
  taskTimeoutMs: 600_000,
  placementTimeoutMs: 600_000,
  errorTextBytesMax: 8 * KiB,
  badRecordSamplesMax: 20,
  // Gathering
  /** Fetches that one worker runs at once: enough for its network, few enough that each gets a share. */
  fetchesMax: 16,
  /** Of these to one source, so that a slow source holds up a few and not all. */
  fetchesPerSourceMax: 4,
  /** Tries of one place before a complaint: 200 + 400 ms apart, so a short network fault charges nobody. */
  fetchTriesMax: 3,
  fetchRetryMs: 200,
  fetchRetryMsMax: 10_000,
  // Sessions
  heartbeatMs: 1_000,
  leaseMs: 10_000,
  probeTimeoutMs: 500,
  placesPerMessageMax: 1_000,
  /** Places of accepted maps are told together: at 20 messages a second and gather nobody waits long for one. */
  placesDelayMs: 50,
  inventoryItemsPerMessageMax: 5_000,
  /** Messages of one session that wait for the coordinator: more than a worker of 256 slots owes when it comes back. */
  sessionMessagesWaitingMax: 1_000,
  orphanKeepMs: 600_000,
  // Commit
  placeMovesMax: 64,
  storageTriesMax: 8,
  /** Looks at inputs and output before a job is accepted; each has the storage's own retries. */
  submissionTriesMax: 3,
  storageRetryMs: 250,
  /** Back-off of storage steps doubles up to this. */
  storageRetryMsMax: 30_000,
  sweepAfterMs: 86_400_000,
  // Control plane
  messageBytesMax: 4 * MiB,
  metadataBytesMax: 8 * KiB,
  logBytesMax: 10 * MiB,
  pageRowsMax: 1_000,
} as const;
