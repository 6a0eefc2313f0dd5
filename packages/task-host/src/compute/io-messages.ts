// What the compute thread and the I/O thread of a host say to each other. Bytes travel in rings; a message only says
// which ring is for what. The port is a private one: what user code posts elsewhere is not heard.

import type { MessagePort } from "node:worker_threads";
import type { AttemptFailure, PartFileOptions, SplitPart } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import type { AttemptOutcome } from "../attempt/run-attempt.ts";
import type { RingMemory } from "../ring/ring.ts";

/** To the compute thread: run one attempt. One at a time. */
export interface RunMessage {
  readonly kind: "run";
  readonly order: AttemptOrder;
  /** Paths of the split's parts on this machine; undefined for a part that comes through a ring. */
  readonly inputPaths: readonly (string | undefined)[];
  /** Path of the attempt's output directory on this machine; undefined when output goes through a ring. */
  readonly outputPath: string | undefined;
  readonly tryName: string;
}

/** What a part must still look like. */
export interface PlannedPart {
  readonly part: SplitPart;
  readonly inputGrowth: "refuse" | "prefix";
}

/** From the compute thread. */
export type ComputeMessage =
  | { readonly kind: "ready" }
  /** The bundle is imported: the import deadline is over. */
  | { readonly kind: "loaded" }
  /** Send the part's bytes from `offset` on, unpacked; of one to `detect` all of them, behind a chunk with its codec's name. */
  | { readonly kind: "read-input"; readonly planned: PlannedPart; readonly offset: number; readonly ring: RingMemory }
  /** End the ring when the file is still as planned, else fail it. */
  | { readonly kind: "check-input"; readonly planned: PlannedPart; readonly ring: RingMemory }
  /** Make a file of the ring's bytes; answer with its length, as text. */
  | {
      readonly kind: "write-output";
      readonly uri: string;
      readonly partFiles: PartFileOptions;
      readonly ring: RingMemory;
      readonly reply: RingMemory;
    }
  | { readonly kind: "ended"; readonly outcome: AttemptOutcome }
  /** User code ends the thread: what to say of it. */
  | { readonly kind: "exiting"; readonly failure: AttemptFailure };

/** What a compute thread is started with. */
export interface ComputeData {
  readonly meter: Float64Array;
  readonly port: MessagePort;
  /** Whether it writes the code cache when it has booted. */
  readonly keepsCompiled: boolean;
  /** Memory that its attempts have. */
  readonly slotBytes: number;
}
