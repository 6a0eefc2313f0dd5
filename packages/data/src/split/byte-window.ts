// A window over the bytes of a file: a stretch of it in memory that moves forwards.

import type { ChunkSource } from "./split-reader.ts";

/** Room beside what is asked for, so that many small items move seldom. */
const roomBytesMore = 512 * 1024;

/** Holds the bytes that are looked at, and reads on when more are asked for. */
export class ByteWindow {
  readonly #source: ChunkSource;
  #room = new Uint8Array(0);
  #length = 0;
  /** Place in the file of the window's first byte. */
  begin = 0;
  /** Whether the file ends where the window does. */
  isLast = false;

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  /** Begin anew at this place. */
  seek(offset: number): void {
    this.#source.seek(offset);
    this.begin = offset;
    this.#length = 0;
    this.isLast = false;
  }

  /** The bytes in memory; valid until the next call. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  /**
   * Let `count` bytes from `offset` on be in the window, fewer at the file's end. Bytes before `offset` may go.
   *
   * @param offset - not before the window's begin.
   * @returns how many there are.
   */
  hold(offset: number, count: number): number {
    while (this.begin + this.#length < offset + count && !this.isLast) {
      const chunk = this.#source.next();
      if (chunk === undefined) this.isLast = true;
      else this.#append(chunk, offset, count);
    }
    return Math.max(0, Math.min(count, this.begin + this.#length - offset));
  }

  #append(chunk: Uint8Array, keepFrom: number, wanted: number): void {
    if (this.#length + chunk.length > this.#room.length) {
      const gone = Math.min(keepFrom - this.begin, this.#length);
      const kept = this.#length - gone;
      const room = this.#room;
      const needed = kept + chunk.length;
      // Doubled, so that moving costs less than reading; but an item of 64 MiB takes no 128.
      if (needed > room.length)
        this.#room = new Uint8Array(Math.max(needed, Math.min(2 * needed, wanted + chunk.length + roomBytesMore)));
      this.#room.set(room.subarray(gone, this.#length));
      this.begin += gone;
      this.#length = kept;
    }
    this.#room.set(chunk, this.#length);
    this.#length += chunk.length;
  }
}
