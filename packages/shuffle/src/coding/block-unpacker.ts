// Unpacks an answer as it arrives, block by block. A length is judged before anything is allocated for it. Own memory: one
// packed block. Those that LZ4's package gives are freed when the loop turns, which it does with each write to disk (256 KiB);
// of a segment that is not written any more a piece of 64 KiB holds 16 MiB at most.

import type { BlockCodec } from "@millrace/data";
import { packedHeadBytes, readPackedHead, type PackedHead } from "./packed-block.ts";

/** Bytes of an answer, and what they took on the wire. */
export interface UnpackedPiece {
  /** Valid until the next piece. */
  readonly bytes: Buffer;
  readonly wireBytes: number;
}

/** Feed pieces of a packed answer in order. */
export class BlockUnpacker {
  readonly #codec: BlockCodec;
  readonly #head = Buffer.alloc(packedHeadBytes);
  #headFilled = 0;
  #block: PackedHead | undefined;
  /** The packed block as far as it has come, where it comes in several pieces. */
  #stored = Buffer.alloc(0);
  #storedFilled = 0;

  constructor(codec: BlockCodec) {
    this.#codec = codec;
  }

  /** Give the whole blocks that end in this piece. @throws Error when it is not what a source sends. */
  *push(piece: Buffer): Generator<UnpackedPiece, void, undefined> {
    for (let at = 0; at < piece.length;) {
      if (this.#block === undefined) {
        at += this.#fillHead(piece, at);
        continue;
      }
      const { rawBytes, storedBytes } = this.#block;
      const bytes = Math.min(storedBytes - this.#storedFilled, piece.length - at);
      const stored = this.#take(piece.subarray(at, at + bytes), storedBytes);
      at += bytes;
      if (stored === undefined) continue;
      this.#block = undefined;
      yield { bytes: this.#unpack(stored, rawBytes), wireBytes: packedHeadBytes + storedBytes };
    }
  }

  #fillHead(piece: Buffer, at: number): number {
    const bytes = Math.min(packedHeadBytes - this.#headFilled, piece.length - at);
    piece.copy(this.#head, this.#headFilled, at, at + bytes);
    this.#headFilled += bytes;
    if (this.#headFilled === packedHeadBytes) {
      this.#headFilled = 0;
      this.#storedFilled = 0;
      this.#block = readPackedHead(this.#head, 0);
      if (this.#block === undefined) throw new Error("The source's answer has a block that is none");
    }
    return bytes;
  }

  /** Take bytes of the block. @returns the whole of it, once it is there: the piece itself where it came in one. */
  #take(bytes: Buffer, storedBytes: number): Buffer | undefined {
    if (bytes.length === storedBytes) return bytes;
    // Its first bytes: none of it is in the old room yet.
    if (this.#stored.length < storedBytes) this.#stored = Buffer.allocUnsafeSlow(storedBytes);
    this.#stored.set(bytes, this.#storedFilled);
    this.#storedFilled += bytes.length;
    return this.#storedFilled === storedBytes ? this.#stored.subarray(0, storedBytes) : undefined;
  }

  #unpack(stored: Buffer, rawBytes: number): Buffer {
    if (stored.length === rawBytes) return stored;
    const raw = this.#codec.decompress(stored, rawBytes);
    return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  }
}
