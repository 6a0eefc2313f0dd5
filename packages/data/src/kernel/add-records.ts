// Records that are key and value into a sort buffer. What is no whole record is left.

import { dataLimits } from "../data-limits.ts";
import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { RecordBatch } from "../split/split-reader.ts";
import type { BatchStep } from "./batch-step.ts";

/** Make the step that emits the rest of each record under its first `keyBytes` bytes. @returns undefined where `output` cannot take records. */
export function addPairsOfRecords(
  memory: KernelMemory,
  { addRecords }: MapOutput<unknown, unknown, unknown>,
  { keyBytes, valueBytes }: { readonly keyBytes: number; readonly valueBytes: number },
): BatchStep | undefined {
  if (addRecords === undefined || keyBytes > dataLimits.keyBytesMax) return undefined;
  const recordBytes = keyBytes + valueBytes;
  return {
    mapFrom: (batch, first) => {
      const count = wholeFrom(batch, first, recordBytes);
      const base = count === 0 ? undefined : memory.baseOf(batch);
      if (base === undefined) return first;
      return first + addRecords({ address: base + batch.offsets[2 * first]!, count, recordBytes, keyBytes });
    },
  };
}

/** How many records from `first` on have that length and stand one behind the other. */
function wholeFrom({ offsets, count }: RecordBatch, first: number, recordBytes: number): number {
  const begin = offsets[2 * first]!;
  for (let index = first; index < count; index++) {
    const from = begin + (index - first) * recordBytes;
    if (offsets[2 * index] !== from || offsets[2 * index + 1] !== from + recordBytes) return index - first;
  }
  return count - first;
}
