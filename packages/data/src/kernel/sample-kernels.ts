// Kernels that find samples of metrics, and that make pairs of rows. Places are addresses in the memory; up to 16 bytes
// beyond an end are read.

import type { KernelModule } from "./kernel-module.ts";
import { samplesCode } from "./samples-code.ts";

/** What kernels/samples.ts gives. */
export interface SampleKernels {
  /** See kernels/samples-find.ts. */
  readonly findSamples: (base: number, offsets: number, count: number, block: number, left: number) => void;
  /** See kernels/samples-pairs.ts. */
  readonly addRowPairs: (block: number) => number;
}

export const sampleKernels: KernelModule<SampleKernels> = { name: "samples", code: samplesCode };
