// Lines into a sort buffer, as keys. A line with other characters than those of ASCII is left, as bytes that are no UTF-8
// do not stand for themselves; so is one that is longer than a key may be, or begins with a number that is hard to read.

import { dataLimits } from "../data-limits.ts";
import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { keyLinePartMax } from "../sort/record-collector.ts";
import { batchOffsets } from "./batch-offsets.ts";
import { endOfPlain } from "./batch-search.ts";
import type { BatchStep } from "./batch-step.ts";
import { textKernels } from "./text-kernels.ts";

/** How a pair is made of a line. */
export interface LinePair {
  /** Wire forms of key and value: with others nothing is known of the encodings. */
  readonly wires: readonly [key: unknown, value: unknown];
  /** What stands before the line in its encoded key; 8 bytes at most. */
  readonly before: Uint8Array;
  /** The value of each, encoded; 8 bytes at most. */
  readonly value: Uint8Array;
  /** Whether the number that a line begins with stands before it, as an optional double that `before` is without one. */
  readonly numbers?: boolean;
}

/** Of an optional double that is there. */
const numberBytes = 9;

/** Make the step that emits each line as a key. @returns undefined where `output` cannot take lines. */
export function addLinesAsKeys(
  memory: KernelMemory,
  { addLines, wires: given }: MapOutput<unknown, unknown, unknown>,
  { wires, before, value, numbers = false }: LinePair,
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  const { place } = memory;
  if (addLines === undefined || kernels === undefined || place === undefined) return undefined;
  if (JSON.stringify(wires) !== JSON.stringify(given)) return undefined;
  if (Math.max(before.length, value.length) > keyLinePartMax) return undefined;
  const bytesMax = dataLimits.keyBytesMax - (numbers ? numberBytes : before.length);
  const offsetsOf = batchOffsets(place);
  const endOf = endOfPlain(kernels.findNonAscii, bytesMax);
  return {
    mapFrom: (batch, first) => {
      const base = memory.baseOf(batch);
      if (base === undefined) return first;
      const stop = endOf(batch, base, first);
      if (stop === first) return first;
      const lines = { base, offsets: offsetsOf(batch) + first * 8, count: stop - first, before, value, numbers };
      return first + addLines(lines);
    },
  };
}
