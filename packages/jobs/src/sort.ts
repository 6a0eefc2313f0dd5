// Sorts lines, across part files too. Shipped as `sort`. No type syntax in a shipped job: its file is run as it stands.

import { textLines } from "@millrace/formats";
import { boolean, defineJob, double, optional, sampledRanges, text, tuple } from "@millrace/sdk";

const leadingNumber = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/u;

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
  map: (line, emit, { params }) => {
    const number = params.numeric ? leadingNumber.exec(line) : null;
    emit([number === null ? null : Number(number[1]), line], true);
  },
  partition: sampledRanges(),
  reduce: ([, line], values, emit, { params }) => {
    if (params.unique) emit(line);
    else for (const _ of values) emit(line);
  },
  output: textLines(),
});
