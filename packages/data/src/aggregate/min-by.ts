// The item of the least or the greatest order value, ties by the bytes of the item: the least bytes win in both.
//
// Working state: uint32 bytes of the order value, the order value, the item. Nothing at all while nothing was added.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import { refuseValue } from "../codec/make-codec.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";

/** An item and what it is chosen by. */
export interface Ordered<T, B> {
  readonly item: T;
  readonly by: B;
}

const headBytes = 4;
const scratch = new ByteSink(256);
const reader = new ByteReader();

/** An order value from `start` to `middle`, an item from there to `end`. */
interface Candidate {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

/** Keep the candidate when it stands before what is held. @param direction - 1 for the least, -1 for the greatest. */
function keep(cell: StateCell, direction: 1 | -1, candidate: Candidate): boolean {
  const { bytes, start, middle, end } = candidate;
  if (cell.length > 0) {
    const heldBy = cell.offset + headBytes;
    const heldItem = heldBy + cell.view.getUint32(cell.offset, true);
    const order = compareRanges(bytes, start, middle, cell.bytes, heldBy, heldItem) * direction;
    if (order > 0) return true;
    if (order === 0 && compareRanges(bytes, middle, end, cell.bytes, heldItem, cell.offset + cell.length) >= 0)
      return true;
  }
  if (!cell.resize(headBytes + end - start)) return false;
  cell.view.setUint32(cell.offset, middle - start, true);
  cell.bytes.set(bytes.subarray(start, end), cell.offset + headBytes);
  return true;
}

function extremeBy<T, B>(name: "minBy" | "maxBy", item: Codec<T>, by: KeyCodec<B>): Aggregator<Ordered<T, B>, T> {
  const direction = name === "minBy" ? 1 : -1;
  return {
    wire: [name, item.wire, by.wire],
    stateBytes: 0,
    add: (cell, value) => {
      if (typeof value !== "object" || value === null) refuseValue(name, value, "no { item, by }");
      scratch.clear();
      by.encodeTo(value.by, scratch);
      const middle = scratch.length;
      item.encodeTo(value.item, scratch);
      return keep(cell, direction, { bytes: scratch.bytes, start: 0, middle, end: scratch.length });
    },
    merge: (cell, encoded, start, end) => {
      if (start === end) return true;
      reader.reset(encoded, start, end);
      const from = reader.take(reader.readVarint());
      return keep(cell, direction, { bytes: encoded, start: from, middle: reader.at, end });
    },
    encode: (cell, sink) => {
      if (cell.length === 0) return;
      sink.writeVarint(cell.view.getUint32(cell.offset, true));
      sink.writeBytes(cell.bytes, cell.offset + headBytes, cell.offset + cell.length);
    },
    // A state is only made by a value, so it is never empty here.
    present: (cell) => {
      const start = cell.offset + headBytes + cell.view.getUint32(cell.offset, true);
      return item.decodeFrom(reader.reset(cell.bytes, start, cell.offset + cell.length));
    },
  };
}

/** The item of the least order value. */
export function minBy<T, B>(item: Codec<T>, by: KeyCodec<B>): Aggregator<Ordered<T, B>, T> {
  return extremeBy("minBy", item, by);
}

/** The item of the greatest order value. */
export function maxBy<T, B>(item: Codec<T>, by: KeyCodec<B>): Aggregator<Ordered<T, B>, T> {
  return extremeBy("maxBy", item, by);
}
