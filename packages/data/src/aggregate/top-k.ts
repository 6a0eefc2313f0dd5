// The k records of greatest weight, ties by the bytes of the item.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec } from "../codec/codec.ts";
import { refuseValue } from "../codec/make-codec.ts";
import type { Aggregator } from "./aggregator.ts";
import { checkK, encodeEntries, headBytes, insertEntry, mergeEntries, presentEntries } from "./heaviest.ts";

/** A record and what it counts. */
export interface Weighted<T> {
  readonly item: T;
  readonly weight: number;
}

const scratch = new ByteSink(256);
const reader = new ByteReader();

/** @param k 1 to 10,000. @throws {DataError} E_JOB_INVALID for another `k`. Weights are numbers, NaN is refused. */
export function topK<T>(k: number, item: Codec<T>): Aggregator<Weighted<T>, readonly Weighted<T>[]> {
  checkK("topK", k);
  return {
    wire: ["topK", k, item.wire],
    stateBytes: headBytes,
    add: (cell, value) => {
      if (typeof value !== "object" || value === null) refuseValue("topK", value, "no { item, weight }");
      if (typeof value.weight !== "number" || Number.isNaN(value.weight))
        refuseValue("topK", value.weight, "the weight is no number");
      scratch.clear();
      item.encodeTo(value.item, scratch);
      return insertEntry(cell, k, { weight: value.weight + 0, item: scratch.bytes, start: 0, end: scratch.length });
    },
    merge: (cell, encoded, start, end) => mergeEntries(cell, k, reader.reset(encoded, start, end)),
    encode: encodeEntries,
    present: (cell) =>
      presentEntries(cell, ({ start, end }, weight) => ({
        item: item.decodeFrom(reader.reset(cell.bytes, start, end)),
        weight,
      })),
  };
}
