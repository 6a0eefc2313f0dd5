// What a worker and its host processes say to each other over their own pipe.

import type { AttemptFailure } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import type { PlacedProgress } from "../attempt/attempt-meter.ts";
import type { AttemptOutcome } from "../attempt/run-attempt.ts";
import type { SlotMemory } from "../host-limits.ts";
import type { WorkerPlace } from "../worker-place.ts";

/** From the worker. There is no message to stop: a host is killed. */
export type HostOrder =
  /**
   * First message: how much memory the host has, the URL of its compute thread's program, the variables that say how
   * storages are reached, and where the worker is, by which data is near or far.
   */
  | {
      readonly kind: "boot";
      readonly memory: SlotMemory;
      readonly module: string;
      readonly storage: Readonly<Record<string, string>>;
      readonly place: WorkerPlace;
    }
  | { readonly kind: "run"; readonly order: FramedOrder };

/** An order as JSON holds it: bytes are hexadecimal. */
export type FramedOrder = Omit<AttemptOrder, "cuts"> & { readonly cuts?: readonly string[] };

/** Make an order ready for a frame. */
export function frameOrder({ cuts, ...order }: AttemptOrder): FramedOrder {
  return cuts === undefined ? order : { ...order, cuts: cuts.map((cut) => Buffer.from(cut).toString("hex")) };
}

/** Take an order out of a frame. */
export function unframeOrder({ cuts, ...order }: FramedOrder): AttemptOrder {
  return cuts === undefined ? order : { ...order, cuts: cuts.map((cut) => new Uint8Array(Buffer.from(cut, "hex"))) };
}

/** From the host. */
export type HostReport =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly progress: PlacedProgress }
  | { readonly kind: "ended"; readonly outcome: AttemptOutcome }
  /** The compute thread is gone; the host ends itself after this. */
  | { readonly kind: "lost"; readonly failure: AttemptFailure };

/** Descriptors of the pipe inside a host. */
export const hostPipe = { ordersDescriptor: 3, reportsDescriptor: 4 } as const;
