// Kernels that look at texts. Places are addresses in the memory; up to 16 bytes beyond an end are read.

import type { KernelModule } from "./kernel-module.ts";
import { textCode } from "./text-code.ts";

/** What kernels/text.ts gives. */
export interface TextKernels {
  /** See kernels/words.ts. */
  readonly countWords: (table: number, from: number, to: number) => number;
  readonly countLetterWords: (table: number, from: number, to: number, letters: number) => number;
  readonly wordsCounted: { readonly value: number };
  /** See kernels/lines.ts. */
  readonly splitLines: (base: number, from: number, to: number, pairs: number, pairsMax: number) => number;
  readonly findNonAscii: (from: number, to: number) => number;
  /** See kernels/utf8.ts. */
  readonly findInvalidUtf8: (from: number, to: number) => number;
  readonly findFourBytes: (from: number, to: number) => number;
  /** See kernels/search.ts. */
  readonly findTextOrNonAscii: (from: number, to: number, text: number, length: number) => number;
}

export const textKernels: KernelModule<TextKernels> = { name: "text", code: textCode };
