// The data that workloads read: made once for each size, the same bytes on every machine, kept in the cache.

import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateFiles } from "../../packages/cli/src/gen/generate-files.ts";
import type { GeneratedKind } from "../../packages/cli/src/gen/generate-files.ts";
import { benchCache } from "./cache-directory.ts";
import { createDistinctWordsSource } from "./distinct-words.ts";
import { createCustomersSource, createOrdersSource, customersShare } from "./join-rows.ts";
import { createManyWordsSource } from "./many-words.ts";
import { createPrintableRowsSource } from "./printable-rows.ts";
import { writeLines } from "./write-lines.ts";

/** Name of a set. */
export type DataSetName = keyof typeof makers;

/** One file. */
export interface DataSet {
  readonly name: DataSetName;
  readonly path: string;
  readonly bytes: number;
}

/** Raised when a generator writes other bytes, so that old files are not taken for new ones. */
const dataVersion = 1;

/** How each is written to a path; gives its bytes. */
const makers = {
  text: (path: string, bytes: number) => writeLines(path, createManyWordsSource(), bytes),
  "distinct-words": (path: string, bytes: number) => writeLines(path, createDistinctWordsSource(), bytes),
  "access-log": (path: string, bytes: number) => generated("access-log", path, bytes),
  tera: (path: string, bytes: number) => generated("tera", path, bytes),
  rows: (path: string, bytes: number) => writeLines(path, createPrintableRowsSource(), bytes),
  orders: (path: string, bytes: number) => writeLines(path, createOrdersSource(bytes), bytes),
  customers: (path: string, bytes: number) =>
    writeLines(path, createCustomersSource(), Math.ceil(bytes / customersShare)),
} as const;

/** Make a set, or find it made. @param onMake told before it is made. */
export function dataSet(name: DataSetName, bytes: number, onMake: (path: string) => void): DataSet {
  const path = join(benchCache("data"), `${name}-v${dataVersion}-${bytes}`);
  const note = `${path}.json`;
  if (existsSync(note) && existsSync(path)) {
    const known = JSON.parse(readFileSync(note, "utf8")) as { readonly bytes: number };
    if (known.bytes === statSync(path).size) return { name, path, bytes: known.bytes };
  }
  onMake(path);
  const made = makers[name](path, bytes);
  writeFileSync(note, `${JSON.stringify({ bytes: made })}\n`);
  return { name, path, bytes: made };
}

/** Read a file, so that it lies in the page cache as far as that goes. */
export function warm(path: string): void {
  const buffer = Buffer.allocUnsafe(2 ** 20);
  const file = openSync(path, "r");
  while (readSync(file, buffer) > 0);
  closeSync(file);
}

function generated(kind: GeneratedKind, path: string, bytes: number): number {
  const staged = `${path}.${process.pid}`;
  const made = generateFiles({ kind, out: staged, bytes, files: 1, seed: 1 });
  renameSync(staged, path);
  return made.bytes;
}
