// What happens to a coordinator. Time is not in here: `step(atMs, event)` takes the monotonic time of the batch.
// A driver turns each message, reply or timer into exactly one event and decides nothing.

import type { SegmentVector } from "./attempt-result.ts";
import type { Epoch, Incarnation, JobId, SessionId, WorkerId } from "./ids.ts";
import type { JobSpec } from "./job-spec.ts";
import type { WorkerMessage } from "./session-messages.ts";
import type { StorageReply } from "./storage-call.ts";

/** Number a client's request, so that its answer finds it. Drawn by the driver, unique within a reign. */
export type RequestId = number;

/** One thing that happened. */
export type CoordinatorEvent =
  /** A client submits; `job` is freshly drawn by the driver. `bundleStored` is durable. */
  | {
      readonly kind: "submit";
      readonly request: RequestId;
      readonly job: JobId;
      readonly spec: JobSpec;
      readonly specDigest: string;
      readonly idempotencyKey?: string;
      readonly wallMs: number;
    }
  | {
      readonly kind: "kill-job";
      readonly request: RequestId;
      readonly job: JobId;
      readonly reason: string;
      readonly wallMs: number;
    }
  /** A worker's message. For `finished` the driver has appended `vector` to the job's side file at `vectorAt` (synced). */
  | {
      readonly kind: "worker-message";
      readonly session: SessionId;
      readonly message: WorkerMessage;
      readonly wallMs: number;
      /** With `finished` of an attempt that wrote a run. */
      readonly vectorAt?: number;
      /** With `finished` of a task that has an accepted attempt already: that attempt's vector, read from the side file. */
      readonly acceptedVector?: SegmentVector;
    }
  | { readonly kind: "session-closed"; readonly session: SessionId }
  /** Answer to a `probe-worker` effect: `refused` proves that the process is gone. */
  | {
      readonly kind: "worker-probed";
      readonly worker: WorkerId;
      readonly incarnation: Incarnation;
      readonly answer: "alive" | "refused" | "unknown";
    }
  | {
      readonly kind: "storage-replied";
      readonly job: JobId;
      readonly call: number;
      readonly reply: StorageReply;
      readonly wallMs: number;
    }
  /** Time passed. `lateMs` is by how much this tick came later than asked: all leases are extended by it. */
  | { readonly kind: "tick"; readonly lateMs: number; readonly wallMs: number }
  /** The journals were replayed: volatile state begins anew. The driver has handed each accepted vector to the machine before. */
  | { readonly kind: "recovered"; readonly epoch: Epoch; readonly wallMs: number };
