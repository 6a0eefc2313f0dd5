// Bounds of serving and gathering segments, with unit and reason. Tests pass smaller ones.

const KiB = 1024;
const MiB = 1024 * KiB;

/** Bounds of both sides. */
export interface ShuffleLimits {
  /** Segments that one request may name. */
  readonly segmentsPerRequestMax: number;
  /** Bytes of a request's body. */
  readonly requestBytesMax: number;
  /** Bytes of a request's head. */
  readonly headBytesMax: number;
  /** Bytes of one read and one write; each response has two. Packed, it has a third, and the codec's blocks of about as much. */
  readonly chunkBytes: number;
  /** Responses that read from disk at once; further ones wait. Bounds open files and chunks. */
  readonly responsesMax: number;
  readonly connectionsMax: number;
  readonly headTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** An idle kept-alive connection is closed after this. */
  readonly keepAliveMs: number;
  /** Time in which a peer must take or send `progressBytes`, or end. */
  readonly progressMs: number;
  readonly progressBytes: number;
  readonly connectTimeoutMs: number;
  /** Time in which this side's disk must have done what it is asked for once. */
  readonly diskMs: number;
  /**
   * Connections to one source in use by one job, and idle ones kept for all jobs. What all jobs use at once is bounded by
   * the fetches that the worker runs from one source, 4.
   */
  readonly connectionsPerSource: number;
  /** Sources whose links are remembered. */
  readonly linksMax: number;
  /** Times that one fetch goes on after a cut, if bytes came since the last one. An answer that the gatherer ends itself is none. */
  readonly resumesMax: number;
  /** Bytes of a log that one request gives. */
  readonly logBytesMax: number;
  /** Entries of run indexes kept in memory: one for each partition. */
  readonly indexEntriesMax: number;
}

/** The engine's own bounds. */
export const shuffleLimits: ShuffleLimits = {
  segmentsPerRequestMax: 64,
  // A line of a request is at most 13 + 5 + 17 + 65 bytes.
  requestBytesMax: 16 * KiB,
  headBytesMax: 8 * KiB,
  // Measured: 1 MiB reads into two buffers give 2.4 GB/s on loopback, 64 KiB a third of it.
  chunkBytes: 1 * MiB,
  responsesMax: 32,
  connectionsMax: 1_024,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveMs: 60_000,
  // 1 KiB/s: slower than any network that a job could end on, quick enough that the lease is not much longer.
  progressMs: 30_000,
  progressBytes: 30 * KiB,
  connectTimeoutMs: 5_000,
  // Longer than a kernel tries: 30 s, six times, for a disk by SCSI.
  diskMs: 300_000,
  connectionsPerSource: 2,
  // As many as a large cluster has workers; 100 bytes each.
  linksMax: 1_024,
  resumesMax: 5,
  logBytesMax: 1 * MiB,
  // 16 bytes each: 32 MiB.
  indexEntriesMax: 2 * 1024 * 1024,
};
