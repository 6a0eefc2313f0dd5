// Says for each word in which files it occurs, and how often. Shipped as `inverted-index`. No type syntax in a shipped
// job: its file is run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { chain, count, defineJob, int, object, records, text, tuple } from "@millrace/sdk";

const words = /[\p{L}\p{N}]+/gu;

const posting = object({ word: text(), file: text() });
const counts = records(object({ key: posting, value: int() }));

/** Count each word of each file. A word is a run of letters and digits, in lower case. */
const postings = defineJob({
  name: "inverted-index-postings",
  input: textLines(),
  key: posting,
  map: (line, emit, { split }) => {
    for (const [word] of line.matchAll(words)) emit({ word: word.toLowerCase(), file: split.uri });
  },
  reduce: count(),
  output: counts,
});

/** One row a word: `word TAB file:count TAB file:count …`, files in the order of their URIs. */
const index = defineJob({
  name: "inverted-index",
  input: counts,
  value: tuple(text(), int()),
  orderBy: text(),
  map: ({ key, value }, emit) => emit(key.word, [key.file, value], key.file),
  reduce: (word, files, emit) => {
    const row = [word];
    for (const [file, times] of files) row.push(`${file}:${times}`);
    emit(row);
  },
  output: textTable(),
});

export default chain(postings, index);
