// The first and the last value in the order of the input: by (map task, position), which the state carries, so that it
// is the same whatever came first to a reducer.
//
// Working state: uint32 task, uint32 unused, position as a double, the value. Nothing at all while nothing was added.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec } from "../codec/codec.ts";
import type { Aggregator, Place, StateCell } from "./aggregator.ts";

const headBytes = 16;
const scratch = new ByteSink(256);
const reader = new ByteReader();

/** Whether the place comes before (`direction` 1) or after (-1) the one held. */
function isBetter(cell: StateCell, direction: 1 | -1, place: Place): boolean {
  if (cell.length === 0) return true;
  const order =
    place.task - cell.view.getUint32(cell.offset, true) || place.position - cell.view.getFloat64(cell.offset + 8, true);
  return order * direction < 0;
}

/** Hold the value that lies in `bytes` from `start` to `end`. */
function hold(
  cell: StateCell,
  place: Place,
  value: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
): boolean {
  if (!cell.resize(headBytes + value.end - value.start)) return false;
  cell.view.setUint32(cell.offset, place.task, true);
  cell.view.setUint32(cell.offset + 4, 0, true);
  cell.view.setFloat64(cell.offset + 8, place.position, true);
  cell.bytes.set(value.bytes.subarray(value.start, value.end), cell.offset + headBytes);
  return true;
}

function endOf<T>(name: "first" | "last", of: Codec<T>): Aggregator<T, T> {
  const direction = name === "first" ? 1 : -1;
  return {
    wire: [name, of.wire],
    stateBytes: 0,
    goesByPlace: true,
    add: (cell, value, place) => {
      // Also a value that is not kept must be one: what is refused does not depend on the order.
      scratch.clear();
      of.encodeTo(value, scratch);
      if (!isBetter(cell, direction, place)) return true;
      return hold(cell, place, { bytes: scratch.bytes, start: 0, end: scratch.length });
    },
    merge: (cell, encoded, start, end) => {
      if (start === end) return true;
      reader.reset(encoded, start, end);
      const place = { task: reader.readVarint(), position: reader.readVarint() };
      return !isBetter(cell, direction, place) || hold(cell, place, { bytes: encoded, start: reader.at, end });
    },
    encode: (cell, sink) => {
      if (cell.length === 0) return;
      sink.writeVarint(cell.view.getUint32(cell.offset, true));
      sink.writeVarint(cell.view.getFloat64(cell.offset + 8, true));
      sink.writeBytes(cell.bytes, cell.offset + headBytes, cell.offset + cell.length);
    },
    // A state is only made by a value, so it is never empty here.
    present: (cell) => of.decodeFrom(reader.reset(cell.bytes, cell.offset + headBytes, cell.offset + cell.length)),
  };
}

/** The value that comes first in the input. */
export function first<T>(of: Codec<T>): Aggregator<T, T> {
  return endOf("first", of);
}

/** The value that comes last in the input. */
export function last<T>(of: Codec<T>): Aggregator<T, T> {
  return endOf("last", of);
}
