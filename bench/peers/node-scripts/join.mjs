// Orders with their customers, who are kept in memory.

import { forEachLine, writeRows } from "./lines.mjs";

const customers = new Map();
await forEachLine(process.env.IN2, (line) => {
  const [key, text] = line.split("\t");
  customers.set(key, text);
});
const joined = [];
await forEachLine(process.env.IN, (line) => {
  const text = customers.get(line.slice(0, line.indexOf("\t")));
  if (text !== undefined) joined.push(`${line}\t${text}`);
});
writeRows(process.env.OUT, joined);
