// How an answer is packed on the wire: blocks of the bytes that would else have come, each [bytes, stored bytes, stored
// bytes themselves], both lengths 4 bytes little-endian; equal lengths mean that they stand as they are. The whole is a
// coding of the answer, nothing more: offsets, heads of segments and check sums are those of the bytes inside.

/** Header by which a gatherer says which coding it understands, and a source which it used. Sources that know none pass over it. */
export const codingHeader = "x-millrace-coding";

/** Codings of an answer's bytes on the wire; `none` is not written out. */
export type LinkCoding = "none" | "lz4";

/** Bytes of a block's head. */
export const packedHeadBytes = 8;

/**
 * Bytes that a source puts into one block. Measured: LZ4 looks back 64 KiB, so that from 128 KiB on neither speed nor
 * ratio grows, and what a cut connection loses of a block under way is 128 KiB at most.
 */
export const packedBlockBytes = 128 * 1024;

/** Longest block that a gatherer takes, packed or not: four times what sources send. */
export const packedBlockBytesMax = 512 * 1024;

/** What a block's head says. */
export interface PackedHead {
  readonly rawBytes: number;
  /** At most `rawBytes`. */
  readonly storedBytes: number;
}

/** Write a head. @param into receives 8 bytes at `offset`. */
export function writePackedHead(into: Buffer, offset: number, { rawBytes, storedBytes }: PackedHead): void {
  into.writeUInt32LE(rawBytes, offset);
  into.writeUInt32LE(storedBytes, offset + 4);
}

/** Read a head. @returns undefined when the 8 bytes at `offset` are none, or of a block longer than may be. */
export function readPackedHead(from: Buffer, offset: number): PackedHead | undefined {
  const rawBytes = from.readUInt32LE(offset);
  const storedBytes = from.readUInt32LE(offset + 4);
  if (storedBytes === 0 || storedBytes > rawBytes || rawBytes > packedBlockBytesMax) return undefined;
  return { rawBytes, storedBytes };
}
