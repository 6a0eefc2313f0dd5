// Words of lines into a combine table. Lines that stand one behind the other are one text, for what ends them is white
// space too. A line with other characters than those of ASCII is left, as what separates there is a matter of Unicode; so
// is one that may hold too long a word.

import { dataLimits } from "../data-limits.ts";
import type { MapOutput } from "../map/map-output.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { endOfShort, recordAt } from "./record-at.ts";
import { textKernels } from "./text-kernels.ts";
import type { BatchStep } from "./batch-step.ts";

/** Make the step that emits (word, 1) for each word of a line. @returns undefined where `output` cannot count words. */
export function countWordsOfLines(
  memory: KernelMemory,
  { countWords }: MapOutput<unknown, unknown, unknown>,
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  if (countWords === undefined || kernels === undefined) return undefined;
  // A quarter of the memory, so that each word fits into an empty table: the function tells of one that does not.
  const wordBytesMax = Math.min(dataLimits.keyBytesMax, Math.floor(memory.budget.limit / 4));
  return {
    mapFrom: (batch, first) => {
      const { offsets, count } = batch;
      const base = memory.baseOf(batch);
      if (base === undefined) return first;
      const begin = offsets[2 * first]!;
      const end = offsets[2 * count - 1]!;
      const plain = kernels.findNonAscii(base + begin, base + end) - base;
      // Lengths are looked at up to there alone: in a text without ASCII each line is a call.
      const stop = endOfShort(batch, first, {
        last: plain === end ? count : recordAt(offsets, plain, first, count),
        bytesMax: wordBytesMax,
      });
      if (stop > first) countWords(base + begin, base + offsets[2 * stop - 1]!);
      return stop;
    },
  };
}
