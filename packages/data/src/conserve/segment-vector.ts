// What a segment holds, as counts and a digest of its content, and the vector of these for all partitions of a run.
// The coordinator journals vectors; readers check what they read against them.

/** What one segment holds. Independent of compression, file and machine: equal pairs give equal summaries. */
export interface SegmentSummary {
  readonly pairs: number;
  /** Bytes of its raw block bodies. */
  readonly rawBytes: number;
  /** 64-bit digest of its raw block bodies: 16 lower-case hexadecimal digits. */
  readonly digest: string;
}

/** {@link SegmentSummary} for each partition, as columns. */
export interface SegmentVector {
  readonly pairs: readonly number[];
  readonly rawBytes: readonly number[];
  readonly digests: readonly string[];
}
