// Moves every byte of its input through the shuffle and writes next to nothing: rows by the first two letters of their
// key, of which there are 4,096, counted with their lengths where they arrive. No combiner can shorten that.

import { defineJob, text, textLines, textTable } from "millrace";

export default defineJob({
  name: "bench-shuffle",
  input: textLines(),
  key: text(),
  value: text(),
  map: (line, emit) => emit(line.slice(0, 2), line),
  reduce: (key, values, emit) => {
    let [rows, letters] = [0, 0];
    for (const line of values) {
      rows += 1;
      letters += line.length;
    }
    emit([`${key} ${rows}`, letters]);
  },
  output: textTable(),
});
