// Passes over lines that do not hold a text. A line with other characters than those of ASCII is never passed over: it
// has to be decoded, as bytes that are no UTF-8 are counted.

import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { BatchStep } from "./batch-step.ts";
import { recordAt } from "./record-at.ts";
import { textKernels } from "./text-kernels.ts";

/** Of a longer text so much is searched for: the function that lines are left to looks at all of it. */
const searchedBytesMax = 256;

/**
 * Make the step that leaves to the function those lines alone that may hold a text.
 *
 * @param text - as UTF-8; of an empty one there is no step.
 */
export function passLinesWithout(memory: KernelMemory, text: Uint8Array): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  const { place } = memory;
  if (kernels === undefined || place === undefined || text.length === 0) return undefined;
  const searched = text.slice(0, searchedBytesMax);
  const { length } = searched;
  return {
    mapFrom: (batch, first) => {
      const { offsets, count } = batch;
      const base = memory.baseOf(batch);
      if (base === undefined) return first;
      place.bytes.set(searched, place.block);
      const end = offsets[2 * count - 1]!;
      const found = kernels.findTextOrNonAscii(base + offsets[2 * first]!, base + end, place.block, length) - base;
      return found === end ? count : recordAt(offsets, found, first, count);
    },
  };
}
