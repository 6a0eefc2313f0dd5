// The compression of a file that was not opened when the job was planned, by the rule of planning: a lying name changes
// nothing, and what is not read is refused with the words that planning has.

import { MillraceError, detectCodec, quote, unsupportedCodecReason } from "@millrace/core";
import type { CompressionCodec } from "@millrace/core";

/**
 * Find the compression of a file.
 *
 * @param head - its first `magicBytes` bytes or more, all of them when it has fewer.
 * @throws {MillraceError} E_UNSUPPORTED_CODEC.
 */
export function findCodec(head: Uint8Array, uri: string): CompressionCodec {
  const found = detectCodec(head, uri);
  if (found.kind === "codec") return found.codec;
  throw new MillraceError(
    "E_UNSUPPORTED_CODEC",
    `Cannot read ${quote(uri, 1_024)}: ${unsupportedCodecReason(found.name)}; leave it out, or mend it`,
    { details: { uri } },
  );
}

/** Tell whether a file is handed on as it is stored: who reads one of bzip2 unpacks it, since it can be cut. */
export function isReadAsStored(codec: CompressionCodec): codec is "none" | "bzip2" {
  return codec === "none" || codec === "bzip2";
}
