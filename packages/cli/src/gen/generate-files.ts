// Write generated files: whole lines until at least the asked bytes, spread evenly over the files.

import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LineSource } from "./line-source.ts";
import { createAccessLogSource } from "./access-log.ts";
import { createTextSource } from "./text.ts";

/** Kinds of files, with the ending of their names. */
export const generatedKinds = {
  text: { extension: "txt", createSource: createTextSource },
  "access-log": { extension: "log", createSource: createAccessLogSource },
} as const satisfies Record<string, { extension: string; createSource: (seed: number, file: number) => LineSource }>;

/** Name of a kind of generated file. */
export type GeneratedKind = keyof typeof generatedKinds;

/** What to generate. */
export interface GenerateOptions {
  readonly kind: GeneratedKind;
  /** A file when `files` is 1, else a directory that is made. */
  readonly out: string;
  readonly bytes: number;
  readonly files: number;
  readonly seed: number;
  readonly onProgress?: (bytes: number) => void;
}

const bufferBytes = 1024 * 1024;

/** Write the files; an existing file is refused. @returns the paths and the bytes written in all. */
export function generateFiles(options: GenerateOptions): { readonly paths: readonly string[]; readonly bytes: number } {
  const { extension, createSource } = generatedKinds[options.kind];
  const paths = Array.from({ length: options.files }, (_, file) =>
    options.files === 1 ? options.out : join(options.out, `${options.kind}-${String(file).padStart(5, "0")}.${extension}`),
  );
  let bytes = 0;
  for (const [file, path] of paths.entries()) {
    mkdirSync(dirname(path), { recursive: true });
    const share = Math.floor((options.bytes * (file + 1)) / options.files) - Math.floor((options.bytes * file) / options.files);
    bytes += writeLines(path, createSource(options.seed, file), share);
    options.onProgress?.(bytes);
  }
  return { paths, bytes };
}

function writeLines(path: string, source: LineSource, bytesMin: number): number {
  const descriptor = openSync(path, "wx");
  try {
    const buffer = new Uint8Array(bufferBytes);
    let written = 0;
    while (written < bytesMin) {
      const filled = source.fill(buffer, 0);
      const cut = written + filled > bytesMin ? endOfLine(buffer, Math.min(filled, bytesMin - written)) : filled;
      for (let at = 0; at < cut; ) at += writeSync(descriptor, buffer, at, cut - at);
      written += cut;
    }
    fsyncSync(descriptor);
    return written;
  } finally {
    closeSync(descriptor);
  }
}

/** Find the end of the line that holds the byte before `at`. */
function endOfLine(buffer: Uint8Array, at: number): number {
  return buffer.indexOf(0x0a, Math.max(0, at - 1)) + 1;
}
