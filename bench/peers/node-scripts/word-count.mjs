// How often each word occurs.

import { forEachLine, writeRows } from "./lines.mjs";

const counts = new Map();
await forEachLine(process.env.IN, (line) => {
  for (const word of line.split(/\s+/)) if (word !== "") counts.set(word, (counts.get(word) ?? 0) + 1);
});
writeRows(
  process.env.OUT,
  counts.entries().map(([word, count]) => `${word}\t${count}`),
);
