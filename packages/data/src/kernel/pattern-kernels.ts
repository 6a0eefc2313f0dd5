// Kernels that find fields of logs by the patterns of their servers.

import type { KernelModule } from "./kernel-module.ts";
import { patternsCode } from "./patterns-code.ts";

/** What kernels/patterns.ts gives. */
export interface PatternKernels {
  /** See kernels/patterns-find.ts. */
  readonly findPatternFields: (base: number, offsets: number, count: number, pattern: number, left: number) => void;
}

export const patternKernels: KernelModule<PatternKernels> = { name: "patterns", code: patternsCode };
