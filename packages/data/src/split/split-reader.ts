// Reads the records of one split: those whose first byte lies in it. `createSplitReader(options)` makes one.
// Works on bytes; memory is one chunk and, for a record that crosses chunks, that record.

/** Bytes of a file in order, in chunks of any size above 0. */
export interface ChunkSource {
  /** Begin, or begin again, at this byte. Called once before the first chunk; again only for delimiters that overlap themselves. */
  seek(offset: number): void;
  /** @returns the next bytes, which stay valid until the next call, or undefined at the end of the file. */
  next(): Uint8Array | undefined;
}

/** Say which records to read. */
export interface SplitReaderOptions {
  readonly source: ChunkSource;
  /** First byte of the split. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** `"line"`: LF ends a line, one CR before it is removed. Else these 1 to 64 bytes end a record and are removed. */
  readonly delimiter: "line" | Uint8Array;
  /** Default `recordBytesMax`. */
  readonly recordBytesMax?: number;
  /** For messages. */
  readonly uri?: string;
}

/** Records of a chunk as places in its bytes; no string or object a record. */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  /** `offsets[2 * i]` and `offsets[2 * i + 1]` are where record `i` begins and ends (exclusive) in `bytes`. */
  readonly offsets: Int32Array;
  readonly count: number;
  /** Place of `bytes[0]` in the file: record `i` begins at `fileOffset + offsets[2 * i]`. */
  readonly fileOffset: number;
}

/** Hand out the records of a split in order. */
export interface SplitReader {
  /** @returns records, valid until the next call, or undefined after the last. @throws {DataError} E_RECORD_TOO_LARGE with `offset`. */
  readonly nextBatch: () => RecordBatch | undefined;
  /**
   * After the last batch: the bytes from the first owned record to the end of the last one's delimiter; begin equals
   * end when the split owns none. The non-empty ranges of a file's splits tile it.
   */
  readonly owned: () => { readonly begin: number; readonly end: number };
}
