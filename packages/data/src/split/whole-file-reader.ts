// Hands out a whole file as one record. It belongs to the split that begins with the file; a file without bytes has none,
// as planning makes no split of one.

import { dataLimits } from "../data-limits.ts";
import { type RecordBatch, type SplitReader, type SplitReaderOptions, refuseRecord } from "./split-reader.ts";

// Of a file whose length is not known; doubled as needed.
const firstBytes = 64 * 1024;

/** Hand out the file. Memory: the file, at most twice while it grows. */
export class WholeFileReader implements SplitReader {
  readonly #options: SplitReaderOptions;
  readonly #recordBytesMax: number;
  #isRead = false;
  #length = 0;

  constructor(options: SplitReaderOptions) {
    this.#options = options;
    this.#recordBytesMax = options.recordBytesMax ?? dataLimits.recordBytesMax;
  }

  readonly nextBatch = (): RecordBatch | undefined => {
    if (this.#isRead || this.#options.start > 0 || this.#options.end <= 0) return undefined;
    this.#isRead = true;
    const bytes = this.#readAll();
    if (bytes.length === 0) return undefined;
    return { bytes, offsets: Int32Array.of(0, bytes.length), count: 1, fileOffset: 0 };
  };

  readonly owned = (): { readonly begin: number; readonly end: number } => ({
    begin: this.#options.start,
    end: this.#options.start + this.#length,
  });

  #readAll(): Uint8Array {
    const { source, end } = this.#options;
    source.seek(0);
    let all = new Uint8Array(Math.min(end, this.#recordBytesMax, firstBytes));
    for (let chunk = source.next(); chunk !== undefined; chunk = source.next()) {
      const length = this.#length + chunk.length;
      if (length > this.#recordBytesMax) refuseRecord(this.#options, 0, this.#recordBytesMax);
      if (length > all.length) {
        const grown = new Uint8Array(Math.max(length, Math.min(end, this.#recordBytesMax, all.length * 2)));
        grown.set(all.subarray(0, this.#length));
        all = grown;
      }
      all.set(chunk, this.#length);
      this.#length = length;
    }
    return all.subarray(0, this.#length);
  }
}
