// Rows by their first two letters: how many, and how long in all.

import { forEachLine, writeRows } from "./lines.mjs";

const groups = new Map();
await forEachLine(process.env.IN, (line) => {
  const key = line.slice(0, 2);
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = { rows: 0, letters: 0 }));
  group.rows += 1;
  group.letters += line.length;
});
writeRows(
  process.env.OUT,
  groups.entries().map(([key, { rows, letters }]) => `${key} ${rows}\t${letters}`),
);
