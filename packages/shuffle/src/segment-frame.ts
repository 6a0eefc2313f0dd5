// How segments stand in a response: for each one asked for, in that order, a head of 16 bytes and its bytes.
// Head: magic "MRSG" (4), status (1), zero (3), bytes that follow (8, little-endian).

/** Bytes of a head. */
export const frameHeadBytes = 16;

const magic = 0x4753524d; // "MRSG" read as a little-endian number
const statuses = ["present", "missing"] as const;

/** What a head says. */
export interface FrameHead {
  /** `missing`: the source has no such segment; no bytes follow. */
  readonly status: (typeof statuses)[number];
  readonly bytes: number;
}

/** Write a head. @param into receives 16 bytes at `offset`. */
export function writeFrameHead(into: Buffer, offset: number, head: FrameHead): void {
  into.writeUInt32LE(magic, offset);
  into.writeUInt32LE(statuses.indexOf(head.status), offset + 4);
  into.writeBigUInt64LE(BigInt(head.bytes), offset + 8);
}

/** Read a head. @returns undefined when the 16 bytes at `offset` are none. */
export function readFrameHead(from: Buffer, offset: number): FrameHead | undefined {
  const status = statuses[from.readUInt32LE(offset + 4)];
  const bytes = Number(from.readBigUInt64LE(offset + 8));
  if (from.readUInt32LE(offset) !== magic || status === undefined || !Number.isSafeInteger(bytes)) return undefined;
  return status === "missing" && bytes !== 0 ? undefined : { status, bytes };
}
