// Reading one block safely: every number is checked against its bounds before anything is allocated by it, and the
// check sum before a byte of the body is used.

import { dataLimits } from "../data-limits.ts";
import type { Murmur128 } from "../hash/murmur128.ts";
import type { RunTools } from "./byte-store.ts";
import { failRun, type RunOrigin } from "./run-fault.ts";
import { blockHeadBytes, blockType } from "./run-layout.ts";

/** What a block's head says. */
export interface BlockHead {
  readonly type: number;
  readonly codec: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly pairs: number;
}

/** Read a block's head. @param bytesLeft bytes of the segment from this head on. @throws {DataError} when it cannot be right. */
export function parseBlockHead(view: DataView, at: number, bytesLeft: number, origin: RunOrigin): BlockHead {
  const type = view.getUint8(at + 4);
  const codec = view.getUint8(at + 5);
  const rawBytes = view.getUint32(at + 8);
  const storedBytes = view.getUint32(at + 12);
  const pairs = view.getUint32(at + 16);
  const isPairs = type === blockType.pairs;
  if (!isPairs && type !== blockType.chunk && type !== blockType.lastChunk)
    failRun(origin, "corrupt", `block type ${type}`);
  if (view.getUint16(at + 6) !== 0) failRun(origin, "corrupt", "bits set that are always 0");
  if (rawBytes < 1 || rawBytes > dataLimits.blockRawBytesMax)
    failRun(origin, "corrupt", `a block of ${rawBytes} bytes`);
  if (storedBytes < 1 || storedBytes > rawBytes || (codec === 0 && storedBytes !== rawBytes))
    failRun(origin, "corrupt", `a block of ${rawBytes} bytes stored in ${storedBytes}`);
  // A pair has at least its three varints.
  if (isPairs ? pairs < 1 || pairs * 3 > rawBytes : pairs !== 0)
    failRun(origin, "corrupt", `${pairs} pairs in a block of ${rawBytes} bytes`);
  if (storedBytes > bytesLeft - blockHeadBytes)
    failRun(origin, "cut", `a block of ${storedBytes} bytes with ${bytesLeft - blockHeadBytes} left`);
  return { type, codec, rawBytes, storedBytes, pairs };
}

/**
 * Verify and unpack a block whose head is the first thing in `bytes`, followed by its stored body.
 *
 * @returns the raw body: a range of `bytes` when it is stored raw, else an array of its own.
 */
export function openBlock(bytes: Uint8Array, head: BlockHead, tools: RunTools, origin: RunOrigin): Uint8Array {
  const bodyEnd = blockHeadBytes + head.storedBytes;
  const expected = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  if (tools.crc32(bytes.subarray(4, bodyEnd)) !== expected) failRun(origin, "corrupt", "a block's check sum differs");
  const stored = bytes.subarray(blockHeadBytes, bodyEnd);
  if (head.codec === 0) return stored;
  const codec = tools.codecs.find((candidate) => candidate.id === head.codec);
  if (codec === undefined) return failRun(origin, "corrupt", `unknown codec ${head.codec}`);
  let raw: Uint8Array;
  try {
    raw = codec.decompress(stored, head.rawBytes);
  } catch (thrown) {
    return failRun(
      origin,
      "corrupt",
      `a block does not unpack (${thrown instanceof Error ? thrown.message : String(thrown)})`,
    );
  }
  if (raw.length !== head.rawBytes)
    failRun(origin, "corrupt", `a block unpacks to ${raw.length} bytes, not ${head.rawBytes}`);
  return raw;
}

const frame = new Uint8Array(12);
const frameView = new DataView(frame.buffer);

/** Take a block into a segment's digest. */
export function digestBlock(digest: Murmur128, type: number, pairs: number, body: Uint8Array): void {
  frameView.setUint32(0, type);
  frameView.setUint32(4, body.length);
  frameView.setUint32(8, pairs);
  digest.update(frame).update(body);
}
