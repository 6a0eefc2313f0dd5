// How many values a key has.

import { ByteReader } from "../bytes/byte-reader.ts";
import { readInt, writeInt } from "../codec/number-codecs.ts";
import type { Aggregator } from "./aggregator.ts";
import { keepKernelState } from "./kernel-state.ts";

const reader = new ByteReader();

/** Count values, exactly up to 2^53. */
export function count(): Aggregator<unknown, number> {
  return keepKernelState({
    wire: "count",
    stateBytes: 8,
    kernelState: "count",
    add: (cell) => {
      cell.view.setFloat64(cell.offset, cell.view.getFloat64(cell.offset, true) + 1, true);
      return true;
    },
    merge: (cell, encoded, start, end) => {
      const more = readInt(reader.reset(encoded, start, end));
      cell.view.setFloat64(cell.offset, cell.view.getFloat64(cell.offset, true) + more, true);
      return true;
    },
    encode: (cell, sink) => writeInt(cell.view.getFloat64(cell.offset, true), sink),
    present: (cell) => cell.view.getFloat64(cell.offset, true),
  });
}
