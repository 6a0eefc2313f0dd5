// Kernels for keys that were emitted one by one and wait in a queue.

import type { KernelModule } from "./kernel-module.ts";
import { queueCode } from "./queue-code.ts";

/** What kernels/queue.ts gives. */
export interface QueueKernels {
  readonly addKeys: (table: number, queue: number, first: number, count: number) => number;
}

export const queueKernels: KernelModule<QueueKernels> = { name: "queue", code: queueCode };
