// Reads events, which are lines that belong together: a line for which `startsWith` holds begins one, and so does the
// first line of a file. Wraps the reader of lines; what it adds is which of them go together.
//
// An event belongs to the split in which its first byte lies. Lines at the begin of a split that begin no event are the
// end of the split's before, which reads on until a line begins one at or behind its own end.

import { dataLimits } from "../data-limits.ts";
import { DelimitedSplitReader } from "./delimited-reader.ts";
import type { StartsEvent } from "./framing.ts";
import {
  type RecordBatch,
  type SplitReader,
  type SplitReaderOptions,
  batchRecordsMax,
  refuseRecord,
  splitEnd,
} from "./split-reader.ts";

/** Hand out events. Memory: one chunk and, for an event that crosses chunks, that event. */
export class EventSplitReader implements SplitReader {
  readonly #options: SplitReaderOptions;
  readonly #startsWith: StartsEvent;
  readonly #recordBytesMax: number;
  /** All lines from the split's first on, those behind its end included. */
  readonly #lines: DelimitedSplitReader;
  readonly #offsets = new Int32Array(batchRecordsMax * 2);
  #batch: RecordBatch | undefined;
  /** Next line of the batch. */
  #line = 0;
  /** The open event, as far as it lies in earlier batches. */
  #carry: Uint8Array = new Uint8Array(256);
  #carryLength = 0;
  /** The carried event is too long: only its beginning is kept. */
  #isCut = false;
  /** Place in the file of the carried event; -1 when there is none. */
  #openAt = -1;
  /** Place in the file behind the content of the last line that was taken: what follows up to the next is its delimiter. */
  #contentEnd = 0;
  #ownedBegin = -1;
  #ownedEnd = 0;
  #isDone = false;

  constructor(options: SplitReaderOptions, startsWith: StartsEvent) {
    this.#options = options;
    this.#startsWith = startsWith;
    this.#recordBytesMax = options.recordBytesMax ?? dataLimits.recordBytesMax;
    this.#lines = new DelimitedSplitReader(options, "line", Number.MAX_SAFE_INTEGER);
  }

