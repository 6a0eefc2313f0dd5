// Write generated files: whole lines until at least the asked bytes, spread evenly over the files.

import { closeSync, fsyncSync, openSync, rmSync, rmdirSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeDirectoryTreeSync } from "@millrace/ports";
import { describePlaceError } from "../output/place-error.ts";
import type { LineSource } from "./line-source.ts";
import { createAccessLogSource } from "./access-log.ts";
import { createOpenMetricsSource } from "./open-metrics.ts";
import { createTeraSource, teraRowBytes } from "./tera.ts";
import { createTextSource } from "./text.ts";

/** Kinds of files, with the ending of their names. */
export const generatedKinds = {
  text: { extension: "txt", createSource: ({ seed, file }: SourcePlace) => createTextSource(seed, file) },
  "access-log": { extension: "log", createSource: ({ seed, file }: SourcePlace) => createAccessLogSource(seed, file) },
  openmetrics: {
    extension: "prom",
    createSource: ({ seed, file }: SourcePlace) => createOpenMetricsSource(seed, file),
  },
  tera: {
    extension: "dat",
    rowBytes: teraRowBytes,
    createSource: ({ firstRow }: SourcePlace) => createTeraSource(firstRow),
  },
} as const satisfies Record<string, KindOfFile>;

/** Name of a kind of generated file. */
export type GeneratedKind = keyof typeof generatedKinds;

/** Which file of a set is made. */
export interface SourcePlace {
  readonly seed: number;
  readonly file: number;
  /** Number of its first row, for kinds of rows. */
  readonly firstRow: number;
}

/** How files of a kind are made. */
export interface KindOfFile {
  readonly extension: string;
  /** For rows of one length: files are cut between rows, and continue each other. Else lines, and each stands alone. */
  readonly rowBytes?: number;
  readonly createSource: (place: SourcePlace) => LineSource;
}

/** What to generate. */
export interface GenerateOptions {
  readonly kind: GeneratedKind;
  /** A file when `files` is 1, else a directory that is made. */
  readonly out: string;
  /** In all. Rows: rounded up to a whole row. Lines: at least so much, a line more for each file at most. */
  readonly bytes: number;
  readonly files: number;
  readonly seed: number;
  /** Number of the first row of kinds of rows; 0 unless given. */
  readonly firstRow?: number;
  readonly onProgress?: (bytes: number) => void;
}

const bufferBytes = 1024 * 1024;

/**
 * Write the files; an existing file is refused. What was made is removed when one cannot be written.
 * @returns the paths and the bytes written in all. @throws {MillraceError} E_NO_SPACE, E_STORAGE.
 */
export function generateFiles(options: GenerateOptions): { readonly paths: readonly string[]; readonly bytes: number } {
  const { extension, createSource, rowBytes }: KindOfFile = generatedKinds[options.kind];
  const paths = Array.from({ length: options.files }, (_, file) =>
    options.files === 1
      ? options.out
      : join(options.out, `${options.kind}-${String(file).padStart(5, "0")}.${extension}`),
  );
  const unit = rowBytes ?? 1;
  const units = Math.ceil(options.bytes / unit);
  // Not units × file ÷ files, which may lie above 2^53.
  const firstUnit = (file: number): number =>
    Math.floor(units / options.files) * file + Math.floor(((units % options.files) * file) / options.files);
  let bytes = 0;
  const made: string[] = [];
  const parent = resolve(dirname(paths[0] ?? options.out));
  let firstMade: string | undefined;
  try {
    firstMade = makeDirectoryTreeSync(parent);
    for (const [file, path] of paths.entries()) {
      const begin = firstUnit(file);
      const source = createSource({ seed: options.seed, file, firstRow: (options.firstRow ?? 0) + begin });
      const descriptor = openSync(path, "wx");
      made.push(path);
      bytes += writeRecords(descriptor, source, { bytesMin: (firstUnit(file + 1) - begin) * unit, rowBytes });
      options.onProgress?.(bytes);
    }
  } catch (thrown) {
    removeMade(made, parent, firstMade);
    const use = {
      act: "generate into",
      path: options.out,
      elsewhere: "choose a directory",
      code: "E_STORAGE",
    } as const;
    throw describePlaceError(use, thrown);
  }
  return { paths, bytes };
}

/** Remove files, and the directories that were made for them, from `directory` up to `firstMade`, unless others use them by now. */
function removeMade(paths: readonly string[], directory: string, firstMade: string | undefined): void {
  try {
    for (const path of paths) rmSync(path, { force: true });
    if (firstMade === undefined) return;
    for (let at = directory; at.length >= firstMade.length; at = dirname(at)) rmdirSync(at);
  } catch {
    // What cannot be removed either stays; why the files could not be written is what counts.
  }
}

/** Write the records of a file, and close it. @returns how many bytes. */
function writeRecords(
  descriptor: number,
  source: LineSource,
  { bytesMin, rowBytes }: { readonly bytesMin: number; readonly rowBytes: number | undefined },
): number {
  try {
    const buffer = new Uint8Array(bufferBytes);
    let written = 0;
    while (written < bytesMin) {
      // A source of lines, no array.
      // eslint-disable-next-line unicorn/no-array-fill-with-reference-type
      const filled = source.fill(buffer, 0);
      const wanted = Math.min(filled, bytesMin - written);
      // The bytes wanted of rows are whole rows.
      const isWhole = rowBytes !== undefined || written + filled <= bytesMin;
      written += writeBytes(descriptor, buffer, isWhole ? wanted : endOfLine(buffer, wanted));
    }
    if (source.end !== undefined) written += writeBytes(descriptor, source.end, source.end.length);
    fsyncSync(descriptor);
    return written;
  } finally {
    closeSync(descriptor);
  }
}

/** Write the first bytes of some. @returns how many. */
function writeBytes(descriptor: number, bytes: Uint8Array, length: number): number {
  for (let at = 0; at < length;) at += writeSync(descriptor, bytes, at, length - at);
  return length;
}

/** Find the end of the line that holds the byte before `at`. */
function endOfLine(buffer: Uint8Array, at: number): number {
  return buffer.indexOf(0x0a, Math.max(0, at - 1)) + 1;
}
