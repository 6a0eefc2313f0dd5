// Word count over bytes: whole batches of lines, words between blanks, keys taken from where they lie.

import { defineJob, sum, textLines, textTable } from "millrace";

/** 9 to 13 and 32: what separates in ASCII. */
const isBlank = (byte: number | undefined): boolean => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);

export default defineJob({
  name: "word-count-batch",
  input: textLines(),
  mapBatch: ({ bytes, offsets, count }, emit) => {
    for (let line = 0; line < count; line++) {
      const end = offsets[2 * line + 1] ?? 0;
      let begin = offsets[2 * line] ?? 0;
      for (let at = begin; at <= end; at++) {
        if (at < end && !isBlank(bytes[at])) continue;
        if (at > begin) emit.bytes(begin, at, 1);
        begin = at + 1;
      }
    }
  },
  reduce: sum(),
  output: textTable(),
});
