// What attempts really did, as the simulated hosts saw it, whatever was reported, lost or repeated on the way.

import { attemptKey } from "@millrace/core";
import type { AttemptRef, AttemptResult, LocalSegment, SegmentVector } from "@millrace/core";

/** A finished attempt's own account. */
export interface AttemptTruth {
  readonly result: AttemptResult;
  /** Segments that a reduce attempt read; the data plane has verified their digests. */
  readonly segments: readonly LocalSegment[] | undefined;
}

/** Accounts of all finished attempts of a run. */
export class TruthTable {
  private readonly truths = new Map<string, AttemptTruth>();
  private readonly runs = new Map<string, SegmentVector>();
  private readonly causes = new Map<string, string>();

  add(attempt: AttemptRef, truth: AttemptTruth): void {
    this.truths.set(attemptKey(attempt), truth);
  }

  /** An attempt has made its run file; it may fail yet. */
  addRun(attempt: AttemptRef, vector: SegmentVector): void {
    this.runs.set(attemptKey(attempt), vector);
  }

  /** What the run file of an attempt holds. */
  runOf(attempt: AttemptRef): SegmentVector | undefined {
    return this.runs.get(attemptKey(attempt));
  }

  /** The simulator made an attempt fail, or lets it hang. */
  hurt(attempt: AttemptRef, cause: string): void {
    this.causes.set(attemptKey(attempt), cause);
  }

  /** Why an attempt may fail; undefined when nothing was done to it. */
  causeOf(attempt: AttemptRef): string | undefined {
    return this.causes.get(attemptKey(attempt));
  }

  get(attempt: AttemptRef): AttemptTruth | undefined {
    return this.truths.get(attemptKey(attempt));
  }
}
