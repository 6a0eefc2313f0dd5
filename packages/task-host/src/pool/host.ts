// One host of attempts as the pool sees it: a child process or a thread. It runs one attempt at a time, of one job.

import type { AttemptFailure, AttemptResult, SegmentVector } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import type { PlacedProgress } from "../attempt/attempt-meter.ts";

/** What a host tells of the attempt that it runs. Exactly one of the last two ends it. */
export interface HostEvents {
  onProgress(progress: PlacedProgress): void;
  onFinished(result: AttemptResult, vector: SegmentVector | undefined): void;
  /** `hostGone` says that the host is of no more use; what is left of it is ended before this is called. */
  onFailed(failure: AttemptFailure, hostGone: boolean): void;
}

/** A host. Made warm; it takes an order at once and runs it when it is up. */
export interface Host {
  run(order: AttemptOrder, events: HostEvents): void;
  /** End it at once, whatever it does. Resolves when nothing of it runs; no event follows. Twice is fine. */
  kill(): Promise<void>;
}

/** Make a host. `onGone` is called when it ends by itself while it runs nothing. */
export type CreateHost = (onGone: () => void) => Host;
