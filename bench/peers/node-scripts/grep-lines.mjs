// The lines that match.

import { forEachLine, writeRows } from "./lines.mjs";

const pattern = new RegExp(process.env.PATTERN);
const found = [];
await forEachLine(process.env.IN, (line) => {
  if (pattern.test(line)) found.push(line);
});
writeRows(process.env.OUT, found);
