// Writes one run file: pairs in order of (partition, key), cut into blocks, checked, digested, indexed.
// Memory: one block, a stage of 64 KiB for small writes, a key, and 40 bytes a partition. Where there are kernels the block
// lies in their memory, and sorted pairs are written into it many at once.

import type { ByteRange } from "../bytes/byte-range.ts";
import { writeVarint } from "../bytes/byte-sink.ts";
import type { SegmentVector } from "../conserve/segment-vector.ts";
import { DataError, invariant } from "../data-error.ts";
import { dataLimits, dataVersion } from "../data-limits.ts";
import { Murmur128 } from "../hash/murmur128.ts";
import { digestBlock } from "./block-check.ts";
import { openMurmurKernel } from "../kernel/murmur-kernel.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { BlockPlace, EntryRange, SortKernel } from "../sort/sort-kernel.ts";
import type { BlockCodec, ByteTarget, Crc32 } from "./byte-store.ts";
import {
  blockHeadBytes,
  blockType,
  footerBytes,
  headerBytes,
  indexEntryBytes,
  isApart,
  pairHeadBytesMax,
  runFlags,
  runMagic,
  writeUint64,
} from "./run-layout.ts";
import { StagedTarget } from "./staged-target.ts";

/** Say where a run goes and what it holds. */
export interface RunWriterOptions {
  readonly target: ByteTarget;
  readonly crc32: Crc32;
  readonly partitions: number;
  /** Values, or states of an aggregator (then keys differ from each other). */
  readonly kind: "values" | "states";
  /** Pairs of one map task, or of several. */
  readonly sources: "single" | "mixed";
  readonly codec?: BlockCodec;
  /** Smaller blocks for tests; at most, and by default, `dataLimits.blockRawBytesMax`. Part of what digests depend on. */
  readonly blockRawBytesMax?: number;
  /** Where kernels are, and memory for the block. */
  readonly memory?: KernelMemory | undefined;
}

/** Pairs of one partition, sorted, which kernels can write. */
export interface SortedPairs {
  readonly kernel: SortKernel;
  /** Its entries: from `low` up to `high`. */
  readonly low: number;
  readonly high: number;
  /** Whether they are states, and those of equal keys become one. */
  readonly folds?: boolean;
  /** Append the pair of one entry, or of its equals, which the kernel leaves. @returns the first entry that is left. */
  readonly append: (index: number) => number;
  /** The key of an entry; valid until the next call. */
  readonly keyOf: (index: number) => ByteRange;
}

/** What a finished run holds. */
export interface WrittenRun {
  readonly vector: SegmentVector;
  readonly storedBytes: number;
  readonly pairs: number;
  readonly rawBytes: number;
}

/** A value that is handed over in chunks: `read` fills an array with its bytes from `offset`, in ascending order. */
export interface ApartValue {
  readonly length: number;
  readonly read: (offset: number, into: Uint8Array) => void;
}

/** Write pairs in order. Bytes handed in are the caller's again on return. */
export class RunWriter {
  readonly #options: RunWriterOptions;
  readonly #target: StagedTarget;
  readonly #blockMax: number;
  /** Head and body of the block being filled, so that both go out in one write. */
  #block: Uint8Array;
  #blockView: DataView;
  #blockEnd = blockHeadBytes;
  #blockPairs = 0;
  #blockApart = 0;
  #key: Uint8Array = new Uint8Array(256);
  #keyLength = 0;
  /** The open partition; pairs before it cannot come any more. */
  #partition = -1;
  #partitionPairs = 0;
  /** Pairs appended so far. */
  pairs = 0;
  /** For each partition: offset, bytes, pairs, raw bytes. */
  readonly #counts: Float64Array;
  readonly #digests: string[] = [];
  readonly #digest: Murmur128;
  /** Whether the block is borrowed. */
  #isBorrowed = false;
  #state: "open" | "finished" | "discarded" = "open";

