// Decompression of whole files, streaming: gzip with all members, zstd with all frames. Runs on an I/O thread.

import type { CompressionCodec } from "@millrace/core";
import { gunzip } from "./gunzip.ts";
import { unzstd } from "./unzstd.ts";

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
  codec: Exclude<CompressionCodec, "none">,
  source: AsyncIterable<Uint8Array>,
  options: { readonly uri: string },
): AsyncIterable<Uint8Array> {
  return codec === "gzip" ? gunzip(source, options.uri) : unzstd(source, options.uri);
}
