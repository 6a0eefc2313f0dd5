// How many lines match.

import { forEachLine, writeRows } from "./lines.mjs";

const pattern = new RegExp(process.env.PATTERN);
let count = 0;
await forEachLine(process.env.IN, (line) => {
  if (pattern.test(line)) count += 1;
});
writeRows(process.env.OUT, [count]);
