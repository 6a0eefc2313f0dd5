// A file of network storage, or a packed one, as input: the I/O thread reads and unpacks it into a ring.

import type { CompressionCodec } from "@millrace/core";
import type { ChunkSource } from "@millrace/data";
import type { InputBytes } from "../attempt/attempt-io.ts";
import { hostLimits } from "../host-limits.ts";
import { SyncRingReader, createRing } from "../ring/ring.ts";
import type { ComputeMessage, PlannedPart } from "./io-messages.ts";

/**
 * Open a part through the I/O thread. Nothing is asked of it before the first chunk is, but for a file whose compression
 * nobody knows: that is opened at once, and its bytes follow.
 *
 * @throws {MillraceError} of such a file, E_INPUT_CHANGED, E_INPUT_READ, E_UNSUPPORTED_CODEC.
 */
export function openRingInput(planned: PlannedPart, post: (message: ComputeMessage) => void): InputBytes {
  const { codec: told, fileBytes } = planned.part;
  if (told !== "detect") return ringInput(planned, { codec: told, post });
  const ring = createRing({ chunkBytes: smallChunkBytes(fileBytes) });
  post({ kind: "read-input", planned, offset: 0, ring });
  const reader = new SyncRingReader(ring);
  // The other side is of this build and names a codec of its own, or fails.
  const codec = new TextDecoder().decode(reader.next()?.slice()) as CompressionCodec;
  return ringInput({ ...planned, part: { ...planned.part, codec } }, { codec, post, reader });
}

/** A small file fits a ring of its length, which is made in no time. */
function smallChunkBytes(fileBytes: number): number {
  return Math.min(hostLimits.ringChunkBytes, Math.max(8 * 1024, Math.ceil(fileBytes / 1024) * 1024));
}

interface RingOptions {
  readonly post: (message: ComputeMessage) => void;
  /** Of a ring that has the file from its begin. */
  readonly reader?: SyncRingReader;
}

function ringInput(
  planned: PlannedPart,
  { codec, ...options }: RingOptions & { readonly codec: CompressionCodec },
): InputBytes {
  const source = new RingChunks(planned, options);
  const { post } = options;
  return {
    codec,
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
  #copy = new Uint8Array();
  #reader: SyncRingReader | undefined;
  /** Whether the ring is at the begin of the file, as nothing was taken of it. */
  #isFresh: boolean;

  constructor(planned: PlannedPart, { post, reader }: RingOptions) {
    this.#planned = planned;
    this.#post = post;
    this.#reader = reader;
    this.#isFresh = reader !== undefined;
  }

  seek(offset: number): void {
    if (this.#isFresh && offset === 0) return;
    this.close();
    const ring = createRing();
    this.#post({ kind: "read-input", planned: this.#planned, offset, ring });
    this.#reader = new SyncRingReader(ring);
  }

  next(): Uint8Array | undefined {
    this.#isFresh = false;
    const chunk = this.#reader?.next();
    if (chunk === undefined) return undefined;
    if (this.#copy.length < chunk.length) this.#copy = new Uint8Array(chunk.length);
    // A copy of 256 KiB takes 20 µs; decoders and codecs of readers refuse shared memory.
    this.#copy.set(chunk);
    return this.#copy.subarray(0, chunk.length);
  }

  close(): void {
    this.#isFresh = false;
    this.#reader?.close();
    this.#reader = undefined;
  }
}
