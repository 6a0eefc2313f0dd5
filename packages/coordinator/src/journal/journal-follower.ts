// Reading a journal while another part of the process appends to it: only whole records, each once, in order, in pieces
// of bounded size. Nothing is ever cut or mended here.

import { open } from "node:fs/promises";
import { readLine } from "./journal-lines.ts";

/** A record and its position in the journal. */
export interface PlacedRecord<Record> {
  /** From 0. */
  readonly index: number;
  readonly record: Record;
}

/** Bytes that are read at a time; a record may be longer, and then more is read. */
const pieceBytes = 1024 * 1024;

/** What to follow. */
export interface FollowOptions {
  /** Index of the first record that is wanted. */
  readonly from: number;
  /** Number of records that are durable by now: later ones are not given yet. All of the file unless given. */
  readonly durableRecords?: () => number;
}

/** Reads on from where it was. */
export class JournalFollower<Record> {
  readonly #path: string;
  readonly #options: FollowOptions;
  #offset = 0;
  #index = 0;

  constructor(path: string, options: FollowOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Give the records that were appended since the last call, in batches. Ends at the first that is not whole yet. */
  async *read(): AsyncGenerator<readonly PlacedRecord<Record>[], void, undefined> {
    const end = this.#options.durableRecords?.() ?? Number.POSITIVE_INFINITY;
    const file = await open(this.#path, "r");
    try {
      for (let bytes = pieceBytes; ;) {
        const before = this.#offset;
        const piece = Buffer.alloc(bytes);
        const { bytesRead } = await file.read(piece, 0, bytes, before);
        const batch = this.#take(piece.subarray(0, bytesRead), end);
        if (batch.length > 0) yield batch;
        if (bytesRead < bytes || this.#index >= end) return;
        bytes = this.#offset === before ? 2 * bytes : pieceBytes;
      }
    } finally {
      await file.close();
    }
  }

  #take(piece: Buffer, end: number): PlacedRecord<Record>[] {
    const batch: PlacedRecord<Record>[] = [];
    for (let at = 0; at < piece.length && this.#index < end;) {
      const line = readLine(piece, at);
      if (line.parsed === undefined) return batch;
      if (this.#index >= this.#options.from) batch.push({ index: this.#index, record: line.parsed.record as Record });
      this.#index += 1;
      this.#offset += line.end - at;
      at = line.end;
    }
    return batch;
  }
}
