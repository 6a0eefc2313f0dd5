// Lines by their bytes, in memory.

import { forEachLine, writeRows } from "./lines.mjs";

const lines = [];
await forEachLine(process.env.IN, (line) => lines.push(line));
writeRows(
  process.env.OUT,
  lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
);
