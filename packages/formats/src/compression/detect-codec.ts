// Which compression a file has: by its first bytes, or by its name where a format has no magic. What is not read here is
// refused by name, so that nobody counts the words of compressed bytes.

import { type CompressionCodec, MillraceError, quote } from "@millrace/core";

/** Bytes of a file's beginning that {@link detectCodec} wants; fewer when the file is shorter. */
export const codecHeadBytes = 16;

interface Magic {
  readonly codec: string;
  readonly bytes: readonly number[];
}

/** Beginnings of files. A plain text begins with none of them by chance: each has a byte that text has not, or 10 in a row. */
const magics: readonly Magic[] = [
  { codec: "gzip", bytes: [0x1f, 0x8b] },
  { codec: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { codec: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { codec: "lz4", bytes: [0x04, 0x22, 0x4d, 0x18] },
  { codec: "lz4", bytes: [0x02, 0x21, 0x4c, 0x18] },
  { codec: "snappy", bytes: [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59] },
  { codec: "lzo", bytes: [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a] },
  { codec: "compress", bytes: [0x1f, 0x9d] },
  { codec: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { codec: "7z", bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
];

/** "BZh", a level, then the first digits of pi or of its square root. */
const bzip2 = [
  [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];

/** Names of compressions that this version does not read, some of which have no magic (Hadoop's block formats). */
const extensions: ReadonlyMap<string, string> = new Map([
  ["bz2", "bzip2"],
  ["xz", "xz"],
  ["lzma", "lzma"],
  ["lz4", "lz4"],
  ["snappy", "snappy"],
  ["sz", "snappy"],
  ["lzo", "lzo"],
  ["lzo_deflate", "lzo"],
  ["br", "brotli"],
  ["deflate", "deflate"],
  ["Z", "compress"],
  ["zip", "zip"],
  ["7z", "7z"],
]);

/**
 * Tell how a file is compressed. The first bytes decide: a `.gz` that is plain is read as it is, and so is gzip under
 * another name.
 *
 * @param uri - the file's; its extension names codecs without magic.
 * @param head - its first {@link codecHeadBytes} bytes.
 * @throws {MillraceError} E_UNSUPPORTED_CODEC with `details.codec` for a compression that is known but not read.
 */
export function detectCodec(uri: string, head: Uint8Array): CompressionCodec {
  const found =
    magics.find(({ bytes }) => startsWith(head, 0, bytes))?.codec ??
    (isBzip2(head) ? "bzip2" : undefined) ??
    (isSkippableZstd(head) ? "zstd" : undefined);
  if (found === "gzip" || found === "zstd") return found;
  const extension = /\.([A-Za-z0-9_]+)$/u.exec(uri)?.[1] ?? "";
  const unread = found ?? extensions.get(extension) ?? extensions.get(extension.toLowerCase());
  if (unread === undefined) return "none";
  const by = found === undefined ? `its name ends in .${extension}` : "its first bytes say so";
  throw new MillraceError(
    "E_UNSUPPORTED_CODEC",
    `Cannot read ${quote(uri)}: ${unread} is not read by this version (${by}); unpack the file, or compress it with gzip or zstd`,
    {
      details: { uri, codec: unread },
    },
  );
}

function startsWith(head: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[at + index] === byte);
}

function isBzip2(head: Uint8Array): boolean {
  const level = head[3] ?? 0;
  return (
    startsWith(head, 0, [0x42, 0x5a, 0x68]) &&
    level >= 0x31 &&
    level <= 0x39 &&
    bzip2.some((bytes) => startsWith(head, 4, bytes))
  );
}

/** A zstd file may begin with a skippable frame. LZ4 has them too; its reader refuses what follows. */
function isSkippableZstd(head: Uint8Array): boolean {
  return ((head[0] ?? 0) & 0xf0) === 0x50 && startsWith(head, 1, [0x2a, 0x4d, 0x18]);
}
