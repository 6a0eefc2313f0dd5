// Packing what a source has read into blocks for the wire.

import type { BlockCodec } from "@millrace/data";
import { packedBlockBytes, packedHeadBytes, writePackedHead } from "./packed-block.ts";

/** A block that packing shortens by less than a sixteenth is sent as it is: unpacking it would cost as much as it saves. */
const savedShareMin = 1 / 16;

/** Room that a chunk of so many bytes needs at most, packed. */
export function packedBytesMax(rawBytes: number): number {
  return rawBytes + packedHeadBytes * Math.ceil(rawBytes / packedBlockBytes);
}

/** Pack a chunk. @param into has room for `packedBytesMax`. @returns bytes written there. */
export function packChunk(codec: BlockCodec, chunk: Buffer, into: Buffer): number {
  let filled = 0;
  for (let at = 0; at < chunk.length; at += packedBlockBytes) {
    const raw = chunk.subarray(at, at + packedBlockBytes);
    const packed = compressed(codec, raw);
    const stored = packed.length < raw.length * (1 - savedShareMin) ? packed : raw;
    writePackedHead(into, filled, { rawBytes: raw.length, storedBytes: stored.length });
    into.set(stored, filled + packedHeadBytes);
    filled += packedHeadBytes + stored.length;
  }
  return filled;
}

/** A codec that fails costs its bytes on the wire, not the answer. */
function compressed(codec: BlockCodec, raw: Buffer): Uint8Array {
  try {
    return codec.compress(raw);
  } catch {
    return raw;
  }
}
