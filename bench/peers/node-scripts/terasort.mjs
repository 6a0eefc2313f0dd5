// Rows of 100 bytes by their first 10, in memory.

import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";

const rowBytes = 100;
const pieceRows = 10_000;
const { size } = statSync(process.env.IN);
const rows = [];
const input = openSync(process.env.IN, "r");
for (let at = 0; at < size;) {
  const piece = Buffer.allocUnsafe(Math.min(rowBytes * pieceRows, size - at));
  at += readSync(input, piece, 0, piece.length, at);
  for (let begin = 0; begin < piece.length; begin += rowBytes) rows.push(piece.subarray(begin, begin + rowBytes));
}
closeSync(input);
rows.sort((a, b) => a.compare(b, 0, 10, 0, 10));
const output = openSync(process.env.OUT, "w");
for (let begin = 0; begin < rows.length; begin += pieceRows)
  writeSync(output, Buffer.concat(rows.slice(begin, begin + pieceRows)));
closeSync(output);
