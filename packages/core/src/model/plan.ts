// The plan of a job: which splits and tasks each stage has. Made once, journalled, never changed:
// with the same listing and spec it is the same to the byte, and so are the results.

import type { StageKind } from "./job-spec.ts";

/** One file as seen when the job was planned. Anything else found later is `E_INPUT_CHANGED`. */
export interface InputFile {
  readonly uri: string;
  readonly bytes: number;
  /** Modification time in ms since 1970, as storage reports it. */
  readonly modifiedMs: number;
  /** Block size in bytes; 0 where storage has none. */
  readonly blockBytes: number;
  /** Compression found by magic bytes, or by the name where it has none; "none" for plain data. */
  readonly codec: PlannedCodec;
  /** Hosts that hold the file's blocks, best first; empty where storage knows none. */
  readonly hosts: readonly string[];
  /** Its blocks by offset, where storage tells them: hosts of a split are then those of its own blocks. */
  readonly blocks?: readonly BlockHosts[];
}

/** One block of a file and who holds it. */
export interface BlockHosts {
  readonly offset: number;
  readonly bytes: number;
  readonly hosts: readonly string[];
  /** Racks of these hosts, in their order; absent where storage knows none. */
  readonly racks?: readonly string[];
}

/**
 * Compressions that this version reads; others are refused by name when the job is planned. `bzip2` can be read from the
 * middle. `zlib` is the content of Hadoop's .deflate files; `snappy` and `lz4` mean Hadoop's framing of raw blocks.
 */
export type CompressionCodec = "none" | "gzip" | "zstd" | "bzip2" | "zlib" | "snappy" | "lz4";

/**
 * A compression as far as a plan knows it: `detect` is a file that was not opened when the job was planned, since it is
 * too small to be cut; who reads it finds out by the same rule, `detectCodec`.
 */
export type PlannedCodec = CompressionCodec | "detect";

/** The work of one map task. */
export interface Split {
  /** Index of the input in the job spec: it decides the format. */
  readonly input: number;
  /** One range of a file, or several whole small files, in URI order. */
  readonly parts: readonly SplitPart[];
  /** Sum of the parts' bytes. */
  readonly bytes: number;
  /** Hosts that hold most of it, best first; at most 3. */
  readonly hosts: readonly string[];
  /** Racks of these hosts, in their order, such as `/dc1/r7`; absent where storage knows none. */
  readonly racks?: readonly string[];
}

/** A byte range of one file, with what the file must still look like when it is read. */
export interface SplitPart {
  readonly uri: string;
  readonly offset: number;
  readonly bytes: number;
  readonly fileBytes: number;
  readonly modifiedMs: number;
  readonly codec: PlannedCodec;
}

/** How many tasks a stage has and what it hands on. */
export interface StagePlan {
  readonly kind: StageKind;
  readonly tasks: number;
  /** Partitions of the shuffle that the stage writes; 0 when it writes none. */
  readonly partitions: number;
  /** The stage whose shuffle is read; -1 for a map or sample stage. */
  readonly reads: number;
}

/** All of a job's work, decided before its first task. */
export interface Plan {
  readonly stages: readonly StagePlan[];
  /** For each map stage the splits of its tasks; empty for the others: a sample stage reads those of the stage it is for. */
  readonly splits: readonly (readonly Split[])[];
  readonly inputFiles: number;
  readonly inputBytes: number;
  /** Files passed over because their name begins with `_` or `.`. */
  readonly skippedFiles: number;
  /** Hexadecimal digest of everything above; stands in the manifest. */
  readonly hash: string;
}