  constructor(options: RunWriterOptions) {
    this.#options = options;
    this.#blockMax = options.blockRawBytesMax ?? dataLimits.blockRawBytesMax;
    invariant(this.#blockMax >= 64 && this.#blockMax <= dataLimits.blockRawBytesMax, "blocks have 64 bytes to 256 KiB");
    const block = options.memory?.borrowBlock();
    this.#isBorrowed = block !== undefined;
    this.#block = block ?? new Uint8Array(blockHeadBytes + this.#blockMax);
    this.#blockView = new DataView(this.#block.buffer, this.#block.byteOffset);
    this.#digest = new Murmur128(block === undefined ? undefined : openMurmurKernel(options.memory));
    this.#counts = new Float64Array(options.partitions * 4);
    this.#target = new StagedTarget(options.target);
    this.#writeHeader();
  }

  /** Append a pair whose value is in memory. */
  append(partition: number, key: ByteRange, value: ByteRange): void {
    const valueLength = value.end - value.start;
    const keyLength = key.end - key.start;
    if (isApart(keyLength, valueLength, this.#blockMax)) {
      this.appendApart(partition, key, {
        length: valueLength,
        read: (offset, into) =>
          into.set(value.bytes.subarray(value.start + offset, value.start + offset + into.length)),
      });
      return;
    }
    this.#enter(partition, keyLength + valueLength + pairHeadBytesMax);
    this.#appendKey(key, valueLength * 2);
    const block = this.#block;
    const bytes = value.bytes;
    let at = this.#blockEnd;
    if (valueLength <= 24) for (let from = value.start; from < value.end; from++) block[at++] = bytes[from]!;
    else {
      block.set(bytes.subarray(value.start, value.end), at);
      at += valueLength;
    }
    this.#blockEnd = at;
  }

  /** Whether kernels write into the block: {@link appendSorted}, {@link fillBlock}. */
  get takesSorted(): boolean {
    return this.#isBorrowed;
  }

  /** Append sorted pairs: all those of a partition, as `append` would one after the other. */
  appendSorted(partition: number, { kernel, low, high, folds = false, append, keyOf }: SortedPairs): void {
    for (let index = low; index < high;) {
      if (this.#isBorrowed) {
        if (partition !== this.#partition) this.#moveTo(partition);
        index = this.#appendByKernel(kernel, { low, from: index, high, folds });
        if (index === high) return;
        if (kernel.stopped === "full") {
          this.#flushBlock();
          continue;
        }
        if (index > low) this.keepKey(keyOf(index - 1));
      }
      index = append(index);
    }
  }

  /**
   * Let a kernel write pairs of a partition behind those in the block.
   *
   * @param fill - is told where, and tells where they end and how many they are.
   */
  fillBlock(partition: number, fill: (place: BlockPlace) => { readonly end: number; readonly pairs: number }): void {
    if (partition !== this.#partition) this.#moveTo(partition);
    const { byteOffset } = this.#block;
    const place = { begin: byteOffset + blockHeadBytes, end: byteOffset + this.#blockEnd, bytesMax: this.#blockMax };
    const { end, pairs } = fill(place);
    this.#blockEnd = end - byteOffset;
    this.#blockPairs += pairs;
    this.#partitionPairs += pairs;
    this.pairs += pairs;
  }

  /** The block has no room for what a kernel has next. */
  closeBlock(): void {
    this.#flushBlock();
  }

  /** @returns the first entry that was not written. */
  #appendByKernel(kernel: SortKernel, entries: EntryRange): number {
    let next = entries.from;
    this.fillBlock(this.#partition, (place) => {
      next = kernel.write(entries, place);
      return { end: kernel.end, pairs: kernel.written };
    });
    return next;
  }

  /** Say what the key of the pair before is, which a kernel has written. */
  keepKey({ bytes, start, end }: ByteRange): void {
    if (end - start > this.#key.length) this.#key = new Uint8Array(Math.max(end - start, this.#key.length * 2));
    this.#key.set(bytes.subarray(start, end));
    this.#keyLength = end - start;
  }

  /** Append a pair whose value lies apart. @throws {DataError} E_RECORD_TOO_LARGE. */
  appendApart(partition: number, key: ByteRange, value: ApartValue): void {
    if (value.length > dataLimits.recordBytesMax) {
      throw new DataError(
        "E_RECORD_TOO_LARGE",
        `Cannot write a value: it has ${value.length} bytes, more than ${dataLimits.recordBytesMax}; emit it in parts`,
      );
    }
    this.#enter(partition, key.end - key.start + pairHeadBytesMax);
    const chunk = new Uint8Array(blockHeadBytes + Math.min(this.#blockMax, value.length));
    for (let offset = 0; offset < value.length; offset += this.#blockMax) {
      const length = Math.min(this.#blockMax, value.length - offset);
      value.read(offset, chunk.subarray(blockHeadBytes, blockHeadBytes + length));
      this.#writeBlock(chunk, offset + length === value.length ? blockType.lastChunk : blockType.chunk, length, 0);
    }
    this.#appendKey(key, value.length * 2 + 1);
    this.#blockApart++;
    if (this.#blockApart >= dataLimits.valuesApartPerBlockMax) this.#flushBlock();
  }

  /** Write index and footer and finish the file. Once. */
  finish(): WrittenRun {
    invariant(this.#state === "open", "a run is finished once");
    this.#moveTo(this.#options.partitions);
    const indexOffset = this.#target.length;
    const index = new Uint8Array(this.#options.partitions * indexEntryBytes);
    const view = new DataView(index.buffer);
    const columns: { pairs: number[]; rawBytes: number[] } = { pairs: [], rawBytes: [] };
    for (let partition = 0, at = 0; partition < this.#options.partitions; partition++, at += indexEntryBytes) {
      for (let column = 0; column < 4; column++)
        writeUint64(view, at + column * 8, this.#counts[partition * 4 + column]!);
      const digest = this.#digests[partition]!;
      view.setUint32(at + 32, Number.parseInt(digest.slice(0, 8), 16));
      view.setUint32(at + 36, Number.parseInt(digest.slice(8), 16));
      columns.pairs.push(this.#counts[partition * 4 + 2]!);
      columns.rawBytes.push(this.#counts[partition * 4 + 3]!);
    }
    this.#target.write(index);
    this.#writeFooter(indexOffset, this.#options.crc32(index));
    this.#target.finish();
    this.#state = "finished";
    this.#giveBlockBack();
    const add = (a: number, b: number): number => a + b;
    return {
      vector: { ...columns, digests: this.#digests },
      storedBytes: this.#target.length,
      pairs: columns.pairs.reduce(add, 0),
      rawBytes: columns.rawBytes.reduce(add, 0),
    };
  }

  /** Remove what was written; after `finish` or twice it does nothing. */
  discard(): void {
    if (this.#state !== "open") return;
    this.#state = "discarded";
    this.#giveBlockBack();
    this.#target.discard();
  }

  #giveBlockBack(): void {
    if (this.#isBorrowed) this.#options.memory?.giveBlockBack();
    this.#isBorrowed = false;
  }

  /** Go to a pair's partition, and to a new block when the pair's `room` bytes would not fit this one. */
  #enter(partition: number, room: number): void {
    if (partition !== this.#partition) {
      invariant(partition < this.#options.partitions, `partition ${partition} of ${this.#options.partitions}`);
      this.#moveTo(partition);
    } else if (this.#blockEnd - blockHeadBytes + room > this.#blockMax) this.#flushBlock();
    if (this.#blockEnd + room > this.#block.length) this.#growBlock(this.#blockEnd + room);
  }

  /** Close all partitions before this one; their number closes the last. */
  #moveTo(partition: number): void {
    invariant(partition > this.#partition, `partitions ascend: ${partition} after ${this.#partition}`);
    this.#flushBlock();
    while (this.#partition < partition) {
      if (this.#partition >= 0) this.#closePartition();
      this.#partition++;
      if (this.#partition < this.#options.partitions) this.#counts[this.#partition * 4] = this.#target.length;
    }
    this.#keyLength = 0;
  }

  /** Only for blocks made smaller than a key. */
  #growBlock(length: number): void {
    const grown = new Uint8Array(length);
    grown.set(this.#block.subarray(0, this.#blockEnd));
    this.#giveBlockBack();
    this.#block = grown;
    this.#blockView = new DataView(grown.buffer);
  }

  #closePartition(): void {
    const at = this.#partition * 4;
    this.#counts[at + 1] = this.#target.length - this.#counts[at]!;
    this.#counts[at + 2] = this.#partitionPairs;
    this.#partitionPairs = 0;
    this.#digests.push(this.#digest.hex(16));
    this.#digest.reset();
  }

  /** Write varints and key suffix; checks the order, which the common prefix has just found. */
  #appendKey(range: ByteRange, valueMark: number): void {
    const key = range.bytes;
    const keyStart = range.start;
    const length = range.end - keyStart;
    const before = this.#key;
    const common = Math.min(length, this.#keyLength);
    let shared = 0;
    while (shared < common && before[shared] === key[keyStart + shared]) shared++;
    if (this.#partitionPairs > 0) {
      const ordered =
        shared === this.#keyLength
          ? shared < length || this.#options.kind === "values"
          : shared < length && key[keyStart + shared]! > before[shared]!;
      invariant(ordered, "keys of a run ascend");
    }
    if (length > before.length) {
      this.#key = new Uint8Array(Math.max(length, before.length * 2));
      this.#key.set(before.subarray(0, shared));
    }
    const kept = this.#key;
    for (let index = shared; index < length; index++) kept[index] = key[keyStart + index]!;
    this.#keyLength = length;
    const start = this.#blockPairs === 0 ? 0 : shared;
    const block = this.#block;
    let at = writeVarint(block, this.#blockEnd, start);
    at = writeVarint(block, at, length - start);
    at = writeVarint(block, at, valueMark);
    for (let index = start; index < length; index++) block[at++] = kept[index]!;
    this.#blockEnd = at;
    this.#blockPairs++;
    this.#partitionPairs++;
    this.pairs++;
  }

  #flushBlock(): void {
    if (this.#blockPairs === 0) return;
    this.#writeBlock(this.#block, blockType.pairs, this.#blockEnd - blockHeadBytes, this.#blockPairs);
    this.#blockEnd = blockHeadBytes;
    this.#blockPairs = 0;
    this.#blockApart = 0;
  }

  /** Write a block whose raw body stands in `bytes` after room for the head. */
  #writeBlock(bytes: Uint8Array, type: number, rawBytes: number, pairs: number): void {
    const body = bytes.subarray(blockHeadBytes, blockHeadBytes + rawBytes);
    digestBlock(this.#digest, type, pairs, body);
    this.#counts[this.#partition * 4 + 3]! += rawBytes;
    // A codec may be the platform's, which takes no shared memory.
    const packed = this.#options.codec?.compress(this.#isBorrowed ? body.slice() : body);
    const isPacked = packed !== undefined && packed.length < rawBytes;
    const stored = isPacked ? packed.length : rawBytes;
    // The body has been digested: its packed form, which is shorter, may take its place.
    if (isPacked) body.set(packed);
    const view = bytes === this.#block ? this.#blockView : new DataView(bytes.buffer);
    view.setUint8(4, type);
    view.setUint8(5, isPacked ? this.#options.codec!.id : 0);
    view.setUint16(6, 0);
    view.setUint32(8, rawBytes);
    view.setUint32(12, stored);
    view.setUint32(16, pairs);
    view.setUint32(0, this.#options.crc32(bytes.subarray(4, blockHeadBytes + stored)));
    this.#target.write(bytes.subarray(0, blockHeadBytes + stored));
  }

  get #flags(): number {
    return (
      (this.#options.kind === "states" ? runFlags.states : 0) | (this.#options.sources === "mixed" ? runFlags.mixed : 0)
    );
  }

  #writeHeader(): void {
    const header = new Uint8Array(headerBytes);
    const view = new DataView(header.buffer);
    header.set(runMagic);
    view.setUint16(8, dataVersion);
    view.setUint16(10, this.#flags);
    view.setUint32(12, this.#options.partitions);
    view.setUint32(16, this.#options.crc32(header.subarray(0, 16)));
    this.#target.write(header);
  }

  #writeFooter(indexOffset: number, indexCrc: number): void {
    const footer = new Uint8Array(footerBytes);
    const view = new DataView(footer.buffer);
    writeUint64(view, 0, indexOffset);
    view.setUint32(8, this.#options.partitions);
    view.setUint32(12, indexCrc);
    view.setUint32(16, this.#flags);
    view.setUint32(20, this.#options.crc32(footer.subarray(0, 20)));
    footer.set(runMagic, 24);
    this.#target.write(footer);
  }
}
