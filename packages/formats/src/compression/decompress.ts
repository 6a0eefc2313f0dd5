// Decompression of whole files, streaming: gzip with all members, zstd with all frames, zlib with all streams, Snappy and
// LZ4 in Hadoop's framing. Runs on an I/O thread. Not bzip2, which is cut into splits: see `Bzip2Source`.

import type { CompressionCodec } from "@millrace/core";
import { gunzip } from "./gunzip.ts";
import { unblock } from "./unblock.ts";
import { unzlib } from "./unzlib.ts";
import { unzstd } from "./unzstd.ts";

/** Codecs whose files are unpacked from their begin to their end, by {@link decompress}. */
export type StreamCodec = Exclude<CompressionCodec, "none" | "bzip2">;

/**
 * Decompress a file's bytes. Memory is a few chunks, whatever the ratio: pull slowly and it reads slowly.
 *
 * @param source - the file's bytes from its beginning to its end, chunks of any size; a chunk is not used after the next is asked for.
 * @param options - `uri` for messages.
 * @returns chunks of at most 256 KiB, each owned by the receiver.
 * @throws {MillraceError} E_INPUT_CORRUPT with `details.offset` (in the compressed file) for any byte that is not part of
 * well-formed data: all data or an error, never a part of it silently. What the source throws passes through.
 */
export function decompress(
  codec: StreamCodec,
  source: AsyncIterable<Uint8Array>,
  options: { readonly uri: string },
): AsyncIterable<Uint8Array> {
  switch (codec) {
    case "gzip":
      return gunzip(source, options.uri);
    case "zstd":
      return unzstd(source, options.uri);
    case "zlib":
      return unzlib(source, options.uri);
    case "snappy":
    case "lz4":
      return unblock(codec, source, options.uri);
  }
}
