// Files in memory for `testJob`: the same runner and data plane as on a cluster, without a disk.

import { MillraceError } from "@millrace/core";
import type { SplitPart } from "@millrace/core";
import { crc32 } from "@millrace/data";
import type { ByteSource, ChunkSource } from "@millrace/data";
import type { AttemptIo } from "../attempt/attempt-io.ts";

/** Bytes of the one input and of all runs of a test. */
export interface MemoryFiles {
  readonly input: Uint8Array;
  /** Run files by name, kept between map and reduce. */
  readonly runs: Map<string, Uint8Array>;
}

// Small, so that a test of a few lines crosses chunks as a large file does.
const chunkBytes = 64;

/** Make the files of one attempt; `runName` is its own. */
export function createMemoryIo(files: MemoryFiles, runName: string): AttemptIo {
  const { input, runs } = files;
  return {
    openInput: (part) => ({ source: chunksOf(input, part), checkUnchanged: () => undefined, close: () => undefined }),
    openSegment: (segment) => sourceOf(runs, segment.path),
    store: {
      createRun: (name) => {
        const collected = collector();
        return {
          write: collected.write,
          finish: () => {
            runs.set(name, collected.bytes());
          },
          discard: () => undefined,
        };
      },
      openRun: (name) => sourceOf(runs, name),
      removeRun: (name) => {
        runs.delete(name);
      },
    },
    runName,
    createOutput: () => {
      const collected = collector();
      return { write: collected.write, close: () => collected.bytes().length, discard: () => undefined };
    },
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

function sourceOf(runs: ReadonlyMap<string, Uint8Array>, name: string): ByteSource {
  const bytes = runs.get(name);
  if (bytes === undefined)
    throw new MillraceError("E_SEGMENT", `Cannot read run "${name}": it is missing; run its map`);
  return {
    size: bytes.length,
    readAt: (offset, into) => {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
    close: () => undefined,
  };
}

function collector(): { readonly write: (bytes: Uint8Array) => void; readonly bytes: () => Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write: (bytes) => {
      parts.push(bytes.slice());
    },
    bytes: () => {
      const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
  };
}
