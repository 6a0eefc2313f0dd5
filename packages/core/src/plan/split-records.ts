// A plan's splits as records of the journal: each is one line, and one message to who reads the journal, so it is bounded
// by splits and by the files in them.

import { limits } from "../limits.ts";
import type { Plan, Split } from "../model/plan.ts";
import type { JobRecord } from "../model/records.ts";

/** Cut the splits of a plan into records, in order, those of one stage after those of another. */
export function splitRecords(plan: Plan): readonly JobRecord[] {
  const records: JobRecord[] = [];
  plan.splits.forEach((splits, stage) => {
    for (let first = 0; first < splits.length;) {
      const end = recordEnd(splits, first);
      records.push({ kind: "splits", stage, first, splits: splits.slice(first, end) });
      first = end;
    }
  });
  return records;
}

/** Where a record of splits ends that begins at `first`: it holds one at least, since a split alone is within the bound. */
function recordEnd(splits: readonly Split[], first: number): number {
  let end = first;
  let parts = 0;
  while (end < splits.length && end - first < limits.recordSplitsMax) {
    parts += splits[end]?.parts.length ?? 0;
    if (parts > limits.recordPartsMax && end > first) break;
    end += 1;
  }
  return end;
}
