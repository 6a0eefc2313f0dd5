// Reads the pairs of one segment in order. A block's check sum is verified before its first pair is used, the order of
// keys on every pair, and counts and digest at the end. Memory: one block, one key, places of values that lie apart.

import { compareRanges } from "../bytes/compare-bytes.ts";
import type { SegmentSummary } from "../conserve/segment-vector.ts";
import { dataLimits } from "../data-limits.ts";
import { Murmur128 } from "../hash/murmur128.ts";
import { openMurmurKernel } from "../kernel/murmur-kernel.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { ApartReader } from "./apart-reader.ts";
import { type BlockHead, digestBlock, openBlock, parseBlockHead } from "./block-check.ts";
import type { ByteSource, RunTools } from "./byte-store.ts";
import { failRun, type RunOrigin } from "./run-fault.ts";
import { blockHeadBytes, blockType } from "./run-layout.ts";

/** Where a segment lies in its source and what it must hold. */
export interface SegmentPlaceInSource {
  /** First byte of the segment in the source. */
  readonly offset: number;
  /** Stored bytes of the segment. */
  readonly bytes: number;
  readonly expected: SegmentSummary;
}

/** What a cursor reads. */
export interface SegmentCursorOptions extends SegmentPlaceInSource {
  readonly source: ByteSource;
  readonly tools: RunTools;
  readonly origin: RunOrigin;
  /** States have one pair a key. */
  readonly kind: "values" | "states";
  /** Where blocks are read to, with room for the largest and two heads; by default an array that grows. */
  readonly buffer?: Uint8Array | undefined;
  /** Where kernels are. */
  readonly memory?: KernelMemory | undefined;
}

/** A place in a segment. Members describe the pair that {@link next} moved to, and change with the next call. */
export class SegmentCursor {
  readonly origin: RunOrigin;
  /** The key; only the first `keyLength` bytes count. */
  key: Uint8Array = new Uint8Array(64);
  keyLength = 0;
  /** So many of its first bytes are those of the key before, at least. */
  sharedLength = 0;
  /** Whether the key is that of the pair before. */
  sameKey = false;
  /** The value lies in `block` from `valueStart` to `valueEnd`, unless it lies apart. */
  block: Uint8Array = new Uint8Array(0);
  valueStart = 0;
  valueEnd = 0;
  /** Length of the value. */
  valueLength = 0;
  /** Whether the value lies apart: read it with {@link openApart}. */
  isApart = false;
  pairsRead = 0;

  readonly #options: SegmentCursorOptions;
  #expected: SegmentSummary;
  #end: number;
  #at: number;
  /** Head and stored body of the block, and the next block's head. */
  #buffer: Uint8Array;
  #bufferView: DataView;
  /** Where in the buffer the next block's head stands; 0 when it has not been read. */
  #nextHeadAt = 0;
  #place = 0;
  #blockEnd = 0;
  #pairsLeft = 0;
  #isFirstOfBlock = false;
  #rawBytes = 0;
  readonly #digest: Murmur128;
  /** Offset and length of each value apart that the next block of pairs refers to. */
  #apart: number[] = [];
  #apartUsed = 0;
  #apartOffset = 0;

  constructor(options: SegmentCursorOptions) {
    this.#options = options;
    this.#buffer = options.buffer ?? new Uint8Array(blockHeadBytes);
    this.#bufferView = new DataView(this.#buffer.buffer, this.#buffer.byteOffset);
    this.#digest = new Murmur128(openMurmurKernel(options.memory));
    this.origin = options.origin;
    this.#expected = options.expected;
    this.#at = options.offset;
    this.#end = options.offset + options.bytes;
  }

  /** Begin with another segment of the same source, in the same memory. The one before has been read to its end. */
  reopen(place: SegmentPlaceInSource): void {
    this.#expected = place.expected;
    this.#at = place.offset;
    this.#end = place.offset + place.bytes;
    this.#nextHeadAt = 0;
    this.#rawBytes = 0;
    this.#digest.reset();
    this.keyLength = 0;
    this.sameKey = false;
    this.pairsRead = 0;
  }

