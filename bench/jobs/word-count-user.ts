// Word count as a user writes it: strings, split at blanks.

import { defineJob, sum, textLines, textTable } from "millrace";

export default defineJob({
  name: "word-count-user",
  input: textLines(),
  map: (line, emit) => {
    for (const word of line.split(/\s+/u)) if (word !== "") emit(word, 1);
  },
  reduce: sum(),
  output: textTable(),
});
