// How often each word occurs, words of a list left out. The list is a side file: it travels with the job, and every
// task reads it once.

import { defineJob, integer, sum, textLines, textTable } from "millrace";

export default defineJob({
  name: "word-count",
  params: { letters: integer({ default: 1, min: 1, about: "shorter words are left out" }) },
  setup: (context) => new Set(new TextDecoder().decode(context.file("stop-words.txt")).split("\n")),
  input: textLines(),
  map: (line, emit, context) => {
    for (const [word] of line.toLowerCase().matchAll(/\p{L}+/gu)) {
      if (word.length < context.params.letters) continue;
      if (context.state.has(word)) context.count("stop words");
      else emit(word, 1);
    }
  },
  reduce: sum(),
  output: textTable(),
});
