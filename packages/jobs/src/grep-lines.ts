// Keeps the lines that match a pattern. Shipped as `grep-lines`. No type syntax in a shipped job: its file is run as it
// stands.

import { textLines } from "@millrace/formats";
import { boolean, defineJob, pattern, requiredText } from "@millrace/sdk";

/** Write each line that matches, in the order of the input. */
export default defineJob({
  name: "grep-lines",
  params: {
    pattern: pattern({ about: "a JavaScript regular expression, found anywhere in the line" }),
    ignoreCase: boolean({ default: false, about: "whether A matches a" }),
    invert: boolean({ default: false, about: "whether to keep the lines that do not match" }),
  },
  setup: ({ params }) => new RegExp(params.pattern, params.ignoreCase ? "iu" : "u"),
  input: textLines(),
  linesWith: ({ pattern, ignoreCase, invert }) => (ignoreCase || invert ? "" : requiredText(new RegExp(pattern, "u"))),
  map: (line, emit, { params, state }) => {
    if (state.test(line) !== params.invert) emit(line);
  },
  output: textLines(),
});