  /** Move to the next pair. @returns false after the last, when counts and digest have been verified. @throws {DataError} with the origin's code. */
  next(): boolean {
    if (this.#pairsLeft === 0 && !this.#nextPairs()) return false;
    const block = this.block;
    const shared = this.#readVarint(block);
    const suffix = this.#readVarint(block);
    const mark = this.#readVarint(block);
    if (suffix > this.#blockEnd - this.#place || shared + suffix > dataLimits.sortKeyBytesMax)
      this.#fail("a key leaves its block");
    this.#readKey(block, shared, suffix);
    this.#readValue(mark);
    this.#pairsLeft--;
    this.pairsRead++;
    if (this.#pairsLeft === 0 && this.#place !== this.#blockEnd) this.#fail("bytes after a block's last pair");
    return true;
  }

  /**
   * Go to the next block of pairs, for who reads them without {@link next}: its body is `block`.
   *
   * @returns how many pairs it has; 0 after the last, when counts and digest have been verified.
   */
  takeBlock(): number {
    if (!this.#nextPairs()) return 0;
    const pairs = this.#pairsLeft;
    this.pairsRead += pairs;
    this.#pairsLeft = 0;
    return pairs;
  }

  /** Say where the value of the pair at hand lies that was found without {@link next}. @param start - undefined when it lies apart. */
  pointAt(start: number | undefined, length: number): void {
    this.isApart = start === undefined;
    this.valueLength = length;
    if (start === undefined) this.#takeApart(length);
    else {
      this.valueStart = start;
      this.valueEnd = start + length;
    }
  }

  /** What was found in a block cannot be. @throws {DataError} with the origin's code. */
  refuse(what: string): never {
    return this.#fail(what);
  }

  /** Read the value that lies apart. The reader stays good until the cursor is closed. */
  openApart(): ApartReader {
    const { source, tools } = this.#options;
    return new ApartReader({ source, tools, origin: this.origin, offset: this.#apartOffset });
  }

  /** Read what is left, so that it is verified and counted. */
  drain(): void {
    while (this.next());
  }

  close(): void {
    this.#options.source.close();
  }

  #readVarint(block: Uint8Array): number {
    // Most numbers here are below 128.
    const first = block[this.#place]!;
    if (first < 0x80 && this.#place < this.#blockEnd) {
      this.#place++;
      return first;
    }
    let value = 0;
    for (let scale = 1; scale <= 0x1000_0000; scale *= 0x80) {
      if (this.#place >= this.#blockEnd) break;
      const digit = block[this.#place++]!;
      value += (digit & 0x7f) * scale;
      if (digit < 0x80) return value;
    }
    return this.#fail("a number that does not end");
  }

  /** Rebuild the key, checking that it comes after the one before; `shared` is the whole common prefix, so one byte decides. */
  #readKey(block: Uint8Array, shared: number, suffix: number): void {
    const before = this.keyLength;
    const place = this.#place;
    let same = false;
    if (this.#isFirstOfBlock) {
      if (shared !== 0) this.#fail("a block's first key is not whole");
      if (this.pairsRead > 0) {
        const order = compareRanges(block, place, place + suffix, this.key, 0, before);
        if (order < 0) this.#fail("keys do not ascend");
        same = order === 0;
      }
      this.#isFirstOfBlock = false;
    } else if (shared === before) same = suffix === 0;
    else if (shared > before || suffix === 0 || block[place]! <= this.key[shared]!) this.#fail("keys do not ascend");
    if (same && this.#options.kind === "states") this.#fail("two states of one key");
    this.sameKey = same;
    const length = shared + suffix;
    if (length > this.key.length) {
      const grown = new Uint8Array(Math.max(length, this.key.length * 2));
      grown.set(this.key.subarray(0, shared));
      this.key = grown;
    }
    const key = this.key;
    if (suffix <= 24) for (let from = place, to = shared; to < length; from++, to++) key[to] = block[from]!;
    else key.set(block.subarray(place, place + suffix), shared);
    this.keyLength = length;
    this.sharedLength = shared;
    this.#place = place + suffix;
  }

  #readValue(mark: number): void {
    // Above 2^31 a shift would lose bits.
    const isApart = mark % 2 === 1;
    const length = (mark - (isApart ? 1 : 0)) / 2;
    this.isApart = isApart;
    this.valueLength = length;
    if (!isApart) {
      if (length > this.#blockEnd - this.#place) this.#fail("a value leaves its block");
      this.valueStart = this.#place;
      this.valueEnd = this.#place + length;
      this.#place = this.valueEnd;
      return;
    }
    this.#takeApart(length);
  }

  #takeApart(length: number): void {
    if (this.#apart[this.#apartUsed + 1] !== length) this.#fail("a value that lies apart is not there");
    this.#apartOffset = this.#apart[this.#apartUsed]!;
    this.#apartUsed += 2;
  }

  /** Go to the next block of pairs, over the chunks before it, which are verified and remembered. */
  #nextPairs(): boolean {
    if (this.#apartUsed !== this.#apart.length) this.#fail("a value that no pair refers to");
    this.#apart = [];
    this.#apartUsed = 0;
    let chunked = 0;
    let chunksAt = 0;
    for (;;) {
      if (this.#at === this.#end) {
        if (chunked > 0 || this.#apart.length > 0) this.#fail("chunks after the last pair");
        return this.#finish();
      }
      const at = this.#at;
      const { head, raw } = this.#readBlock();
      if (head.type === blockType.pairs) {
        if (chunked > 0) this.#fail("a value without its last chunk");
        this.block = raw;
        this.#place = 0;
        this.#blockEnd = raw.length;
        this.#pairsLeft = head.pairs;
        this.#isFirstOfBlock = true;
        return true;
      }
      if (chunked === 0) chunksAt = at;
      chunked += head.rawBytes;
      if (chunked > dataLimits.recordBytesMax || this.#apart.length >= 2 * dataLimits.valuesApartPerBlockMax)
        this.#fail("more apart than a block may refer to");
      if (head.type === blockType.lastChunk) {
        this.#apart.push(chunksAt, chunked);
        chunked = 0;
      }
    }
  }

  /** Read and verify the block at the cursor, with the head of the one behind it in the same call. */
  #readBlock(): { readonly head: BlockHead; readonly raw: Uint8Array } {
    const { tools } = this.#options;
    const expected = this.#expected;
    const left = this.#end - this.#at;
    if (this.#nextHeadAt > 0) this.#buffer.copyWithin(0, this.#nextHeadAt, this.#nextHeadAt + blockHeadBytes);
    else {
      if (left < blockHeadBytes) failRun(this.origin, "cut", `${left} bytes where a block should be`);
      this.#readInto(this.#at, this.#buffer.subarray(0, blockHeadBytes));
    }
    const head = parseBlockHead(this.#bufferView, 0, left, this.origin);
    const size = blockHeadBytes + head.storedBytes;
    const more = left - size;
    if (more > 0 && more < blockHeadBytes) failRun(this.origin, "cut", `${more} bytes where a block should be`);
    const wanted = size + (more > 0 ? blockHeadBytes : 0);
    this.#makeRoom(wanted);
    this.#readInto(this.#at + blockHeadBytes, this.#buffer.subarray(blockHeadBytes, wanted));
    const raw = openBlock(this.#buffer, head, tools, this.origin);
    digestBlock(this.#digest, head.type, head.pairs, raw);
    this.#rawBytes += head.rawBytes;
    if (this.#rawBytes > expected.rawBytes || this.pairsRead + head.pairs > expected.pairs)
      this.#fail(`more than the ${expected.pairs} pairs in ${expected.rawBytes} bytes that it must hold`);
    this.#nextHeadAt = more > 0 ? size : 0;
    this.#at += size;
    return { head, raw };
  }

  #makeRoom(length: number): void {
    if (length <= this.#buffer.length) return;
    const grown = new Uint8Array(
      Math.min(Math.max(length, this.#buffer.length * 2), 2 * blockHeadBytes + dataLimits.blockRawBytesMax),
    );
    grown.set(this.#buffer.subarray(0, blockHeadBytes));
    this.#buffer = grown;
    this.#bufferView = new DataView(grown.buffer);
  }

  #readInto(offset: number, into: Uint8Array): void {
    const read = this.#options.source.readAt(offset, into);
    if (read !== into.length) failRun(this.origin, "cut", `${read} of ${into.length} bytes at ${offset}`);
  }

  /** Everything was read: it must be what it was said to be. */
  #finish(): false {
    const expected = this.#expected;
    if (this.pairsRead !== expected.pairs || this.#rawBytes !== expected.rawBytes) {
      this.#fail(`${this.pairsRead} pairs in ${this.#rawBytes} bytes, not ${expected.pairs} in ${expected.rawBytes}`);
    }
    const digest = this.#digest.hex(16);
    if (digest !== expected.digest) this.#fail(`digest ${digest}, not ${expected.digest}`);
    return false;
  }

  #fail(what: string): never {
    return failRun(this.origin, "corrupt", what);
  }
}
