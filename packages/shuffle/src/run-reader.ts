// Reading run files of this worker: where a segment lies, what a file holds, and whether all of it is whole.
// No footer, no file: whatever does not open as a run file counts as not there.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import {
  digestVector,
  openRunFile,
  vectorOf,
  verifySegment,
  type ByteSource,
  type RunFile,
  type RunTools,
} from "@millrace/data";
import type { SegmentExtent } from "./server/server-context.ts";

/** Open a file for reading at any place. Throws the system's error. */
export function openFileSource(path: string): ByteSource {
  const file = openSync(path, "r");
  return {
    size: fstatSync(file).size,
    readAt: (offset, into) => {
      let done = 0;
      while (done < into.length) {
        const read = readSync(file, into, done, into.length - done, offset + done);
        if (read === 0) break;
        done += read;
      }
      return done;
    },
    close: () => closeSync(file),
  };
}

/** Read what a run file says of itself. @returns undefined when it is not there or not whole. */
export function readRunFile(path: string, tools: RunTools): RunFile | undefined {
  let source: ByteSource | undefined;
  try {
    source = openFileSource(path);
    return openRunFile(source, tools, { name: path, code: "E_WORK_DISK" });
  } catch {
    return undefined;
  } finally {
    source?.close();
  }
}

/** Digest the vector of a run file. @returns undefined when it is not there or not whole. */
export function readVectorDigest(path: string, tools: RunTools): string | undefined {
  const run = readRunFile(path, tools);
  return run === undefined ? undefined : digestVector(vectorOf(run));
}

/** Read every block of a run file, one segment a turn of the loop. @returns whether all of it is whole. */
export async function verifyRunFile(path: string, tools: RunTools): Promise<boolean> {
  let source: ByteSource | undefined;
  try {
    source = openFileSource(path);
    const origin = { name: path, code: "E_WORK_DISK" as const };
    for (const segment of openRunFile(source, tools, origin).segments) {
      if (segment.bytes === 0) continue;
      verifySegment(source, segment, tools, origin);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  } catch {
    return false;
  } finally {
    source?.close();
  }
}

/** A run file's index as it was read. */
interface KnownIndex {
  /** Size and modification time by which a file is known again. */
  readonly stamp: string;
  /** For each partition its offset and its bytes. */
  readonly extents: Float64Array;
}

/** Where segments lie in run files, kept for the files used last; bounded by `entriesMax` segments in all. */
export class RunIndexCache {
  readonly #tools: RunTools;
  readonly #entriesMax: number;
  /** By path, in order of use. */
  readonly #indexes = new Map<string, KnownIndex>();
  #entries = 0;

  constructor(tools: RunTools, entriesMax: number) {
    this.#tools = tools;
    this.#entriesMax = entriesMax;
  }

  /** Find a segment. @returns undefined when the file is gone, not whole, or has no such partition. */
  locate(path: string, partition: number): SegmentExtent | undefined {
    const extents = this.#extentsOf(path);
    const offset = extents?.[2 * partition];
    const bytes = extents?.[2 * partition + 1];
    return offset === undefined || bytes === undefined ? undefined : { path, offset, bytes };
  }

  /** Forget a file. */
  forget(path: string): void {
    const index = this.#indexes.get(path);
    if (index === undefined) return;
    this.#indexes.delete(path);
    this.#entries -= index.extents.length / 2;
  }

  #extentsOf(path: string): Float64Array | undefined {
    const stamp = stampOf(path);
    const kept = this.#indexes.get(path);
    this.forget(path);
    if (stamp === undefined) return undefined;
    const index = kept?.stamp === stamp ? kept : this.#read(path, stamp);
    if (index === undefined) return undefined;
    this.#indexes.set(path, index);
    this.#entries += index.extents.length / 2;
    for (const [oldest] of this.#indexes) {
      if (this.#entries <= this.#entriesMax || oldest === path) break;
      this.forget(oldest);
    }
    return index.extents;
  }

  #read(path: string, stamp: string): KnownIndex | undefined {
    const run = readRunFile(path, this.#tools);
    if (run === undefined) return undefined;
    return { stamp, extents: Float64Array.from(run.segments.flatMap(({ offset, bytes }) => [offset, bytes])) };
  }
}

/** A look at a file, a few microseconds when its directory is in memory: it may be gone, cut or replaced by now. */
function stampOf(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() === true ? `${status.size} ${status.mtimeMs} ${status.ino}` : undefined;
}
