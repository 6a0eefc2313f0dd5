// Codec of segment vectors: digests travel as bytes, since a vector has up to `limits.reducesMax` of them.

import type { SegmentVector } from "@millrace/core";
import { limits } from "@millrace/core";
import type { Codec } from "../codec/field-codec.ts";
import { integer, list } from "../codec/field-codec.ts";
import { FieldFault, addName } from "../codec/field-fault.ts";
import type { MessageCodec } from "../codec/message-codec.ts";
import { message } from "../codec/message-codec.ts";

const digestBytes = 8;

/** 16 hexadecimal digits each in core, 8 bytes each in one field on the wire. */
const digests: Codec<readonly string[]> = {
  encode: (values) => {
    const out = Buffer.alloc(values.length * digestBytes);
    values.forEach((value, index) => {
      if (!/^[0-9a-f]{16}$/.test(value)) throw addName(new FieldFault("is not 16 hexadecimal digits"), `[${index}]`);
      out.write(value, index * digestBytes, "hex");
    });
    return out;
  },
  decode: (raw) => {
    if (!(raw instanceof Uint8Array) || raw.length % digestBytes !== 0)
      throw new FieldFault("is not 8 bytes for each partition");
    const digits = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("hex");
    return Array.from({ length: raw.length / digestBytes }, (_, index) => digits.slice(index * 16, index * 16 + 16));
  },
};

const columns = message<SegmentVector>({
  pairs: list(integer(), limits.reducesMax),
  rawBytes: list(integer(), limits.reducesMax),
  digests,
});

/** A vector whose three columns have equal lengths. */
export const segmentVector: MessageCodec<SegmentVector> = {
  wireFields: columns.wireFields,
  encode: (value) => columns.encode(checkColumns(value)),
  decode: (raw) => checkColumns(columns.decode(raw)),
};

function checkColumns(vector: SegmentVector): SegmentVector {
  const { pairs, rawBytes, digests: digestColumn } = vector;
  if (pairs.length !== rawBytes.length || pairs.length !== digestColumn.length) {
    throw new FieldFault(`has columns of ${pairs.length}, ${rawBytes.length} and ${digestColumn.length} entries`);
  }
  return vector;
}
