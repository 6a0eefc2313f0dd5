// Reads the records of one split of a delimited file: those whose first byte lies in it, the last one to its end beyond
// the split's. Works on bytes; memory is one chunk and, for a record that crosses chunks, that record or, when it is too
// long, its beginning.

import { DataError } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import { type TextKernels, textKernels } from "../kernel/text-kernels.ts";
import type { KernelPlace } from "../memory/kernel-memory.ts";
import { type ChunkPlace, findRecordStart } from "./find-record-start.ts";
import { indexOfBytes } from "./index-of-bytes.ts";
import {
  type RecordBatch,
  type SplitReader,
  type SplitReaderOptions,
  batchRecordsMax,
  refuseRecord,
  splitEnd,
} from "./split-reader.ts";

const lineFeed = 10;
const carriageReturn = 13;

/** `"line"`, or the 1 to 64 bytes that end a record. */
export type Delimiter = "line" | Uint8Array;

/** Hand out delimited records. */
export class DelimitedSplitReader implements SplitReader {
  readonly #options: Omit<SplitReaderOptions, "framing">;
  readonly #readEnd: number | undefined;
  readonly #isLine: boolean;
  readonly #delimiter: Uint8Array;
  readonly #recordBytesMax: number;
  readonly #offsets = new Int32Array(batchRecordsMax * 2);
  #state: "new" | "open" | "done" = "new";
  #chunk: Uint8Array = new Uint8Array(0);
  /** Where in the chunk the next unread byte is. */
  #at = 0;
  #chunkOffset = 0;
  /** Begin of a record whose end is in a later chunk. */
  #carry: Uint8Array = new Uint8Array(256);
  #carryLength = 0;
  #carryOffset = 0;
  /** The carried record is too long: the carry is its beginning and, behind it, the last bytes in which a delimiter may begin. */
  #isCut = false;
  #ownedBegin: number;
  #ownedEnd: number;

  /**
   * @param readEnd - where records begin that are not read any more: the split's end, or a later place for who reads on.
   * @throws {DataError} E_JOB_INVALID for an empty delimiter or one of more than 64 bytes.
   */
  constructor(options: Omit<SplitReaderOptions, "framing">, delimiter: Delimiter, readEnd?: number) {
    this.#options = options;
    this.#readEnd = readEnd;
    this.#isLine = delimiter === "line";
    this.#delimiter = delimiter === "line" ? Uint8Array.of(lineFeed) : delimiter;
    if (this.#delimiter.length < 1 || this.#delimiter.length > 64) {
      throw new DataError(
        "E_JOB_INVALID",
        `Cannot read records: the delimiter has ${this.#delimiter.length} bytes; give 1 to 64`,
      );
    }
    this.#recordBytesMax = options.recordBytesMax ?? dataLimits.recordBytesMax;
    this.#ownedBegin = options.start;
    this.#ownedEnd = options.start;
  }

  readonly nextBatch = (): RecordBatch | undefined => {
    if (this.#state === "new") this.#open();
    while (this.#state !== "done") {
      if (this.#at === this.#chunk.length && !this.#nextChunk()) return this.#lastRecord();
      const batch = this.#carryLength > 0 ? this.#finishCarried() : this.#scanChunk();
      if (batch !== undefined) return batch;
    }
    return undefined;
  };

  readonly owned = (): { readonly begin: number; readonly end: number } => ({
    begin: this.#ownedBegin,
    end: this.#ownedEnd,
  });

  #open(): void {
    const { source, start } = this.#options;
    const place: ChunkPlace | undefined = findRecordStart(source, this.#delimiter, {
      start,
      end: () => splitEnd(this.#options),
    });
    if (place?.chunk === undefined) {
      this.#state = "done";
      return;
    }
    this.#state = "open";
    this.#chunk = place.chunk;
    this.#at = place.at;
    this.#chunkOffset = place.chunkOffset;
  }

  #nextChunk(): boolean {
    this.#chunkOffset += this.#chunk.length;
    this.#at = 0;
    const chunk = this.#options.source.next();
    this.#chunk = chunk ?? new Uint8Array(0);
    return chunk !== undefined;
  }

