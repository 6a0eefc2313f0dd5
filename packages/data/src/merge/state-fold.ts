// Folds the encoded states of a key into one.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { BufferCell } from "../aggregate/buffer-cell.ts";
import type { ByteRange } from "../bytes/byte-range.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { DataError } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";

// Nothing here adds values; the engine only merges encoded states.
type AnyAggregator = Aggregator<never, unknown>;

/** Fold states of the key that the merged cursor is at, one pair after the other. */
export class StateFold {
  readonly #aggregator: AnyAggregator;
  readonly #cell = new BufferCell(dataLimits.recordBytesMax);
  /** The first state of a key: most keys have no other, and its bytes are canonical as they are. */
  readonly #first = new ByteSink(256);
  #count = 0;

  constructor(aggregator: AnyAggregator) {
    this.#aggregator = aggregator;
  }

  /** Begin a key. */
  clear(): void {
    this.#count = 0;
  }

  /** Take the state that a cursor is at. @throws {DataError} E_RECORD_TOO_LARGE. */
  take(cursor: SegmentCursor): void {
    if (!this.#begins()) {
      if (cursor.isApart) {
        readValue(cursor, this.#first);
        this.#merge(this.#first.bytes, 0, this.#first.length);
      } else this.#merge(cursor.block, cursor.valueStart, cursor.valueEnd);
    } else readValue(cursor, this.#first);
  }

  /** Take an encoded state. @throws {DataError} E_RECORD_TOO_LARGE. */
  takeBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#begins()) {
      this.#first.clear();
      this.#first.writeBytes(bytes, start, end);
    } else this.#merge(bytes, start, end);
  }

  /** Count one more state. @returns whether it is the first, which is only kept; else the cell has what was taken. */
  #begins(): boolean {
    this.#count++;
    if (this.#count === 2) {
      this.#cell.clear(this.#aggregator);
      this.#merge(this.#first.bytes, 0, this.#first.length);
    }
    return this.#count === 1;
  }

  /** The folded state, encoded; valid until the next `take`. */
  encoded(into: ByteRange): ByteRange {
    if (this.#count > 1) {
      this.#first.clear();
      this.#aggregator.encode(this.#cell, this.#first);
    }
    return into.set(this.#first.bytes, 0, this.#first.length);
  }

  /** The folded state as a cell, to be presented. */
  cell(): BufferCell {
    if (this.#count === 1) {
      this.#cell.clear(this.#aggregator);
      this.#merge(this.#first.bytes, 0, this.#first.length);
    }
    return this.#cell;
  }

  #merge(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#aggregator.merge(this.#cell, bytes, start, end)) {
      throw new DataError(
        "E_RECORD_TOO_LARGE",
        `Cannot merge the states of a key: the result has more than ${dataLimits.recordBytesMax} bytes; aggregate less under one key`,
      );
    }
  }
}

/** Put the value that a cursor is at into a sink, alone. */
export function readValue(cursor: SegmentCursor, sink: ByteSink): void {
  sink.clear();
  appendValue(cursor, sink);
}

/** Append the value that a cursor is at. */
export function appendValue(cursor: SegmentCursor, sink: ByteSink): void {
  if (cursor.isApart) {
    const at = sink.reserve(cursor.valueLength);
    cursor.openApart().read(sink.bytes.subarray(at, at + cursor.valueLength));
    sink.length = at + cursor.valueLength;
  } else sink.writeBytes(cursor.block, cursor.valueStart, cursor.valueEnd);
}
