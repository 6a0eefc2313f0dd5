// Bounds of task hosts, each with its unit and its reason. What binds other packages too stands in core's `limits`.

const KiB = 1024;
const MiB = 1024 * KiB;

export const hostLimits = {
  /** Table or sort buffer of one attempt. */
  slotMemoryBytes: 256 * MiB,
  /** JavaScript heap of user code: the job's own objects; kernel memory lies outside of it. */
  heapBytes: 512 * MiB,
  /** Resident memory of a host: heap + slot + 64 MiB of merge blocks + about 100 MiB of Node, rings and slack. */
  residentBytesMax: 1024 * MiB,
  /** A bomb fills about 1 GiB/s, so a host is found at most 100 MiB over its limit. */
  memoryPollMs: 100,
  /** Progress leaves the host at most this often. */
  progressMs: 250,
  /** Import of a bundle, top-level await included. */
  importDeadlineMs: 10_000,
  /**
   * Longest that an attempt waits for what its user functions left pending: small reads and timers end within it, so
   * that their late `emit` is found and named; what goes on for longer is refused by its kind.
   */
  leftWorkMs: 1_000,
  /** How often that is looked at, beside the loop's own word. */
  leftWorkPollMs: 5,
  /** Boot of a host: 60 ms when the machine is idle, seconds when it swaps. */
  bootDeadlineMs: 30_000,
  /** Orders carry up to 100,000 segments of about 250 bytes. */
  frameBytesMax: 64 * MiB,
  /** Reads of local files: larger ones gain nothing (notes: 18.5 GB/s at 256 KiB, 21.4 at 1 MiB). */
  readBytes: MiB,
  /** Read beyond the end of a split for its last record: most lines are shorter, and a million splits read it once each. */
  lookAheadBytes: 16 * KiB,
  /** A ring holds four chunks, so that the producer is never more than 1 MiB from its consumer's end. */
  ringChunkBytes: 256 * KiB,
  ringChunkCount: 4,
  /** Small files read ahead, of at most a chunk each: 2 MiB, and enough to hide what a name service takes to answer. */
  filesAhead: 8,
  /** Longest that a compute thread waits for its I/O thread before it gives up; the task timeout comes first by default. */
  ringWaitMs: 900_000,
  /** Output is written in pieces of this size. */
  writeBytes: 256 * KiB,
  /**
   * Places where a sample attempt reads, and bytes at each: 32 places tell key ranges of a sorted split to 3 % of it, and
   * 1 MiB in all is read in a few milliseconds, below 1 % of a split of 128 MiB.
   */
  samplePieces: 32,
  samplePieceBytes: 32 * KiB,
  /** Numbers at each place: what a map does with one can take long. */
  samplePieceNumbers: 32,
  /** Bytes after which no further place is read: records can be 64 MiB. */
  sampleBytesMax: 4 * MiB,
  /** Shown of a record in a failure. */
  recordTextBytesMax: 1 * KiB,
  /** Shown of a record that could not be parsed. */
  badRecordCharactersMax: 256,
  /** Bytes shown of an output's first and last key. */
  keyShownBytesMax: 64,
  /** Lines kept of a stack: the job's own frames come first. */
  stackLinesMax: 20,
  /** Last part of a crashed host's own output that is copied to the attempt's log. */
  crashTextBytesMax: 64 * KiB,
} as const;

/** Memory of one slot. All in bytes. */
export interface SlotMemory {
  /** Table or sort buffer; at least 64 KiB. */
  readonly slotBytes: number;
  /** JavaScript heap of user code. */
  readonly heapBytes: number;
  /** Resident memory over which a host process is killed. Threads have no such limit. */
  readonly residentBytesMax: number;
}

/** The memory that a slot has by default: together about 1 GiB at most, some 300 MiB in usual jobs. */
export const defaultSlotMemory: SlotMemory = {
  slotBytes: hostLimits.slotMemoryBytes,
  heapBytes: hostLimits.heapBytes,
  residentBytesMax: hostLimits.residentBytesMax,
};

/**
 * Give a slot the memory that is asked for, and the default of what is not. A larger table or buffer makes its process
 * larger by as much, where no limit is given.
 */
export function slotMemoryOf(given: Partial<SlotMemory> = {}): SlotMemory {
  const { slotBytes = defaultSlotMemory.slotBytes } = given;
  const more = Math.max(0, slotBytes - defaultSlotMemory.slotBytes);
  return { ...defaultSlotMemory, residentBytesMax: defaultSlotMemory.residentBytesMax + more, ...given };
}
