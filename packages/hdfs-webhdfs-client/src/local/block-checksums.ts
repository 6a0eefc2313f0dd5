// The checksums that a DataNode keeps beside a block: `blk_ID_STAMP.meta` holds a version (2 bytes), a type (1), the bytes
// of a chunk (4), then 4 bytes for each chunk of the block, all big-endian. Source: Hadoop's BlockMetadataHeader and DataChecksum.
import { crc32 } from "node:zlib";
import { crc32c } from "./crc32c.ts";

/** How a block's chunks are summed. */
export interface ChecksumKind {
  readonly algorithm: "none" | "crc32" | "crc32c";
  readonly chunkBytes: number;
}

/** Bytes of the header. */
export const checksumHeaderBytes = 7;

/** Bytes of one checksum. */
export const checksumBytes = 4;

/** A chunk is 512 bytes unless configured; one of more than this is no header of ours. */
const chunkBytesMax = 64 * 1024 * 1024;

const algorithms = ["none", "crc32", "crc32c"] as const;

/** Read the header. @returns undefined for what is no known header */
export function readChecksumHeader(header: Uint8Array): ChecksumKind | undefined {
  if (header.length < checksumHeaderBytes) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const algorithm = algorithms[view.getUint8(2)];
  const chunkBytes = view.getInt32(3);
  if (view.getUint16(0) !== 1 || algorithm === undefined) return undefined;
  return chunkBytes > 0 && chunkBytes <= chunkBytesMax ? { algorithm, chunkBytes } : undefined;
}

/**
 * Compare bytes with their checksums.
 * @param bytes whole chunks; the last may be short at the end of the block
 * @param sums one for each chunk
 * @returns the first chunk that differs, -1 if all are right
 */
export function firstWrongChunk(kind: ChecksumKind, bytes: Uint8Array, sums: Uint8Array): number {
  if (kind.algorithm === "none") return -1;
  const view = new DataView(sums.buffer, sums.byteOffset, sums.byteLength);
  for (let chunk = 0, from = 0; from < bytes.length; chunk += 1, from += kind.chunkBytes) {
    const to = Math.min(from + kind.chunkBytes, bytes.length);
    const sum = kind.algorithm === "crc32c" ? crc32c(bytes, from, to) : crc32(bytes.subarray(from, to));
    if (sum !== view.getUint32(chunk * checksumBytes)) return chunk;
  }
  return -1;
}
