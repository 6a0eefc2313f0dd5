// Kernels that sort pairs, write and merge runs. Places are addresses in the memory; up to 16 bytes beyond an end are read.

import type { KernelModule } from "./kernel-module.ts";
import { runsCode } from "./runs-code.ts";

/** What kernels/runs.ts gives. */
export interface RunKernels {
  /** See kernels/collect.ts. */
  readonly addRecords: (block: number) => number;
  readonly addLines: (block: number) => number;
  /** See kernels/growing.ts. */
  readonly spreadSlots: (slots: number, slotCount: number, room: number, roomBytes: number) => number;
  /** See kernels/sorting.ts. */
  readonly fillPairs: (block: number, top: number, places: number, partitions: number) => void;
  readonly countSlots: (block: number, slots: number, end: number, counts: number) => void;
  readonly fillSlots: (block: number, slots: number, end: number, places: number) => void;
  readonly sortEntries: (block: number, low: number, high: number) => number;
  /** See kernels/pairs.ts. */
  readonly writePairs: (block: number, low: number, from: number, high: number) => number;
  /** See kernels/folding.ts. */
  readonly writeFolded: (block: number, low: number, from: number, high: number) => number;
  readonly slotsToLog: (log: number, slots: number, end: number) => number;
  /** See kernels/merging.ts. */
  readonly mergeOn: (merge: number) => number;
  /** See kernels/digest.ts. */
  readonly murmurBlocks: (state: number, from: number, to: number) => void;
}

export const runKernels: KernelModule<RunKernels> = { name: "runs", code: runsCode };
