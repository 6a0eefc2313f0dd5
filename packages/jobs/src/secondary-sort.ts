// Pairs of integers by the first, those of one first number by the second. Shipped as `secondary-sort`. No type syntax in
// a shipped job: its file is run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { defineJob, int } from "@millrace/sdk";

const pair = /^\s*([+-]?\d+)\s+([+-]?\d+)\s*$/u;

/**
 * Sort lines of two integers, and say how the second numbers of each first one come: rows `first TAB second`, in each
 * part file by the first number, then by the second. Other lines are counted in `secondary-sort.malformed`.
 */
export default defineJob({
  name: "secondary-sort",
  input: textLines(),
  key: int(),
  value: int(),
  orderBy: int(),
  map: (line, emit, { count }) => {
    const match = pair.exec(line);
    const first = Number(match?.[1]);
    const second = Number(match?.[2]);
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second)) count("secondary-sort.malformed");
    else emit(first, second, second);
  },
  reduce: (first, seconds, emit) => {
    for (const second of seconds) emit([first, second]);
  },
  output: textTable(),
});
