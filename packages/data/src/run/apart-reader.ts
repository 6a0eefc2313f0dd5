// Reads a value that lies apart from its pair: chunk after chunk, each verified again.

import { dataLimits } from "../data-limits.ts";
import { openBlock, parseBlockHead } from "./block-check.ts";
import type { ByteSource, RunTools } from "./byte-store.ts";
import { failRun, type RunOrigin } from "./run-fault.ts";
import { blockHeadBytes, blockType } from "./run-layout.ts";

/** Where a value's first chunk lies. */
export interface ApartPlace {
  readonly source: ByteSource;
  readonly tools: RunTools;
  readonly origin: RunOrigin;
  readonly offset: number;
}

/** The bytes of one value, in order. Memory: one chunk. */
export class ApartReader {
  readonly #place: ApartPlace;
  readonly #head = new Uint8Array(blockHeadBytes);
  #offset: number;
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(place: ApartPlace) {
    this.#place = place;
    this.#offset = place.offset;
  }

  /** Fill `into` with the next bytes. @throws {DataError} with the origin's code when they are not there. */
  read(into: Uint8Array): void {
    for (let filled = 0; filled < into.length;) {
      if (this.#used === this.#chunk.length) this.#nextChunk();
      const part = Math.min(into.length - filled, this.#chunk.length - this.#used);
      into.set(this.#chunk.subarray(this.#used, this.#used + part), filled);
      this.#used += part;
      filled += part;
    }
  }

  #nextChunk(): void {
    const { tools, origin } = this.#place;
    this.#readInto(this.#offset, this.#head);
    const head = parseBlockHead(
      new DataView(this.#head.buffer),
      0,
      blockHeadBytes + dataLimits.blockRawBytesMax,
      origin,
    );
    if (head.type === blockType.pairs) failRun(origin, "corrupt", "a value's chunks end too early");
    const bytes = new Uint8Array(blockHeadBytes + head.storedBytes);
    this.#readInto(this.#offset, bytes);
    this.#chunk = openBlock(bytes, head, tools, origin);
    this.#used = 0;
    this.#offset += bytes.length;
  }

  #readInto(offset: number, into: Uint8Array): void {
    const read = this.#place.source.readAt(offset, into);
    if (read !== into.length) failRun(this.#place.origin, "cut", `${read} of ${into.length} bytes at ${offset}`);
  }
}
