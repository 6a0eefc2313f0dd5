// The conservation laws of a shuffle: what maps wrote for a partition is what its reducer read, record for record, and
// the byte ranges that splits owned tile their file. A job whose numbers break one of them fails before its commit.

import { DataError } from "../data-error.ts";
import type { SegmentVector } from "./segment-vector.ts";

/** What one reduce attempt says it read. */
export interface ReadPartition {
  /** Distinct map tasks whose segment was read, empty ones included. */
  readonly segments: number;
  readonly pairs: number;
  readonly rawBytes: number;
}

/** Sum the vectors of all accepted map attempts for one partition. */
export function sumPartition(vectors: Iterable<SegmentVector>, partition: number): ReadPartition {
  let segments = 0;
  let pairs = 0;
  let rawBytes = 0;
  for (const vector of vectors) {
    segments++;
    pairs += vector.pairs[partition] ?? 0;
    rawBytes += vector.rawBytes[partition] ?? 0;
  }
  return { segments, pairs, rawBytes };
}

/** Check that a reducer read what was written for its partition. @throws {DataError} E_CONSERVATION. */
export function checkPartitionConserved(partition: number, written: ReadPartition, read: ReadPartition): void {
  for (const what of ["segments", "pairs", "rawBytes"] as const) {
    if (written[what] === read[what]) continue;
    throw new DataError(
      "E_CONSERVATION",
      `Cannot accept partition ${partition}: its reducer read ${read[what]} ${what} and ${written[what]} were written; this is a bug, report it with the job's journal`,
      { partition, written: written[what], read: read[what] },
    );
  }
}

/** A byte range of a file. */
export interface ByteInterval {
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Check that ranges cover a file once, whatever their order; empty ones say nothing.
 *
 * @throws {DataError} E_CONSERVATION that names the first gap or overlap.
 */
export function checkRangesTile(ranges: readonly ByteInterval[], fileBytes: number, uri: string): void {
  let covered = 0;
  const sorted = ranges
    .filter((range) => range.end > range.begin)
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  for (const range of [...sorted, { begin: fileBytes, end: fileBytes }]) {
    if (range.begin !== covered) {
      const how = range.begin > covered ? "no split owned" : "two splits owned";
      const from = Math.min(covered, range.begin);
      const to = Math.max(covered, range.begin);
      throw new DataError(
        "E_CONSERVATION",
        `Cannot accept the input ${JSON.stringify(uri)}: ${how} bytes ${from} to ${to} of ${fileBytes}; this is a bug, report it with the job's journal`,
        { uri, from, to },
      );
    }
    covered = range.end;
  }
}
