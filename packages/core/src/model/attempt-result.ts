// What an attempt reports when it ends: what it read, what it wrote, what it counted.
// The coordinator accepts a result only after checking it against the plan and the journal.

import type { AttemptRef } from "./ids.ts";

/** For each partition of a map attempt's run file: what its segment holds. The reporter owns the arrays. */
export interface SegmentVector {
  /** Pairs in the segment, safe integers. */
  readonly pairs: readonly number[];
  /** Bytes of its raw block bodies. */
  readonly rawBytes: readonly number[];
  /** Content digest of its raw block bodies: 16 lower-case hexadecimal digits. */
  readonly digests: readonly string[];
}

/** What a run file holds in all, and one digest over its vector. */
export interface RunSummary {
  readonly partitions: number;
  /** Bytes of the file on disk. */
  readonly storedBytes: number;
  readonly pairs: number;
  readonly rawBytes: number;
  /** 128-bit digest over the vector: 32 lower-case hexadecimal digits. Equal digests mean equal segments. */
  readonly vectorDigest: string;
}

/** A byte range of a file whose records a map attempt owned and read. */
export interface OwnedRange {
  readonly uri: string;
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
}

/** What a map or sample attempt read. */
export interface ConsumedSplits {
  readonly kind: "splits";
  /** Empty for a sample attempt, which owns nothing. */
  readonly ranges: readonly OwnedRange[];
  /** Records handed to `map`. */
  readonly records: number;
  /** Records that could not be parsed, beside those. */
  readonly badRecords: number;
  readonly bytes: number;
}

/** What a reduce attempt read. `digest` is the order-free sum of `core/shuffle` over (map task, segment digest). */
export interface ConsumedSegments {
  readonly kind: "segments";
  /** Distinct map tasks whose segment was read, empty segments included. */
  readonly maps: number;
  readonly pairs: number;
  readonly rawBytes: number;
  /** 16 lower-case hexadecimal digits. */
  readonly digest: string;
}

/** One file that an attempt wrote inside its own directory. */
export interface OutputFile {
  /** Which output: "" is the main one. */
  readonly output: string;
  /** Path below the attempt's directory; chosen by the task host, `[A-Za-z0-9._/-]+`. */
  readonly path: string;
  readonly bytes: number;
  readonly records: number;
  /** Of the file's bytes, 0 to 2^32-1 (zlib's CRC-32). */
  readonly crc32: number;
  /** First and last key in hexadecimal (at most 64 bytes of each), absent where the output has no keys. */
  readonly firstKey?: string;
  readonly lastKey?: string;
}

/** A record that could not be parsed, for the user to look at. */
export interface BadRecordSample {
  readonly uri: string;
  readonly offset: number;
  readonly reason: string;
  /** Escaped, at most 256 characters. */
  readonly text: string;
}

/** All that a finished attempt says. */
export interface AttemptResult {
  readonly attempt: AttemptRef;
  readonly consumed: ConsumedSplits | ConsumedSegments;
  /** Absent when the stage writes no shuffle. */
  readonly run?: RunSummary;
  readonly files: readonly OutputFile[];
  /** User counters (at most `limits.countersMax` names) and the engine's own, which begin with `millrace.`. */
  readonly counters: Readonly<Record<string, number>>;
  readonly badRecords: readonly BadRecordSample[];
  /**
   * Of a sample attempt alone: beginnings of encoded keys in hexadecimal, each at most `limits.sampleKeyBytesMax` bytes,
   * sorted ascending, as many as the order allows at most. Absent or empty when the map emitted nothing.
   */
  readonly sample?: readonly string[];
  readonly usage: AttemptUsage;
}

/** What an attempt cost. */
export interface AttemptUsage {
  readonly durationMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
}

/** Why an attempt ended without a result. */
export interface AttemptFailure {
  /** A code of the error table; it says who is charged and whether to try again. */
  readonly code: string;
  /** For people, at most 8 KiB: message, stack mapped to the job's source, input and record. */
  readonly message: string;
  /** Where user code failed, when it did. */
  readonly record?: { readonly uri: string; readonly offset: number; readonly text: string };
}

/** How far an attempt is, as the runtime counts it (never user code). */
export interface AttemptProgress {
  readonly attempt: AttemptRef;
  readonly phase: "gather" | "map" | "reduce" | "write";
  /** 0 to 1. */
  readonly fraction: number;
  readonly records: number;
  readonly bytes: number;
}
