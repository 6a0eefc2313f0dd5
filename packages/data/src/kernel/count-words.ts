// Words of lines into a combine table. Lines that stand one behind the other are one text, for what ends them is white
// space too. A line with other characters than those of ASCII is left, as what separates there is a matter of Unicode; so
// is one that may hold too long a word.

import { dataLimits } from "../data-limits.ts";
import type { MapOutput } from "../map/map-output.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { RecordBatch } from "../split/split-reader.ts";
import { recordAt } from "./record-at.ts";
import { textKernels } from "./text-kernels.ts";
import type { BatchStep } from "./batch-step.ts";

/** Make the step that emits (word, 1) for each word of a line. @returns undefined where `output` cannot count words. */
export function countWordsOfLines(
  memory: KernelMemory,
  { countWords }: MapOutput<unknown, unknown, unknown>,
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  if (countWords === undefined || kernels === undefined) return undefined;
  return {
    mapFrom: (batch, first) => {
      const { offsets } = batch;
      const last = endOfShort(batch, first);
      const base = memory.baseOf(batch);
      if (last === first || base === undefined) return first;
      const begin = offsets[2 * first]!;
      const end = offsets[2 * last - 1]!;
      const plain = kernels.findNonAscii(base + begin, base + end) - base;
      const stop = plain === end ? last : recordAt(offsets, plain, first, last);
      if (stop > first) countWords(base + begin, base + offsets[2 * stop - 1]!);
      return stop;
    },
  };
}

/** The first record from `first` on that is longer than a key may be. */
function endOfShort({ offsets, count }: RecordBatch, first: number): number {
  for (let index = first; index < count; index++)
    if (offsets[2 * index + 1]! - offsets[2 * index]! > dataLimits.keyBytesMax) return index;
  return count;
}
