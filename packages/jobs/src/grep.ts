// Counts what a pattern matches and sorts by the count. Shipped as `grep`. No type syntax in a shipped job: its file is
// run as it stands.

import { textLines, textTable } from "@millrace/formats";
import {
  boolean,
  chain,
  count,
  defineJob,
  eachMatch,
  int,
  object,
  pattern,
  patternGroup,
  records,
  text,
  tuple,
} from "@millrace/sdk";

const counts = records(object({ key: text(), value: int() }));

/** Count each different text that the pattern, or one of its groups, matches; a line may have several. */
const matches = defineJob({
  name: "grep-matches",
  params: {
    pattern: pattern({ about: "a JavaScript regular expression, found anywhere in a line" }),
    group: patternGroup("pattern", { default: 0, about: "the group to count; 0 is all that is matched" }),
    ignoreCase: boolean({ default: false, about: "whether A matches a" }),
  },
  input: textLines(),
  map: eachMatch({ pattern: "pattern", group: "group", ignoreCase: "ignoreCase" }),
  reduce: count(),
  output: counts,
});

/** The most frequent first, equally frequent ones by their bytes: rows `count TAB match`, in one part file. */
const byCount = defineJob({
  name: "grep",
  input: counts,
  key: tuple(int(), text()),
  value: boolean(),
  map: ({ key, value }, emit) => emit([-value, key], true),
  reduces: 1,
  reduce: ([negative, match], _values, emit) => emit([-negative, match]),
  output: textTable(),
});

export default chain(matches, byCount);
