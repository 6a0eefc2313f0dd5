// A file of network storage, or a packed one, as input: the I/O thread reads and unpacks it into a ring.

import type { ChunkSource } from "@millrace/data";
import type { InputBytes } from "../attempt/attempt-io.ts";
import { hostLimits } from "../host-limits.ts";
import { SyncRingReader, createRing } from "../ring/ring.ts";
import type { ComputeMessage, PlannedPart } from "./io-messages.ts";

/** Open a part through the I/O thread. Nothing is asked of it before the first chunk is. */
export function openRingInput(planned: PlannedPart, post: (message: ComputeMessage) => void): InputBytes {
  const source = new RingChunks(planned, post);
  return {
    source,
    checkUnchanged: () => {
      source.close();
      const ring = createRing({ chunkBytes: 8 * 1024, chunkCount: 2 });
      post({ kind: "check-input", planned, ring });
      const reader = new SyncRingReader(ring);
      while (reader.next() !== undefined);
    },
    close: () => {
      source.close();
    },
  };
}

class RingChunks implements ChunkSource {
  readonly #planned: PlannedPart;
  readonly #post: (message: ComputeMessage) => void;
  readonly #copy = new Uint8Array(hostLimits.ringChunkBytes);
  #reader: SyncRingReader | undefined;

  constructor(planned: PlannedPart, post: (message: ComputeMessage) => void) {
    this.#planned = planned;
    this.#post = post;
  }

  seek(offset: number): void {
    this.close();
    const ring = createRing();
    this.#post({ kind: "read-input", planned: this.#planned, offset, ring });
    this.#reader = new SyncRingReader(ring);
  }

  next(): Uint8Array | undefined {
    const chunk = this.#reader?.next();
    if (chunk === undefined) return undefined;
    // A copy of 256 KiB takes 20 µs; decoders and codecs of readers refuse shared memory.
    this.#copy.set(chunk);
    return this.#copy.subarray(0, chunk.length);
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }
}
