// What reads a split: chunks of a file's bytes in, batches of records as places in bytes out, whatever the framing is.

import { DataError } from "../data-error.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { Framing } from "./framing.ts";

/** Bytes of a file in order, in chunks of any size above 0. */
export interface ChunkSource {
  /** Begin, or begin again, at this byte. Called once before the first chunk; again only for delimiters that overlap themselves. */
  seek(offset: number): void;
  /** @returns the next bytes, which stay valid until the next call, or undefined at the end of the file. */
  next(): Uint8Array | undefined;
  /**
   * Where the split ends in a source of unpacked bytes, instead of {@link SplitReaderOptions.end}: known when the chunk
   * that begins there has been given, before that a number beyond all places.
   */
  readonly ownedEnd?: () => number;
}

/** Say which records to read. */
export interface SplitReaderOptions {
  readonly source: ChunkSource;
  /** First byte of the split. */
  readonly start: number;
  /** Exclusive; beyond the file's end for a file whose length is not known, as of a packed one. */
  readonly end: number;
  readonly framing: Framing;
  /** Default `recordBytesMax`. */
  readonly recordBytesMax?: number;
  /** What becomes of a longer record of lines, delimited or events: refused (default), or handed out cut, by itself. */
  readonly longRecords?: "refuse" | "cut";
  /** For messages. */
  readonly uri?: string;
  /** Memory whose kernels find lines in chunks that lie in it. */
  readonly memory?: KernelMemory | undefined;
}

/** Records of a chunk as places in its bytes; no string or object a record. */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  /** `offsets[2 * i]` and `offsets[2 * i + 1]` are where record `i` begins and ends (exclusive) in `bytes`. */
  readonly offsets: Int32Array;
  /** 1 or more. */
  readonly count: number;
  /** Place of `bytes[0]` in the file: record `i` begins at `fileOffset + offsets[2 * i]`. */
  readonly fileOffset: number;
  /** Where in the file the records come from, when `bytes` are not the file's, as of an unpacked block. */
  readonly place?: { readonly begin: number; readonly end: number };
  /** The batch is one record that is longer than allowed: the bytes are its first `recordBytesMax` ones. */
  readonly isCut?: boolean;
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

/** Places of one batch: bounded, so that a chunk of a million empty lines is several batches. */
export const batchRecordsMax = 8192;

/** Where the split ends, as far as it is known: see {@link ChunkSource.ownedEnd}. */
export function splitEnd({ source, end }: Pick<SplitReaderOptions, "source" | "end">): number {
  return source.ownedEnd?.() ?? end;
}

/** Say that a record is longer than it may be. @throws {DataError} E_RECORD_TOO_LARGE with `uri` and `offset`. */
export function refuseRecord(options: { readonly uri?: string }, offset: number, recordBytesMax: number): never {
  const uri = options.uri ?? "input";
  throw new DataError(
    "E_RECORD_TOO_LARGE",
    `Cannot read a record of ${JSON.stringify(uri)}: the one at offset ${offset} has more than ${recordBytesMax} bytes; check the delimiter, or cut the record`,
    { uri, offset },
  );
}
