// Counts words: what lies between blanks, or runs of letters, as they are written. Shipped as `word-count`. No type syntax
// in a shipped job: its file is run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { boolean, defineJob, eachWord, sum } from "@millrace/sdk";

/**
 * Count how often each word occurs: one row `word TAB count`, in the order of the words' bytes. Words of more than
 * 64 KiB are left out, and counted in `word-count.too-long`.
 */
export default defineJob({
  name: "word-count",
  params: { letters: boolean({ default: false, about: "words are runs of letters and digits: `end.` is `end`" }) },
  input: textLines(),
  map: eachWord({ letters: "letters", tooLong: "word-count.too-long" }),
  reduce: sum(),
  output: textTable(),
});
