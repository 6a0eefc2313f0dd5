// One 128-bit digest over a run's vector: what the coordinator keeps in memory for an attempt instead of the vector.

import { Murmur128 } from "../hash/murmur128.ts";
import { DataError } from "../data-error.ts";
import type { SegmentVector } from "./segment-vector.ts";

/** Bytes of one partition in a vector's binary form. */
export const vectorEntryBytes = 24;

/** The binary form: for each partition pairs u64, raw bytes u64, digest u64, big-endian. */
export function encodeVector(vector: SegmentVector): Uint8Array {
  const bytes = new Uint8Array(vector.pairs.length * vectorEntryBytes);
  const view = new DataView(bytes.buffer);
  for (let partition = 0, at = 0; partition < vector.pairs.length; partition++, at += vectorEntryBytes) {
    view.setBigUint64(at, BigInt(vector.pairs[partition]!));
    view.setBigUint64(at + 8, BigInt(vector.rawBytes[partition]!));
    view.setBigUint64(at + 16, BigInt(`0x${vector.digests[partition]!}`));
  }
  return bytes;
}

/** Read a vector's binary form. @throws {DataError} E_CONSERVATION when the bytes are none. */
export function decodeVector(bytes: Uint8Array): SegmentVector {
  if (bytes.length % vectorEntryBytes !== 0)
    throw new DataError(
      "E_CONSERVATION",
      `Cannot read a segment vector: ${bytes.length} bytes are no multiple of ${vectorEntryBytes}; it was cut off`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const vector = { pairs: [] as number[], rawBytes: [] as number[], digests: [] as string[] };
  for (let at = 0; at < bytes.length; at += vectorEntryBytes) {
    const pairs = view.getBigUint64(at);
    const rawBytes = view.getBigUint64(at + 8);
    if (pairs > Number.MAX_SAFE_INTEGER || rawBytes > Number.MAX_SAFE_INTEGER)
      throw new DataError("E_CONSERVATION", "Cannot read a segment vector: a count is above 2^53; it was damaged");
    vector.pairs.push(Number(pairs));
    vector.rawBytes.push(Number(rawBytes));
    vector.digests.push(
      view
        .getBigUint64(at + 16)
        .toString(16)
        .padStart(16, "0"),
    );
  }
  return vector;
}

/** Digest a vector. @returns 32 lower-case hexadecimal digits; equal digests mean equal segments. */
export function digestVector(vector: SegmentVector): string {
  return new Murmur128().update(encodeVector(vector)).hex(32);
}
