// Files in memory for `testJob`: the same runner and data plane as on a cluster, without a disk.

import { MillraceError, quote } from "@millrace/core";
import type { SplitPart } from "@millrace/core";
import { crc32 } from "@millrace/data";
import type { ChunkSource, MemoryRunStore } from "@millrace/data";
import type { AttemptIo, OutputBytes } from "../attempt/attempt-io.ts";

/** Bytes of a test's inputs, side files and runs. */
export interface MemoryFiles {
  /** Inputs and side files by URI. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Run files, kept between stages. */
  readonly runs: MemoryRunStore;
}

// Small, so that a test of a few lines crosses chunks as a large file does.
const chunkBytes = 64;

/** Make the files of one attempt; `runName` is its own. */
export function createMemoryIo({ files, runs }: MemoryFiles, runName: string): AttemptIo {
  const bytesOf = (uri: string): Uint8Array => {
    const bytes = files.get(uri);
    if (bytes === undefined)
      throw new MillraceError("E_INPUT_READ", `Cannot read ${quote(uri)}: the test has no such file`);
    return bytes;
  };
  return {
    openInput: (part) => ({
      codec: part.codec === "detect" ? "none" : part.codec,
      source: chunksOf(bytesOf(part.uri), part),
      checkUnchanged: () => undefined,
      close: () => undefined,
    }),
    openSegment: (segment) => runs.openRun(segment.path),
    store: runs,
    runName,
    createOutput,
    readFile: (path) => bytesOf(path).slice(),
    tools: { crc32, codecs: [] },
  };
}

function chunksOf(input: Uint8Array, part: SplitPart): ChunkSource {
  let at = part.offset;
  return {
    seek: (offset) => {
      at = offset;
    },
    next: () => {
      if (at >= input.length) return undefined;
      const chunk = input.subarray(at, at + chunkBytes);
      at += chunk.length;
      return chunk;
    },
  };
}

/** A test wants the records, not their bytes: these are made, so that what cannot be written shows, and counted. */
function createOutput(): OutputBytes {
  let length = 0;
  return {
    write: (bytes) => {
      length += bytes.length;
    },
    close: () => length,
    discard: () => undefined,
  };
}
