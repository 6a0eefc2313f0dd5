// From block to block through a file of bzip2 streams, one after the other. The next block's place is known only when
// the one before was read: blocks lie at any bit, without a length.

import { ByteWindow, type ChunkSource } from "@millrace/data";
import type { MillraceError } from "@millrace/core";
import { corruptInput } from "../corrupt-input.ts";
import { BitCursor } from "./bit-cursor.ts";
import { BlockDecoder, type BlockFault, blockBytesMax, blockMagic, endMagic, magicBits } from "./block-decoder.ts";
import { combineCrc } from "./crc.ts";
import { findBlockMagics, magicAt } from "./find-magic.ts";

const headerBytes = 4;
const headerBits = headerBytes * 8;
/** Magic number, check sum, and up to 7 bits. */
const endBytes = 11;
/** Most blocks are read with one look: they have at most 900,000 bytes and little more. */
const usualBlockBytes = 1_048_576;

/** Walks over the blocks of a file. */
export class BlockWalker {
  readonly #window: ByteWindow;
  readonly #uri: string;
  readonly #decoder: BlockDecoder;
  /** Place in the file, in bits, of what comes next. */
  #bit = 0;
  #expects: "stream" | "block" = "stream";
  /** Check sum over the stream's blocks; undefined where its begin was not seen. */
  #streamCrc: number | undefined;
  #isOpen = false;

  constructor(source: ChunkSource, uri: string, decoder = new BlockDecoder()) {
    this.#decoder = decoder;
    this.#window = new ByteWindow(source);
    this.#uri = uri;
  }

  /** Begin at the file's begin. */
  toBegin(): void {
    this.#window.seek(0);
    this.#bit = 0;
    this.#expects = "stream";
    this.#isOpen = false;
  }

  /** Begin at a block, whose place was found by {@link BlockWalker.find}. */
  toBlock(bit: number): void {
    const offset = Math.floor(bit / 8);
    const { begin, bytes } = this.#window;
    if (offset < begin || offset > begin + bytes.length) this.#window.seek(offset);
    this.#bit = bit;
    this.#expects = "block";
    this.#streamCrc = undefined;
    this.#isOpen = false;
  }

  /** Find where blocks seem to begin in a stretch of the file. @returns bits from the file's begin, ascending. */
  find(begin: number, end: number): readonly number[] {
    this.#window.seek(begin);
    // A magic number that begins in the stretch may end up to 7 bytes behind it.
    const count = this.#window.hold(begin, end - begin + 7);
    const found = findBlockMagics(this.#window.bytes.subarray(0, count));
    return found.map((bit) => begin * 8 + bit).filter((bit) => bit < end * 8);
  }

  /**
   * Go to the next block, which is not read yet. The one before must have been read to its end.
   *
   * @returns the place of its first bit, undefined at the end of the file. @throws {MillraceError} E_INPUT_CORRUPT.
   */
  next(): number | undefined {
    for (;;) {
      if (this.#expects === "stream") {
        if (!this.#readHeader()) return undefined;
        continue;
      }
      const magic = this.#magic();
      if (magic === blockMagic) return this.#bit;
      if (magic !== endMagic) {
        const isCut = magic < 0;
        throw this.#refuse(isCut ? "a stream is cut off" : "there is no block where one must begin", isCut ? "end" : 0);
      }
      this.#readEnd();
    }
  }

  /** Read the block at which the walker stands. @returns what is wrong with it. */
  open(): BlockFault | undefined {
    const offset = Math.floor(this.#bit / 8);
    let fault: number | BlockFault = "cut";
    for (const bytes of [usualBlockBytes, blockBytesMax]) {
      this.#window.hold(offset, bytes);
      const base = this.#window.begin * 8;
      fault = this.#decoder.begin(this.#window.bytes, this.#bit - base + magicBits);
      if (typeof fault === "number") {
        this.#after = fault + base;
        this.#isOpen = true;
        return undefined;
      }
      if (fault !== "cut" || this.#window.isLast) return fault;
    }
    return "damaged";
  }
  #after = 0;

  /** Fill `target` with the content of the open block. @returns how much there was; 0 at its end. */
  unpack(target: Uint8Array): number {
    return this.#isOpen ? this.#decoder.unpack(target) : 0;
  }

  /** Leave the block, all of which was unpacked. @returns whether its check sum is right. */
  close(): boolean {
    this.#isOpen = false;
    if (!this.#decoder.isSound) return false;
    this.#bit = this.#after;
    if (this.#streamCrc !== undefined) this.#streamCrc = combineCrc(this.#streamCrc, this.#decoder.crc);
    return true;
  }

  /** Make the error of the block at which the walker stands. */
  blockError(fault: BlockFault | "check"): MillraceError {
    const reasons = {
      cut: "a block is cut off",
      damaged: "a block is damaged",
      check: "a block's CRC does not match its data",
    };
    return this.#refuse(reasons[fault], fault === "cut" ? "end" : 0);
  }

  /** @returns false at the end of the file. */
  #readHeader(): boolean {
    const offset = this.#bit / 8;
    const count = this.#window.hold(offset, headerBytes);
    if (count === 0 && offset > 0) return false;
    const head = this.#window.bytes.subarray(offset - this.#window.begin);
    const isHeader = head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 && head[3]! >= 0x31 && head[3]! <= 0x39;
    if (!isHeader) {
      if (offset > 0 && count < headerBytes) throw this.#refuse("a stream's header is cut off", "end");
      throw this.#refuse(
        offset === 0 ? "there is no bzip2 header" : "there is something else after the last stream",
        0,
      );
    }
    this.#bit += headerBits;
    this.#expects = "block";
    this.#streamCrc = 0;
    return true;
  }

  #readEnd(): void {
    const cursor = this.#cursor(endBytes);
    cursor.take(24);
    cursor.take(24);
    const isWhole = cursor.has(32);
    const crc = cursor.take(32);
    if (!isWhole) throw this.#refuse("a stream is cut off", "end");
    if (this.#streamCrc !== undefined && crc !== this.#streamCrc)
      throw this.#refuse("a stream's CRC does not match its blocks", 0);
    // A stream ends with its byte.
    this.#bit = Math.ceil((this.#bit + magicBits + 32) / 8) * 8;
    this.#expects = "stream";
  }

  #magic(): number {
    const { bit } = this.#cursor(7);
    return magicAt(this.#window.bytes, bit);
  }

  #cursor(count: number): BitCursor {
    const offset = Math.floor(this.#bit / 8);
    this.#window.hold(offset, count);
    return new BitCursor(this.#window.bytes, this.#bit - this.#window.begin * 8);
  }

  #refuse(reason: string, place: "end" | 0): MillraceError {
    const { begin, bytes } = this.#window;
    const offset = place === "end" ? begin + bytes.length : Math.floor(this.#bit / 8);
    return corruptInput(this.#uri, { codec: "bzip2", offset, reason });
  }
}