  /** Records that begin and end in the chunk; the begin of one that does not is carried. */
  #scanChunk(): RecordBatch | undefined {
    const { memory } = this.#options;
    const place = this.#isLine && this.#chunk.length <= this.#recordBytesMax ? memory?.place : undefined;
    if (place?.bytes.buffer === this.#chunk.buffer) {
      const kernels = memory?.open(textKernels);
      if (kernels !== undefined) return this.#scanByKernel(kernels, place);
    }
    const end = this.#readEnd ?? splitEnd(this.#options);
    const chunk = this.#chunk;
    const offsets = this.#offsets;
    const step = this.#delimiter.length;
    const first = this.#at;
    let count = 0;
    let begin = first;
    while (count < batchRecordsMax && begin < chunk.length) {
      if (this.#chunkOffset + begin >= end) {
        this.#state = "done";
        break;
      }
      const found =
        step === 1 ? chunk.indexOf(this.#delimiter[0]!, begin) : indexOfBytes(chunk, this.#delimiter, begin);
      if (found < 0) {
        this.#carryOffset = this.#chunkOffset + begin;
        this.#carryBytes(begin, chunk.length);
        begin = chunk.length;
        break;
      }
      const contentEnd = this.#isLine && found > begin && chunk[found - 1] === carriageReturn ? found - 1 : found;
      if (contentEnd - begin > this.#recordBytesMax) {
        this.#refuse(this.#chunkOffset + begin);
        // By itself, behind those before it.
        if (count === 0) return this.#cutInChunk(begin, found + step);
        break;
      }
      offsets[count * 2] = begin;
      offsets[count * 2 + 1] = contentEnd;
      count++;
      begin = found + step;
    }
    this.#at = begin;
    if (count === 0) return undefined;
    this.#own(this.#chunkOffset + first, this.#carryLength > 0 ? this.#carryOffset : this.#chunkOffset + begin);
    return { bytes: chunk, offsets, count, fileOffset: this.#chunkOffset };
  }

  /** The same by a kernel, for lines of which none is too long. */
  #scanByKernel(kernels: TextKernels, { words, offsets: address }: KernelPlace): RecordBatch | undefined {
    const end = this.#readEnd ?? splitEnd(this.#options);
    const chunk = this.#chunk;
    const first = this.#at;
    const base = chunk.byteOffset;
    const offsets = words.subarray(address >>> 2, (address >>> 2) + batchRecordsMax * 2);
    let count = kernels.splitLines(base, base + first, base + chunk.length, address, batchRecordsMax);
    for (; count > 0 && this.#chunkOffset + offsets[count * 2 - 2]! >= end; count--) this.#state = "done";
    let next = first;
    // Behind the content stands LF, or CR and LF.
    if (count > 0) next = offsets[count * 2 - 1]! + (chunk[offsets[count * 2 - 1]!] === lineFeed ? 1 : 2);
    if (this.#state !== "done" && count < batchRecordsMax && next < chunk.length) {
      if (this.#chunkOffset + next >= end) this.#state = "done";
      else {
        this.#carryOffset = this.#chunkOffset + next;
        this.#carryBytes(next, chunk.length);
      }
    }
    const isCarried = this.#carryLength > 0;
    this.#at = isCarried ? chunk.length : next;
    if (count === 0) return undefined;
    this.#own(this.#chunkOffset + first, isCarried ? this.#carryOffset : this.#chunkOffset + next);
    return { bytes: chunk, offsets, count, fileOffset: this.#chunkOffset };
  }

  #cutInChunk(begin: number, end: number): RecordBatch {
    this.#offsets[0] = begin;
    this.#offsets[1] = begin + this.#recordBytesMax;
    this.#at = end;
    this.#own(this.#chunkOffset + begin, this.#chunkOffset + end);
    return { bytes: this.#chunk, offsets: this.#offsets, count: 1, fileOffset: this.#chunkOffset, isCut: true };
  }

  /** Look for the end of the carried record: first across the edge of the chunk, then inside it. */
  #finishCarried(): RecordBatch | undefined {
    const delimiter = this.#delimiter;
    const chunk = this.#chunk;
    const earliest = Math.max(0, this.#carryLength - delimiter.length + 1);
    for (let from = earliest; from < this.#carryLength; from++) {
      const inCarry = this.#carryLength - from;
      if (delimiter.length - inCarry > chunk.length || !this.#matchesAcross(from, inCarry)) continue;
      this.#at = delimiter.length - inCarry;
      return this.#carriedRecord(from);
    }
    const found = delimiter.length === 1 ? chunk.indexOf(delimiter[0]!) : indexOfBytes(chunk, delimiter, 0);
    this.#carryBytes(0, found < 0 ? chunk.length : found);
    this.#at = found < 0 ? chunk.length : found + delimiter.length;
    return found < 0 ? undefined : this.#carriedRecord(this.#carryLength);
  }

  #matchesAcross(from: number, inCarry: number): boolean {
    const delimiter = this.#delimiter;
    for (let index = 0; index < delimiter.length; index++) {
      const byte = index < inCarry ? this.#carry[from + index] : this.#chunk[index - inCarry];
      if (byte !== delimiter[index]) return false;
    }
    return true;
  }

  /** Hand out the carried record, whose content ends at `length`; its delimiter ends where the chunk is read to. */
  #carriedRecord(length: number): RecordBatch {
    const contentEnd = this.#isLine && length > 0 && this.#carry[length - 1] === carriageReturn ? length - 1 : length;
    return this.#handOutCarry(contentEnd, this.#chunkOffset + this.#at);
  }

  /** At the end of the file: what is carried is a record without a delimiter. */
  #lastRecord(): RecordBatch | undefined {
    this.#state = "done";
    if (this.#carryLength === 0) return undefined;
    return this.#handOutCarry(this.#carryLength, this.#chunkOffset);
  }

  #handOutCarry(contentEnd: number, recordEnd: number): RecordBatch {
    const isCut = this.#isCut || contentEnd > this.#recordBytesMax;
    if (isCut) this.#refuse(this.#carryOffset);
    this.#offsets[0] = 0;
    this.#offsets[1] = isCut ? this.#recordBytesMax : contentEnd;
    this.#carryLength = 0;
    this.#isCut = false;
    this.#own(this.#carryOffset, recordEnd);
    const batch = { bytes: this.#carry, offsets: this.#offsets, count: 1, fileOffset: this.#carryOffset };
    return isCut ? { ...batch, isCut } : batch;
  }

  #carryBytes(start: number, end: number): void {
    const length = this.#carryLength + end - start;
    // A part of a delimiter, or a CR, may still turn out not to be content.
    if (length > this.#recordBytesMax + this.#delimiter.length) {
      this.#refuse(this.#carryOffset);
      this.#carryCut(start, end);
      return;
    }
    this.#growCarry(length);
    this.#carry.set(this.#chunk.subarray(start, end), this.#carryLength);
    this.#carryLength = length;
  }

  #growCarry(length: number): void {
    if (length <= this.#carry.length) return;
    const grown = new Uint8Array(Math.max(length, Math.min(this.#carry.length * 2, this.#recordBytesMax + 64)));
    grown.set(this.#carry.subarray(0, this.#carryLength));
    this.#carry = grown;
  }

  /** Keep of a record that is too long its beginning, and the last bytes, in which its delimiter may begin. */
  #carryCut(start: number, end: number): void {
    const max = this.#recordBytesMax;
    const tail = this.#delimiter.length - 1;
    const more = end - start;
    this.#growCarry(max + tail);
    if (this.#carryLength < max)
      this.#carry.set(this.#chunk.subarray(start, start + max - this.#carryLength), this.#carryLength);
    if (more < tail) this.#carry.copyWithin(max, this.#carryLength - (tail - more), this.#carryLength);
    const fresh = Math.min(more, tail);
    this.#carry.set(this.#chunk.subarray(end - fresh, end), max + tail - fresh);
    this.#carryLength = max + tail;
    this.#isCut = true;
  }

  #own(begin: number, end: number): void {
    if (this.#ownedBegin === this.#ownedEnd) this.#ownedBegin = begin;
    this.#ownedEnd = end;
  }

  /** Refuse a record that is too long, unless it is to be cut. */
  #refuse(offset: number): void {
    if (this.#options.longRecords !== "cut") refuseRecord(this.#options, offset, this.#recordBytesMax);
  }
}
