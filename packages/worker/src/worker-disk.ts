// What the driver asks of the work directory. Every path is made of ids; every failure is this worker's own.

import type { AttemptRef, HeldSegments, JobBrief, LocalSegment } from "@millrace/core";
import type { SegmentInput } from "@millrace/ports";

/** A worker's files. */
export interface WorkerDisk {
  /**
   * Make the job's directory with its key, durable, its bundle and its side files. Rejects with {MillraceError} E_NO_SPACE
   * or E_WORK_DISK. @param fetchContent fetches a content of the job by its SHA-256.
   */
  prepareJob(brief: JobBrief, fetchContent: (sha256: string) => Promise<Uint8Array>): Promise<void>;
  /** Make the directory of a gather. */
  prepareGather(reader: AttemptRef): Promise<void>;
  /** Delete files; what is not there is fine, and what cannot be deleted is left for the next start. Never reject. */
  deleteRun(attempt: AttemptRef): Promise<void>;
  deleteGathered(reader: AttemptRef): Promise<void>;
  /**
   * Delete all of a job but its logs, which stay for people until newer ones need the room.
   * @returns jobs of which is not known any more what they printed, if anything.
   */
  deleteJob(job: JobBrief["job"]): Promise<readonly JobBrief["job"][]>;
  freeBytes(): Promise<number>;
  bundlePath(job: JobBrief["job"]): string;
  sideFilePath(job: JobBrief["job"], sha256: string): string;
  runPath(attempt: AttemptRef): string;
  scratchPath(attempt: AttemptRef): string;
  logPath(attempt: AttemptRef): string;
  segmentPath(reader: AttemptRef, source: Pick<LocalSegment, "task" | "attempt">): string;
  /** Where a reduce attempt reads a segment that is on this disk. @param stage the stage that made it. */
  segmentInput(reader: AttemptRef, segment: LocalSegment, stage: number): SegmentInput;
}

/** What was found in the work directory at start. */
export interface AdoptedFiles {
  /** Run files with valid footers. */
  readonly held: readonly HeldSegments[];
  /** Jobs whose files or logs are here, with their shuffle keys. */
  readonly keys: readonly { readonly job: JobBrief["job"]; readonly key: string }[];
}
