// Counts words: what lies between blanks, as it is written. Shipped as `word-count`. No type syntax in a shipped job:
// its file is run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { defineJob, eachWord, sum } from "@millrace/sdk";

/**
 * Count how often each word occurs: one row `word TAB count`, in the order of the words' bytes. Words of more than
 * 64 KiB are left out, and counted in `word-count.too-long`.
 */
export default defineJob({
  name: "word-count",
  input: textLines(),
  map: eachWord({ tooLong: "word-count.too-long" }),
  reduce: sum(),
  output: textTable(),
});
