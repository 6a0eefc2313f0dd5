// Words of lines into a combine table. Lines that stand one behind the other are one text, for what ends them is no part of
// a word. Left is a line that may hold too long a word; between white space also one with bytes that are no UTF-8, as these
// are counted and replaced; of letters one with other characters than those of ASCII, as the rest is a matter of Unicode.

import { dataLimits } from "../data-limits.ts";
import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { endOfShort, recordAt } from "./record-at.ts";
import { type WordKind, textKernels } from "./text-kernels.ts";
import type { BatchStep } from "./batch-step.ts";

/** Make the step that emits (word, 1) for each word of a line. @returns undefined where `output` cannot count words. */
export function countWordsOfLines(
  memory: KernelMemory,
  { countWords }: MapOutput<unknown, unknown, unknown>,
  words: WordKind = "blanks",
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  if (countWords === undefined || kernels === undefined) return undefined;
  const findLeft = words === "letters" ? kernels.findNonAscii : kernels.findInvalidUtf8;
  // A quarter of the memory, so that each word fits into an empty table: the function tells of one that does not.
  const wordBytesMax = Math.min(dataLimits.keyBytesMax, Math.floor(memory.budget.limit / 4));
  return {
    mapFrom: (batch, first) => {
      const { offsets, count } = batch;
      const base = memory.baseOf(batch);
      if (base === undefined) return first;
      const begin = offsets[2 * first]!;
      const end = offsets[2 * count - 1]!;
      const left = findLeft(base + begin, base + end) - base;
      // Lengths are looked at up to there alone: where each line is left, each line is a call.
      const stop = endOfShort(batch, first, {
        last: left === end ? count : recordAt(offsets, left, first, count),
        bytesMax: wordBytesMax,
      });
      if (stop > first) countWords({ from: base + begin, to: base + offsets[2 * stop - 1]!, words });
      return stop;
    },
  };
}
