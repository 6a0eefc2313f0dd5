// What attempts really did, as the simulated hosts saw it, whatever was reported, lost or repeated on the way.

import { attemptKey } from "@millrace/core";
import type { AttemptRef, AttemptResult, LocalSegment, SegmentVector } from "@millrace/core";

/** A finished attempt's own account. */
export interface AttemptTruth {
  readonly result: AttemptResult;
  readonly vector: SegmentVector | undefined;
  /** Segments that a reduce attempt read; the data plane has verified their digests. */
  readonly segments: readonly LocalSegment[] | undefined;
}

/** Accounts of all finished attempts of a run. */
export class TruthTable {
  private readonly truths = new Map<string, AttemptTruth>();

  add(attempt: AttemptRef, truth: AttemptTruth): void {
    this.truths.set(attemptKey(attempt), truth);
  }

  get(attempt: AttemptRef): AttemptTruth | undefined {
    return this.truths.get(attemptKey(attempt));
  }
}
