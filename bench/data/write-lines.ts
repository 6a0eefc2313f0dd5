// Write a file of generated lines: whole lines until at least the asked bytes. Staged and renamed, so that a file of the
// name is whole.

import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import type { LineSource } from "../../packages/cli/src/gen/line-source.ts";

const bufferBytes = 2 ** 20;
const newline = 0x0a;

/** Write it. @returns the bytes written: `bytes`, and up to the end of the line that reaches it. */
export function writeLines(path: string, lines: LineSource, bytes: number): number {
  const staged = `${path}.${process.pid}`;
  const file = openSync(staged, "w");
  const buffer = new Uint8Array(bufferBytes);
  let written = 0;
  while (written < bytes) {
    // A source of lines, no array.
    // eslint-disable-next-line unicorn/no-array-fill-with-reference-type
    const filled = lines.fill(buffer, 0);
    const left = bytes - written;
    const end = filled < left ? filled : buffer.indexOf(newline, left - 1) + 1;
    writeSync(file, buffer, 0, end);
    written += end;
  }
  closeSync(file);
  renameSync(staged, path);
  return written;
}
