// Counts words: what lies between blanks, as it is written. Shipped as `word-count`. No type syntax in a shipped job:
// its file is run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { defineJob, sum } from "@millrace/sdk";

const otherBlank = /\s/u;
// What a key may have: a "word" beyond it is a picture or a dump in the text, and no reason to lose all other counts.
const wordBytesMax = 64 * 1024;

const fits = (word = "") =>
  // UTF-8 has at most three bytes for a UTF-16 unit.
  word.length * 3 <= wordBytesMax || Buffer.byteLength(word) <= wordBytesMax;

/**
 * Count how often each word occurs: one row `word TAB count`, in the order of the words' bytes. Words of more than
 * 64 KiB are left out, and counted in `word-count.too-long`.
 */
export default defineJob({
  name: "word-count",
  input: textLines(),
  map: (line, emit, context) => {
    let begin = -1;
    for (let at = 0; at <= line.length; at++) {
      // The end separates as a blank does.
      const unit = at < line.length ? line.charCodeAt(at) : 0x20;
      // Characters of ASCII first: up to the blank they separate, above it they do not. The rest goes by Unicode.
      const separates =
        unit < 0x80 ? unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) : otherBlank.test(line.charAt(at));
      if (!separates) {
        if (begin < 0) begin = at;
      } else if (begin >= 0) {
        const word = line.slice(begin, at);
        if (fits(word)) emit(word, 1);
        else context.count("word-count.too-long", 1);
        begin = -1;
      }
    }
  },
  reduce: sum(),
  output: textTable(),
});
