// What a worker's main thread and its shuffle thread say to each other. Answers carry the number of their order.

import type { AttemptRef, JobId } from "@millrace/core";
import type { SegmentOutcome, SegmentRequest } from "@millrace/ports";

/** To the shuffle thread. */
export type ShuffleOrder =
  | { readonly kind: "fetch"; readonly order: number; readonly request: SegmentRequest }
  | { readonly kind: "cancel"; readonly order: number }
  | { readonly kind: "verify"; readonly order: number; readonly source: AttemptRef }
  | { readonly kind: "open-job"; readonly job: JobId; readonly key: string }
  | { readonly kind: "close-job"; readonly job: JobId }
  | { readonly kind: "close" };

/** From the shuffle thread. */
export type ShuffleReport =
  | { readonly kind: "listening"; readonly port: number }
  /** The address cannot be had: the system's code and text. The thread ends. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "outcome"; readonly order: number; readonly outcome: SegmentOutcome }
  | { readonly kind: "verified"; readonly order: number; readonly intact: boolean };
