// The least and the greatest value, in the order of a key codec: a state is a mark and the encoded value.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import type { KeyCodec } from "../codec/codec.ts";
import type { Aggregator, StateCell } from "./aggregator.ts";
import { keepKernelState } from "./kernel-state.ts";

const scratch = new ByteSink(256);
const reader = new ByteReader();

function extreme<T>(name: "min" | "max", of: KeyCodec<T>): Aggregator<T, T> {
  const direction = name === "min" ? 1 : -1;
  /** Keep the bytes when they come first in the direction asked for. */
  const keep = (cell: StateCell, bytes: Uint8Array, start: number, end: number): boolean => {
    const held = cell.offset + 1;
    const isHeld = cell.length > 0;
    if (isHeld && compareRanges(bytes, start, end, cell.bytes, held, cell.offset + cell.length) * direction >= 0)
      return true;
    if (!cell.resize(1 + end - start)) return false;
    cell.bytes[cell.offset] = 1;
    cell.bytes.set(bytes.subarray(start, end), cell.offset + 1);
    return true;
  };
  return keepKernelState({
    wire: [name, of.wire],
    stateBytes: 0,
    kernelState: name,
    add: (cell, value) => {
      scratch.clear();
      of.encodeTo(value, scratch);
      return keep(cell, scratch.bytes, 0, scratch.length);
    },
    merge: (cell, encoded, start, end) => (end === start ? true : keep(cell, encoded, start + 1, end)),
    encode: (cell, sink) => sink.writeBytes(cell.bytes, cell.offset, cell.offset + cell.length),
    // A state is only made by a value, so it is never empty here.
    present: (cell) => of.decodeFrom(reader.reset(cell.bytes, cell.offset + 1, cell.offset + cell.length)),
  });
}

/** The least value in the codec's order. */
export function min<T>(of: KeyCodec<T>): Aggregator<T, T> {
  return extreme("min", of);
}

/** The greatest value in the codec's order. */
export function max<T>(of: KeyCodec<T>): Aggregator<T, T> {
  return extreme("max", of);
}
