// Hadoop's framing of block codecs, which its SnappyCodec and Lz4Codec write: the length of a stretch of content, then
// chunks that unpack to it, each with its length before it; all lengths are 32 bits, most significant byte first. Not
// the frame format that the `lz4` and `snzip` commands write.

import type { ByteSink } from "@millrace/data";
import { packLz4 } from "./pack-lz4.ts";
import { packSnappy } from "./pack-snappy.ts";
import { readLength, unpackSnappy } from "./unpack-snappy.ts";
import { unpackLz4 } from "./unpack-lz4.ts";

/** Codecs that stand in this framing. */
export type BlockCodec = "snappy" | "lz4";

/** Hadoop's buffers have 256 KiB unless configured otherwise (`io.compression.codec.snappy.buffersize`). */
export const chunkBytesMax = 16 * 1024 * 1024;
/** What a chunk may unpack to. */
export const chunkContentBytesMax = 64 * 1024 * 1024;
/** Hadoop's readers want a chunk, packed and unpacked, in a buffer of 256 KiB; half of it leaves room for what does not pack. */
const chunkContentBytes = 128 * 1024;

/**
 * Unpack one chunk.
 *
 * @param left - content of the stretch that is still missing: a bound of the chunk's.
 * @returns its content, owned by the caller, or undefined when it is damaged.
 */
export function unpackChunk(codec: BlockCodec, chunk: Uint8Array, left: number): Uint8Array | undefined {
  // LZ4 packs at most 255 to 1; Snappy says what it unpacks to.
  const told = codec === "snappy" ? (readLength(chunk)?.length ?? 0) : chunk.length * 255;
  if (codec === "snappy" && told > left) return undefined;
  const room = new Uint8Array(Math.min(told, left, chunkContentBytesMax));
  const end = codec === "snappy" ? unpackSnappy(chunk, room, 0) : unpackLz4(chunk, room, 0);
  return end < 0 ? undefined : room.subarray(0, end);
}

/**
 * Unpack all of a stream.
 *
 * @param contentBytesMax - bound of what comes out.
 * @returns the content, owned by the caller; a clause that says what is wrong when it is damaged.
 */
export function unpackBlockStream(codec: BlockCodec, stream: Uint8Array, contentBytesMax: number): Uint8Array | string {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  const contents: Uint8Array[] = [];
  let total = 0;
  for (let at = 0; at < stream.length;) {
    if (stream.length - at < 4) return "a length is cut off";
    let left = view.getUint32(at);
    at += 4;
    total += left;
    if (total > contentBytesMax) return `it unpacks to more than ${contentBytesMax} bytes`;
    while (left > 0) {
      if (stream.length - at < 4) return "a length is cut off";
      const chunkBytes = view.getUint32(at);
      at += 4;
      if (chunkBytes > stream.length - at) return "a chunk is cut off";
      const content = unpackChunk(codec, stream.subarray(at, at + chunkBytes), left);
      if (content === undefined || content.length === 0) return "a chunk is damaged";
      contents.push(content);
      left -= content.length;
      at += chunkBytes;
    }
  }
  return contents.length === 1 ? contents[0]! : joined(contents, total);
}

/** Append content in this framing to `sink`; content without bytes is one empty stretch, as Hadoop has it. */
export function packBlockStream(codec: BlockCodec, content: Uint8Array, sink: ByteSink): void {
  const pack = codec === "snappy" ? packSnappy : packLz4;
  for (let begin = 0; begin === 0 || begin < content.length; begin += chunkContentBytes) {
    const part = content.subarray(begin, begin + chunkContentBytes);
    sink.writeUint32(part.length);
    if (part.length === 0) return;
    const lengthAt = sink.length;
    sink.writeUint32(0);
    pack(part, sink);
    const chunkBytes = sink.length - lengthAt - 4;
    new DataView(sink.bytes.buffer).setUint32(lengthAt, chunkBytes);
  }
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
