// Counts words: what lies between blanks, as it is written. Shipped as `word-count`. No type syntax in a shipped job:
// its file is run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { defineJob, sum } from "@millrace/sdk";

const otherBlank = /\s/u;

/** Count how often each word occurs: one row `word TAB count`, in the order of the words' bytes. */
export default defineJob({
  name: "word-count",
  input: textLines(),
  map: (line, emit) => {
    let begin = -1;
    for (let at = 0; at < line.length; at++) {
      const unit = line.charCodeAt(at);
      // Characters of ASCII first: up to the blank they separate, above it they do not. The rest goes by Unicode.
      const separates =
        unit < 0x80 ? unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) : otherBlank.test(line.charAt(at));
      if (!separates) {
        if (begin < 0) begin = at;
      } else if (begin >= 0) {
        emit(line.slice(begin, at), 1);
        begin = -1;
      }
    }
    if (begin >= 0) emit(line.slice(begin), 1);
  },
  reduce: sum(),
  output: textTable(),
});
