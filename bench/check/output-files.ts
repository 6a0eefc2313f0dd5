// What a contestant wrote: one file, or a directory of part files in the order of their names beside marks of success.

import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const chunkBytes = 4 * 2 ** 20;

/** List the files with data, in order: names that begin with `_` or `.` tell of the output and are none of it. */
export function outputFiles(path: string): readonly string[] {
  if (!existsSync(path)) throw new Error(`no output at "${path}"`);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !/^[_.]/u.test(name))
    .toSorted()
    .map((name) => join(path, name));
}

/** Read small outputs as lines of text. */
export function outputLines(path: string): readonly string[] {
  return outputFiles(path)
    .map((file) => readFileSync(file, "utf8"))
    .join("")
    .split("\n")
    .filter((line) => line !== "");
}

/** Hash the bytes of an output in order, as where sorting is the work. @returns 24 hexadecimal digits of SHA-256, and the bytes. */
export function hashInOrder(path: string): { readonly hash: string; readonly bytes: number } {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let bytes = 0;
  for (const name of outputFiles(path)) {
    const file = openSync(name, "r");
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, read));
      bytes += read;
    }
    closeSync(file);
  }
  return { hash: hash.digest("hex").slice(0, 24), bytes };
}
