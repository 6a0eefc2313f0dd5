// Reads records of one length. A split's first record begins at the first multiple of it in the split; a rest at the end
// of the file that is shorter is a record too, so that nobody overlooks a torn file.

import { DataError } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import { type RecordBatch, type SplitReader, type SplitReaderOptions, batchRecordsMax } from "./split-reader.ts";

/** Hand out records of `recordBytes` bytes. Memory: one chunk and one record. */
export class FixedSplitReader implements SplitReader {
  readonly #options: SplitReaderOptions;
  readonly #recordBytes: number;
  readonly #offsets: Int32Array;
  /** Begin of a record whose end is in a later chunk. */
  #carry: Uint8Array = new Uint8Array(0);
  #carryLength = 0;
  #state: "new" | "open" | "done" = "new";
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Place in the file of the next record. */
  #next: number;
  #ownedBegin: number;

  /** @throws {DataError} E_JOB_INVALID when `recordBytes` is not 1 to `recordBytesMax`. */
  constructor(options: SplitReaderOptions, recordBytes: number) {
    const recordBytesMax = options.recordBytesMax ?? dataLimits.recordBytesMax;
    if (!Number.isInteger(recordBytes) || recordBytes < 1 || recordBytes > recordBytesMax) {
      throw new DataError(
        "E_JOB_INVALID",
        `Cannot read records: the input format says that each has ${recordBytes} bytes; give 1 to ${recordBytesMax}`,
      );
    }
    this.#options = options;
    this.#recordBytes = recordBytes;
    this.#offsets = new Int32Array(batchRecordsMax * 2);
    this.#next = Math.ceil(options.start / recordBytes) * recordBytes;
    this.#ownedBegin = this.#next;
  }

  readonly nextBatch = (): RecordBatch | undefined => {
    if (this.#state === "new") this.#open();
    while (this.#state !== "done") {
      if (this.#next >= this.#options.end) this.#state = "done";
      else if (this.#at === this.#chunk.length && !this.#nextChunk()) return this.#lastRecord();
      else {
        const batch = this.#carryLength > 0 ? this.#finishCarried() : this.#cutChunk();
        if (batch !== undefined) return batch;
      }
    }
    return undefined;
  };

  readonly owned = (): { readonly begin: number; readonly end: number } => {
    const { start } = this.#options;
    // `next` is where the last record ended, which is the file's end when that one was short.
    return this.#next === this.#ownedBegin
      ? { begin: start, end: start }
      : { begin: this.#ownedBegin, end: this.#next };
  };

  #open(): void {
    this.#state = this.#next < this.#options.end ? "open" : "done";
    if (this.#state === "open") this.#options.source.seek(this.#next);
  }

  #nextChunk(): boolean {
    this.#at = 0;
    const chunk = this.#options.source.next();
    this.#chunk = chunk ?? new Uint8Array(0);
    return chunk !== undefined;
  }

  /** Records that lie whole in the chunk; the begin of one that does not is carried. */
  #cutChunk(): RecordBatch | undefined {
    const size = this.#recordBytes;
    const owned = Math.ceil((this.#options.end - this.#next) / size);
    const whole = Math.floor((this.#chunk.length - this.#at) / size);
    const count = Math.min(owned, whole, batchRecordsMax);
    if (count === 0) {
      // Made once: most files of fixed records that are cut well need none.
      if (this.#carry.length === 0) this.#carry = new Uint8Array(size);
      this.#carryLength = this.#chunk.length - this.#at;
      this.#carry.set(this.#chunk.subarray(this.#at));
      this.#at = this.#chunk.length;
      return undefined;
    }
    const fileOffset = this.#next - this.#at;
    for (let index = 0; index < count; index++) {
      this.#offsets[index * 2] = this.#at + index * size;
      this.#offsets[index * 2 + 1] = this.#at + (index + 1) * size;
    }
    this.#at += count * size;
    this.#next += count * size;
    return { bytes: this.#chunk, offsets: this.#offsets, count, fileOffset };
  }

  #finishCarried(): RecordBatch | undefined {
    const taken = Math.min(this.#recordBytes - this.#carryLength, this.#chunk.length);
    this.#carry.set(this.#chunk.subarray(0, taken), this.#carryLength);
    this.#carryLength += taken;
    this.#at = taken;
    return this.#carryLength < this.#recordBytes ? undefined : this.#carriedRecord();
  }

  #lastRecord(): RecordBatch | undefined {
    this.#state = "done";
    return this.#carryLength === 0 ? undefined : this.#carriedRecord();
  }

  #carriedRecord(): RecordBatch {
    const length = this.#carryLength;
    const fileOffset = this.#next;
    this.#offsets[0] = 0;
    this.#offsets[1] = length;
    this.#carryLength = 0;
    this.#next += length;
    return { bytes: this.#carry, offsets: this.#offsets, count: 1, fileOffset };
  }
}
