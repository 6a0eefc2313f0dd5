// What happens to a worker, and what it asks of its driver. The worker keeps no journal: its work directory (run files
// with valid footers) and its memory are what it tells a coordinator in its inventory.

import type { AttemptFailure, AttemptProgress, AttemptResult, SegmentVector } from "./attempt-result.ts";
import type { AttemptRef, JobId, WorkerId } from "./ids.ts";
import type { Split } from "./plan.ts";
import type {
  ComplaintReason,
  CoordinatorMessage,
  HeldSegments,
  JobBrief,
  SegmentPlace,
  WorkerDescription,
  WorkerMessage,
} from "./session-messages.ts";

/** A segment that lies on this worker's disk, for a reduce attempt. */
export interface LocalSegment {
  readonly task: number;
  /** Attempt whose run file or gathered file it is. */
  readonly attempt: number;
  /** Whether it is read in place from this worker's own run file, or from the gathered file. */
  readonly where: "own-run" | "gathered";
  readonly pairs: number;
  readonly rawBytes: number;
  readonly digest: string;
}

/** One thing that happened to a worker. */
export type WorkerEvent =
  /** The process started; `held` are the run files that it adopted. */
  | { readonly kind: "started"; readonly description: WorkerDescription; readonly held: readonly HeldSegments[] }
  | { readonly kind: "connected" }
  | { readonly kind: "disconnected" }
  | { readonly kind: "message"; readonly message: CoordinatorMessage }
  /** A fetch of one segment ended well: it is verified and on disk. */
  | {
      readonly kind: "fetched";
      readonly reader: AttemptRef;
      readonly task: number;
      readonly attempt: number;
      readonly bytes: number;
    }
  /** One try failed. `local` is set when it was this worker's own fault, such as a full disk. */
  | {
      readonly kind: "fetch-failed";
      readonly reader: AttemptRef;
      readonly task: number;
      readonly attempt: number;
      readonly reason: ComplaintReason;
      readonly local?: AttemptFailure;
    }
  | { readonly kind: "attempt-progress"; readonly progress: AttemptProgress }
  | { readonly kind: "attempt-finished"; readonly result: AttemptResult; readonly vector?: SegmentVector }
  | { readonly kind: "attempt-failed"; readonly attempt: AttemptRef; readonly failure: AttemptFailure }
  /** The attempt's host is gone and nothing of it runs any more. */
  | { readonly kind: "attempt-stopped"; readonly attempt: AttemptRef }
  | { readonly kind: "run-verified"; readonly source: AttemptRef; readonly intact: boolean }
  | { readonly kind: "disk-measured"; readonly freeDiskBytes: number }
  | { readonly kind: "tick" };

/** One thing to do on a worker. */
export type WorkerEffect =
  | { readonly kind: "send"; readonly message: WorkerMessage }
  /** Make sure that the bundle is on disk and the shuffle server knows the job's key; launches of the job wait for it. */
  | { readonly kind: "prepare-job"; readonly brief: JobBrief }
  /** `cuts` are the key ranges of the stage's shuffle, as told by `ranges`; the same array for all attempts of a stage. */
  | {
      readonly kind: "run-map";
      readonly attempt: AttemptRef;
      readonly split: Split;
      readonly cuts?: readonly string[];
    }
  | { readonly kind: "run-sample"; readonly attempt: AttemptRef; readonly split: Split; readonly keysMax: number }
  | { readonly kind: "run-reduce"; readonly attempt: AttemptRef; readonly segments: readonly LocalSegment[] }
  /** Kill whatever runs for the attempt; answered by `attempt-stopped`. */
  | { readonly kind: "stop-attempt"; readonly attempt: AttemptRef }
  /** Fetch one segment over the network into the reader's gather directory; one try. */
  | { readonly kind: "fetch"; readonly reader: AttemptRef; readonly place: SegmentPlace }
  | { readonly kind: "cancel-fetches"; readonly reader: AttemptRef; readonly tasks?: readonly number[] }
  | { readonly kind: "verify-run"; readonly source: AttemptRef }
  /** Delete the run file of an attempt, also one that was begun and one that is not there. */
  | { readonly kind: "delete-run"; readonly attempt: AttemptRef }
  | { readonly kind: "delete-gathered"; readonly reader: AttemptRef }
  | { readonly kind: "delete-job"; readonly job: JobId }
  /** Close the session and connect anew: the coordinator does not answer, or its reign is over. Answered by `disconnected`. */
  | { readonly kind: "disconnect"; readonly reason: string }
  /** Registration was refused for good: print the reason and end the process with the code's exit status. */
  | { readonly kind: "exit"; readonly code: string; readonly message: string }
  | { readonly kind: "wake"; readonly atMs: number };

/** Name a source for a message, where a worker is known by id alone. */
export interface SourceOnWorker {
  readonly source: AttemptRef;
  readonly worker: WorkerId;
}
