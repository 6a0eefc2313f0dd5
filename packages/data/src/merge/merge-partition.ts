// Merges cursors into one partition of a run: pairs as they are, or states of one key folded into one.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { BufferCell } from "../aggregate/buffer-cell.ts";
import { ByteRange } from "../bytes/byte-range.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { DataError } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import type { RunWriter } from "../run/run-writer.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";
import { MergedCursor } from "./loser-tree.ts";

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
  if (cursor.isApart) {
    sink.reserve(cursor.valueLength);
    cursor.openApart().read(sink.bytes.subarray(0, cursor.valueLength));
    sink.length = cursor.valueLength;
  } else sink.writeBytes(cursor.block, cursor.valueStart, cursor.valueEnd);
}

/** Merge cursors, which are read to their ends, into `partition` of a run. */
export function mergePartition(
  cursors: readonly SegmentCursor[],
  writer: RunWriter,
  partition: number,
  aggregator?: AnyAggregator,
): void {
  const merged = new MergedCursor(cursors);
  if (aggregator === undefined) copyPairs(merged, writer, partition);
  else foldStates(merged, writer, partition, aggregator);
}

function copyPairs(merged: MergedCursor, writer: RunWriter, partition: number): void {
  const key = new ByteRange();
  const value = new ByteRange();
  while (merged.next()) {
    const cursor = merged.current!;
    key.set(cursor.key, 0, cursor.keyLength);
    if (cursor.isApart) {
      const apart = cursor.openApart();
      writer.appendApart(partition, key, { length: cursor.valueLength, read: (_offset, into) => apart.read(into) });
    } else writer.append(partition, key, value.set(cursor.block, cursor.valueStart, cursor.valueEnd));
  }
}

function foldStates(merged: MergedCursor, writer: RunWriter, partition: number, aggregator: AnyAggregator): void {
  const fold = new StateFold(aggregator);
  const key = new ByteRange();
  const value = new ByteRange();
  const open = new ByteSink(256);
  let isOpen = false;
  while (merged.next()) {
    if (!merged.sameKey) {
      if (isOpen) writer.append(partition, key.set(open.bytes, 0, open.length), fold.encoded(value));
      isOpen = true;
      open.clear();
      open.writeBytes(merged.key, 0, merged.keyLength);
      fold.clear();
    }
    fold.take(merged.current!);
  }
  if (isOpen) writer.append(partition, key.set(open.bytes, 0, open.length), fold.encoded(value));
}
