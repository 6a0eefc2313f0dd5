// Splits of numbers: an input that is no file at all. The records of a split are the whole numbers of its one part, and
// its offset and bytes count numbers, so that ranges tile [0, n) as those of a file tile its bytes.

import type { Split } from "../model/plan.ts";
import type { SplitOrder } from "./plan-splits.ts";

/** Where the parts of numbers lie. */
export const numbersUri = "numbers:";

/** Splits when the job asks for no size: as many tasks as a small cluster runs at once, and each may cost its start. */
const splitsAuto = 16;

/**
 * Cut the numbers from 0 to `count` (exclusive) into splits of even size: at most 16, or as many as `splitBytes` numbers
 * each make. None for 0 numbers.
 * @returns splits in order, undefined when there would be more than `splitsMax`.
 */
export function planNumbers(
  count: number,
  { input, splitBytes, splitsMax }: Pick<SplitOrder, "input" | "splitBytes" | "splitsMax">,
): readonly Split[] | undefined {
  const splits = splitBytes === "auto" ? Math.min(count, splitsAuto) : Math.ceil(count / splitBytes);
  if (splits > splitsMax) return undefined;
  const each = Math.floor(count / Math.max(splits, 1));
  const larger = count - each * splits;
  return Array.from({ length: splits }, (_, index) => {
    const offset = index * each + Math.min(index, larger);
    const bytes = index < larger ? each + 1 : each;
    return {
      input,
      parts: [{ uri: numbersUri, offset, bytes, fileBytes: count, modifiedMs: 0, codec: "none" as const }],
      bytes,
      hosts: [],
    };
  });
}
