// Bringing one segment from the worker that has it. Makers: HTTP (packages/shuffle), in process (simulator).

import type { AttemptFailure, AttemptRef, ComplaintReason, SegmentPlace } from "@millrace/core";

/** Where a fetched segment goes and what may read it. */
export interface SegmentRequest {
  readonly reader: AttemptRef;
  readonly source: AttemptRef;
  readonly partition: number;
  readonly place: SegmentPlace;
  /** The job's shuffle key, hexadecimal. */
  readonly shuffleKey: string;
  /** Path of the segment file to make: a temporary name, then a rename when verified. */
  readonly path: string;
}

/** How one try ended. */
export type SegmentOutcome =
  /** `bytes` of the segment, and how many of the wire they took, which are fewer when they came packed. */
  | { readonly kind: "fetched"; readonly bytes: number; readonly wireBytes: number }
  | { readonly kind: "failed"; readonly reason: ComplaintReason; readonly message: string }
  /** This side's own fault, such as a full disk. */
  | { readonly kind: "local"; readonly failure: AttemptFailure };

/** Fetch segments, several at a time over kept-alive connections. */
export interface SegmentSource {
  /** One try, with the maker's own deadlines; never rejects. Aborting the signal gives `failed`. */
  fetch(request: SegmentRequest, signal: AbortSignal): Promise<SegmentOutcome>;
  close(): Promise<void>;
}
