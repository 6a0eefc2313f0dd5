// Sorts lines, across part files too. Shipped as `sort`. No type syntax in a shipped job: its file is run as it stands.

import { textLines } from "@millrace/formats";
import {
  boolean,
  defineJob,
  double,
  eachLineAsKey,
  eachSortedLine,
  optional,
  sampledRanges,
  text,
  tuple,
} from "@millrace/sdk";

/**
 * Sort lines by their UTF-8 bytes, as `LC_ALL=C sort` does. With `numeric` by the number that they begin with, lines
 * without one first, equal ones by their bytes. The first part file has the least lines, and so on.
 */
export default defineJob({
  name: "sort",
  params: {
    numeric: boolean({ default: false, about: "by the number that a line begins with, then by its bytes" }),
    unique: boolean({ default: false, about: "write equal lines once" }),
  },
  input: textLines(),
  key: tuple(optional(double()), text()),
  value: boolean(),
  map: eachLineAsKey({ numeric: "numeric" }),
  partition: sampledRanges(),
  reduce: eachSortedLine({ unique: "unique" }),
  output: textLines(),
});
