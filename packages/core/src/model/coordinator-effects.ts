// What a coordinator asks of the outside. An effect that another party can see leaves only after the records of the
// same batch are durable: the driver syncs journals first, then performs effects in the order given.

import type { AttemptRef, Incarnation, JobId, SessionId, WorkerId } from "./ids.ts";
import type { RequestId } from "./coordinator-events.ts";
import type { ClusterRecord, JobRecord } from "./records.ts";
import type { CoordinatorMessage } from "./session-messages.ts";
import type { StorageCall } from "./storage-call.ts";

/** A segment's place before the driver has looked up what the segment holds. */
export interface PlaceToSend {
  readonly task: number;
  readonly attempt: number;
  readonly worker: WorkerId;
  readonly address: string;
  /** Position of the accepted vector in the side file; the driver reads the partition's entry from it. */
  readonly vectorAt: number;
}

/** Answer to a client's request. */
export type RequestReply =
  | {
      readonly kind: "submitted";
      readonly job: JobId;
      /** The key was used before: this is that job. */ readonly again: boolean;
    }
  | { readonly kind: "kill-accepted"; readonly job: JobId }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/** One thing to do. */
export type CoordinatorEffect =
  | { readonly kind: "send"; readonly session: SessionId; readonly message: CoordinatorMessage }
  /** Send the job's brief: the driver adds the shuffle key, which no machine sees. */
  | { readonly kind: "send-brief"; readonly session: SessionId; readonly job: JobId }
  /** Send `places` pages for one reduce attempt: the driver adds what each segment holds (partition = attempt.task). */
  | {
      readonly kind: "send-places";
      readonly session: SessionId;
      readonly attempt: AttemptRef;
      readonly places: readonly PlaceToSend[];
    }
  | { readonly kind: "close-session"; readonly session: SessionId }
  /** Try to connect to the worker's shuffle port, at most `limits.probeTimeoutMs`; answer with `worker-probed`. */
  | {
      readonly kind: "probe-worker";
      readonly worker: WorkerId;
      readonly incarnation: Incarnation;
      readonly address: string;
    }
  | { readonly kind: "storage"; readonly job: JobId; readonly call: number; readonly request: StorageCall }
  | { readonly kind: "reply"; readonly request: RequestId; readonly reply: RequestReply }
  /** Something about the job changed that watchers may want to see. */
  | { readonly kind: "job-changed"; readonly job: JobId }
  /** Submission refused before it was journalled: delete what was stored for it. */
  | { readonly kind: "discard-job"; readonly job: JobId }
  /** Ask for a `tick` no later than this monotonic time. Replaces the one asked for before. */
  | { readonly kind: "wake"; readonly atMs: number };

/** What one step decided. Records are in order within each journal; job journals are written before the cluster's. */
export interface StepResult {
  readonly jobRecords: readonly { readonly job: JobId; readonly record: JobRecord }[];
  readonly clusterRecords: readonly ClusterRecord[];
  readonly effects: readonly CoordinatorEffect[];
}
