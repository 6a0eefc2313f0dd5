// For each status and minute of an access log hits, bytes and their 99th percentile; the 100 paths with the most bytes.

import { forEachLine, writeRows } from "./lines.mjs";

const pattern = /^\S+ \S+ \S+ \[([^:]+:\d\d:\d\d)[^\]]*\] "\S+ (\S+)[^"]*" (\d+) (\S+)/;
const minutes = new Map();
const paths = new Map();
await forEachLine(process.env.IN, (line) => {
  const [, minute, path, status, size] = pattern.exec(line);
  const key = `${status}\t${minute}`;
  let group = minutes.get(key);
  if (group === undefined) minutes.set(key, (group = { hits: 0, sizes: [] }));
  group.hits += 1;
  if (size === "-") return;
  group.sizes.push(Number(size));
  paths.set(path, (paths.get(path) ?? 0) + Number(size));
});
writeRows(
  `${process.env.OUT}/minutes`,
  minutes.entries().map(([key, { hits, sizes }]) => {
    sizes.sort((a, b) => a - b);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return `${key}\t${hits}\t${bytes}\t${sizes[Math.ceil(sizes.length * 0.99) - 1] ?? -1}`;
  }),
);
writeRows(
  `${process.env.OUT}/paths`,
  [...paths]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 100)
    .map(([path, bytes]) => `${path}\t${bytes}`),
);
