// Kernels that cut lines into columns. Places are addresses in the memory; up to 16 bytes beyond an end are read.

import { cutsCode } from "./cuts-code.ts";
import type { KernelModule } from "./kernel-module.ts";

/** What kernels/cuts.ts gives. */
export interface CutKernels {
  readonly addCuts: (block: number) => number;
}

export const cutKernels: KernelModule<CutKernels> = { name: "cuts", code: cutsCode };
