// Files in memory for `testJob`: the same runner and data plane as on a cluster, without a disk.

import type { SplitPart } from "@millrace/core";
import { crc32 } from "@millrace/data";
import type { ChunkSource, MemoryRunStore } from "@millrace/data";
import type { AttemptIo, OutputBytes } from "../attempt/attempt-io.ts";

/** Bytes of the one input and of all runs of a test. */
export interface MemoryFiles {
  readonly input: Uint8Array;
  /** Run files, kept between map and reduce. */
  readonly runs: MemoryRunStore;
}

// Small, so that a test of a few lines crosses chunks as a large file does.
const chunkBytes = 64;

/** Make the files of one attempt; `runName` is its own. */
export function createMemoryIo({ input, runs }: MemoryFiles, runName: string): AttemptIo {
  return {
    openInput: (part) => ({ source: chunksOf(input, part), checkUnchanged: () => undefined, close: () => undefined }),
    openSegment: (segment) => runs.openRun(segment.path),
    store: runs,
    runName,
    createOutput,
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