  readonly nextBatch = (): RecordBatch | undefined => {
    while (!this.#isDone) {
      if (this.#batch === undefined || this.#line === this.#batch.count) {
        this.#batch = this.#lines.nextBatch();
        this.#line = 0;
        if (this.#batch === undefined) return this.#lastEvent();
      }
      const events = this.#openAt >= 0 ? this.#finishCarried(this.#batch) : this.#cutBatch(this.#batch);
      if (events !== undefined) return events;
    }
    return undefined;
  };

  readonly owned = (): { readonly begin: number; readonly end: number } => {
    const { start } = this.#options;
    return this.#ownedBegin < 0 ? { begin: start, end: start } : { begin: this.#ownedBegin, end: this.#ownedEnd };
  };

  /** Events that begin and end in the batch; the begin of one that does not is carried. */
  #cutBatch(batch: RecordBatch): RecordBatch | undefined {
    const { offsets } = batch;
    const events = this.#offsets;
    const end = splitEnd(this.#options);
    let count = 0;
    // Where in the batch the open event begins, and where the content of its last line ends.
    let begin = -1;
    let contentEnd = 0;
    for (; this.#line < batch.count; this.#line++) {
      const lineBegin = offsets[this.#line * 2]!;
      if (this.#begins(batch, this.#line)) {
        if (begin >= 0 && this.#isTooLong(batch.fileOffset + begin, contentEnd - begin)) break;
        if (begin >= 0) {
          events[count * 2] = begin;
          events[count * 2 + 1] = contentEnd;
          count++;
          this.#own(batch.fileOffset + begin, batch.fileOffset + lineBegin);
          begin = -1;
        }
        if (batch.fileOffset + lineBegin >= end) {
          this.#isDone = true;
          break;
        }
        begin = lineBegin;
      } else if (begin < 0 && batch.fileOffset + lineBegin >= end) {
        // Behind the split's end without an open event: whoever begins here is another split's.
        this.#isDone = true;
        break;
      }
      contentEnd = offsets[this.#line * 2 + 1]!;
    }
    // The last, or one that is too long: that one ends with the line at which the next call begins.
    if (begin >= 0) this.#carryRest(batch, begin, contentEnd);
    return count === 0 ? undefined : { bytes: batch.bytes, offsets: events, count, fileOffset: batch.fileOffset };
  }

  #begins({ bytes, offsets, fileOffset }: RecordBatch, line: number): boolean {
    const begin = offsets[line * 2]!;
    return fileOffset + begin === 0 || this.#startsWith(bytes, begin, offsets[line * 2 + 1]!);
  }

  /** @throws {DataError} E_RECORD_TOO_LARGE unless long records are cut. */
  #isTooLong(fileOffset: number, length: number): boolean {
    if (length <= this.#recordBytesMax) return false;
    if (this.#options.longRecords !== "cut") refuseRecord(this.#options, fileOffset, this.#recordBytesMax);
    return true;
  }

  #own(fileOffset: number, nextOffset: number): void {
    if (this.#ownedBegin < 0) this.#ownedBegin = fileOffset;
    this.#ownedEnd = nextOffset;
  }

  /** Keep the begin of an event whose end is in a later batch. */
  #carryRest(batch: RecordBatch, begin: number, contentEnd: number): void {
    this.#openAt = batch.fileOffset + begin;
    this.#append(batch.bytes, begin, contentEnd);
    this.#contentEnd = batch.fileOffset + contentEnd;
    if (batch.isCut === true) this.#isCut = true;
  }

  /** Add lines to the carried event until one begins the next; that one stays for the next call. */
  #finishCarried(batch: RecordBatch): RecordBatch | undefined {
    const { bytes, offsets, fileOffset } = batch;
    for (; this.#line < batch.count; this.#line++) {
      const begin = offsets[this.#line * 2]!;
      if (this.#begins(batch, this.#line)) return this.#handOutCarry(fileOffset + begin);
      this.#appendDelimiter(fileOffset + begin);
      const end = offsets[this.#line * 2 + 1]!;
      this.#append(bytes, begin, end);
      this.#contentEnd = fileOffset + end;
      if (batch.isCut === true) this.#isCut = true;
    }
    return undefined;
  }

  #lastEvent(): RecordBatch | undefined {
    this.#isDone = true;
    return this.#openAt >= 0 ? this.#handOutCarry(this.#lines.owned().end) : undefined;
  }

  #handOutCarry(nextOffset: number): RecordBatch {
    const length = this.#carryLength;
    const fileOffset = this.#openAt;
    const isCut = this.#isCut;
    this.#own(fileOffset, nextOffset);
    this.#offsets[0] = 0;
    this.#offsets[1] = length;
    this.#carryLength = 0;
    this.#openAt = -1;
    this.#isCut = false;
    const batch = { bytes: this.#carry, offsets: this.#offsets, count: 1, fileOffset };
    return isCut ? { ...batch, isCut } : batch;
  }

  /** What ended the line before: the bytes are gone, but a line ends by LF or CR LF, and their number is known. */
  #appendDelimiter(nextOffset: number): void {
    if (nextOffset - this.#contentEnd === 2) this.#append(carriageReturnLineFeed, 0, 2);
    else this.#append(carriageReturnLineFeed, 1, 2);
  }

  #append(bytes: Uint8Array, begin: number, end: number): void {
    if (this.#isCut) return;
    const wanted = this.#carryLength + end - begin;
    this.#isCut = this.#isTooLong(this.#openAt, wanted);
    const length = Math.min(wanted, this.#recordBytesMax);
    if (length > this.#carry.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(this.#carry.length * 2, this.#recordBytesMax)));
      grown.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = grown;
    }
    this.#carry.set(bytes.subarray(begin, begin + length - this.#carryLength), this.#carryLength);
    this.#carryLength = length;
  }
}

const carriageReturnLineFeed = Uint8Array.of(13, 10);
