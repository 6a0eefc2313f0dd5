// Lines into a sort buffer, as pairs of a join by one of their columns. A line with other characters than those of ASCII
// is left, as bytes that are no UTF-8 do not stand for themselves; so is one that is longer than a key may be, and what
// kernels/cuts.ts leaves.

import { dataLimits } from "../data-limits.ts";
import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { LineCut } from "../sort/cut-collector.ts";
import { batchOffsets } from "./batch-offsets.ts";
import { endOfPlain } from "./batch-search.ts";
import type { BatchStep } from "./batch-step.ts";
import { textKernels } from "./text-kernels.ts";

/** Make the step that emits lines by a column. @returns undefined where `output` cannot take them so. */
export function addCutLines(
  memory: KernelMemory,
  { openCuts, wires }: Pick<MapOutput<unknown, unknown, unknown>, "openCuts" | "wires">,
  cut: LineCut,
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  const { place } = memory;
  if (kernels === undefined || place === undefined || !areTexts(wires, cut.side)) return undefined;
  const add = openCuts();
  if (add === undefined) return undefined;
  const offsetsOf = batchOffsets(place);
  const endOf = endOfPlain(kernels.findNonAscii, dataLimits.keyBytesMax);
  return {
    mapFrom: (batch, first) => {
      const base = memory.baseOf(batch);
      if (base === undefined) return first;
      const stop = endOf(batch, base, first);
      if (stop === first) return first;
      return first + add({ base, offsets: offsetsOf(batch) + first * 8, count: stop - first, ...cut });
    },
  };
}

/** Keys are texts, and the values of an input of a join, whose wire form names all of them. */
function areTexts([key, value]: MapOutput<unknown, unknown, unknown>["wires"], side: number): boolean {
  const { oneOf = {} } = (value ?? {}) as { readonly oneOf?: Readonly<Record<string, unknown>> };
  return key === "text" && Object.values(oneOf)[side] === "text";
}
