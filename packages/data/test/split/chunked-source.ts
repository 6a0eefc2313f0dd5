// Bytes in memory as a stream of chunks of one size.

import type { ChunkSource, KernelMemory, SplitReaderOptions } from "../../src/index.ts";
import { createSplitReader } from "../../src/index.ts";

/** Hand out `bytes` in chunks; the array is overwritten on the next call, as a ring of buffers would be. */
export class ChunkedSource implements ChunkSource {
  readonly #bytes: Uint8Array;
  readonly #chunk: Uint8Array;
  #at = 0;

  /** @param memory - where chunks lie. */
  constructor(bytes: Uint8Array, chunkBytes: number, memory?: KernelMemory) {
    this.#bytes = bytes;
    this.#chunk = memory?.chunk.subarray(0, chunkBytes) ?? new Uint8Array(chunkBytes);
  }

  seek(offset: number): void {
    this.#at = offset;
  }

  next(): Uint8Array | undefined {
    const part = this.#bytes.subarray(this.#at, this.#at + this.#chunk.length);
    if (part.length === 0) return undefined;
    this.#at += part.length;
    this.#chunk.fill(0x23);
    this.#chunk.set(part);
    return this.#chunk.subarray(0, part.length);
  }
}

/** What one split gave. */
export interface ReadSplit {
  readonly records: readonly string[];
  readonly offsets: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Read a split whole; records as latin1 text. */
export function readSplit(
  bytes: Uint8Array,
  chunkBytes: number,
  options: Omit<SplitReaderOptions, "source">,
): ReadSplit {
  const reader = createSplitReader({ ...options, source: new ChunkedSource(bytes, chunkBytes, options.memory) });
  const records: string[] = [];
  const offsets: number[] = [];
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) {
    for (let index = 0; index < batch.count; index++) {
      const start = batch.offsets[index * 2]!;
      records.push(String.fromCharCode(...batch.bytes.subarray(start, batch.offsets[index * 2 + 1])));
      offsets.push(batch.fileOffset + start);
    }
  }
  return { records, offsets, ...reader.owned() };
}
