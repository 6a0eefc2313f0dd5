// Compressions inside of SequenceFiles: whole buffers, by the class that the header names. Each buffer is what the codec's
// stream would be as a file.

import type { ByteSink } from "@millrace/data";
import {
  constants,
  gunzipSync,
  gzipSync,
  inflateSync,
  deflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { packBlockStream, unpackBlockStream } from "../compression/blocks/block-stream.ts";
import { unpackBzip2 } from "../compression/bzip2/unpack-bzip2.ts";

/** Codecs of SequenceFiles that are read; all but `bzip2` are written too. */
export type SequenceCodec = "zlib" | "gzip" | "bzip2" | "snappy" | "lz4" | "zstd";

const classes: ReadonlyMap<string, SequenceCodec> = new Map([
  ["org.apache.hadoop.io.compress.DefaultCodec", "zlib"],
  ["org.apache.hadoop.io.compress.DeflateCodec", "zlib"],
  ["org.apache.hadoop.io.compress.GzipCodec", "gzip"],
  ["org.apache.hadoop.io.compress.BZip2Codec", "bzip2"],
  ["org.apache.hadoop.io.compress.SnappyCodec", "snappy"],
  ["org.apache.hadoop.io.compress.Lz4Codec", "lz4"],
  ["org.apache.hadoop.io.compress.ZStandardCodec", "zstd"],
]);

/** The codec of a class; undefined for one that is not read. */
export function codecOfClass(name: string): SequenceCodec | undefined {
  return classes.get(name);
}

/** The class that Hadoop reads it by. */
export function classOfCodec(codec: SequenceCodec): string {
  for (const [name, each] of classes) if (each === codec) return name;
  throw new RangeError(`no class of the codec ${codec}`);
}

/**
 * Unpack a buffer.
 *
 * @param bytesMax - more content than that is refused.
 * @returns the content, owned by the caller, or a clause that says what is wrong.
 */
export function unpackBuffer(codec: SequenceCodec, packed: Uint8Array, bytesMax: number): Uint8Array | string {
  switch (codec) {
    case "snappy":
    case "lz4":
      return unpackBlockStream(codec, packed, bytesMax);
    case "bzip2":
      return unpackBzip2(packed, bytesMax);
    case "zlib":
    case "gzip":
    case "zstd":
      return unpackByNode(codec, packed, bytesMax);
  }
}

const unpackers = { zlib: inflateSync, gzip: gunzipSync, zstd: zstdDecompressSync };

function unpackByNode(codec: "zlib" | "gzip" | "zstd", packed: Uint8Array, bytesMax: number): Uint8Array | string {
  try {
    // A limit of 0 is none.
    return unpackers[codec](packed, { maxOutputLength: Math.max(1, bytesMax) });
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Append the content, packed, to `sink`. Equal content gives equal bytes on one version of Node. */
export function packBuffer(codec: Exclude<SequenceCodec, "bzip2">, content: Uint8Array, sink: ByteSink): void {
  switch (codec) {
    case "zlib":
      sink.writeBytes(deflateSync(content));
      return;
    case "gzip": {
      const member = gzipSync(content);
      // Byte 9 names the system that compressed: 255 is "unknown" (RFC 1952, section 2.3.1).
      member[9] = 255;
      sink.writeBytes(member);
      return;
    }
    case "zstd":
      sink.writeBytes(zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }));
      return;
    case "snappy":
    case "lz4":
      packBlockStream(codec, content, sink);
  }
}
