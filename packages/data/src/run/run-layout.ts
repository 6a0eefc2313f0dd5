// The bytes of a run file. All numbers are big-endian.
//
//   header   magic 8, data version u16, flags u16, partitions u32, crc32 u32 of what stands before it
//   segments for each partition in order: blocks
//   index    for each partition: offset u64, bytes u64, pairs u64, raw bytes u64, digest u64
//   footer   index offset u64, partitions u32, crc32 of the index u32, flags u32, crc32 u32 of the footer before it, magic 8
//
//   block    crc32 u32 of all that follows in it, type u8, codec u8, 0 u16, raw bytes u32, stored bytes u32, pairs u32, body
//   body     of type "pairs": pairs of (shared, suffix length, value mark) as varints, key suffix, value
//
// A key is the first `shared` bytes of the key before it (the longest common prefix; 0 in a block's first pair) and the
// suffix. A value mark is 2 × length, the value follows; or 2 × length + 1, the value lies apart: in the next unused run
// of chunks ("chunk" … "last chunk") before this block. Chunks stand before the block of pairs that refers to them.
//
// A block is cut where the next pair would pass `blockRawBytesMax`, so cuts depend on the pairs alone. The digest of a
// segment hashes, for each block, type, raw bytes and pairs as u32, then the raw body.

import { dataLimits } from "../data-limits.ts";

/** First and last 8 bytes of the file. */
export const runMagic: Uint8Array = Uint8Array.of(0x89, 0x4d, 0x4c, 0x52, 0x52, 0x55, 0x4e, 0x0a);
export const headerBytes = 20;
export const indexEntryBytes = 40;
export const footerBytes = 32;
export const blockHeadBytes = 20;

export const runFlags = { states: 1, mixed: 2 } as const;

export const blockType = { pairs: 1, chunk: 2, lastChunk: 3 } as const;

/** Longest encoding of a pair's three varints: 3 + 3 + 5 bytes, rounded up. */
export const pairHeadBytesMax = 16;

/** Whether a value lies apart: it is long, or the pair would not fit a block. */
export function isApart(keyBytes: number, valueBytes: number, blockRawBytesMax: number): boolean {
  return (
    valueBytes > dataLimits.valueInlineBytesMax ||
    (valueBytes > 0 && keyBytes + valueBytes + pairHeadBytesMax > blockRawBytesMax)
  );
}

/** Write a safe integer as u64. */
export function writeUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 0x1_0000_0000));
  view.setUint32(at + 4, value >>> 0);
}

/** Read a u64. @returns a safe integer, or -1 for a greater one. */
export function readUint64(view: DataView, at: number): number {
  const high = view.getUint32(at);
  return high >= 0x20_0000 ? -1 : high * 0x1_0000_0000 + view.getUint32(at + 4);
}
