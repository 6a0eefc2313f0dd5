// Reads a file line by line, and writes rows in pieces.

import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

/** Enough rows to make a write worth its call. */
const pieceRows = 10_000;

/** Call back for each line of a file. */
export async function forEachLine(path, take) {
  const input = createReadStream(path, { encoding: "latin1", highWaterMark: 1 << 20 });
  await new Promise((resolve, reject) => {
    input.on("error", reject);
    const lines = createInterface({ input, crlfDelay: Infinity });
    lines.on("line", take);
    lines.on("close", resolve);
  });
}

/** Write rows, given one by one, each with a line end. */
export function writeRows(path, rows) {
  const file = openSync(path, "w");
  let piece = [];
  const flush = () => {
    if (piece.length > 0) writeSync(file, `${piece.join("\n")}\n`, null, "latin1");
    piece = [];
  };
  for (const row of rows) if (piece.push(row) === pieceRows) flush();
  flush();
  closeSync(file);
}
