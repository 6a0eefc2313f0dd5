// How a file is compressed, by its first bytes: names lie, magic numbers seldom do. Hadoop's snappy, lz4 and deflate, and
// lzo, lzma and brotli have none: there the usual endings tell, since the bytes would be read as garbage records.

import type { CompressionCodec } from "../model/plan.ts";

/** Bytes of a file's begin that {@link detectCodec} looks at. */
export const magicBytes = 10;

/** A codec that is read, or the name of one that is not. */
export type DetectedCodec =
  | { readonly kind: "codec"; readonly codec: CompressionCodec }
  | { readonly kind: "unsupported"; readonly name: string };

/** Magic numbers of compressions and archives that this version does not read. */
const unsupportedMagic: readonly (readonly [name: string, magic: string])[] = [
  ["xz", "fd377a585a00"],
  ["the LZ4 frame format", "04224d18"],
  ["the LZ4 legacy format", "02214c18"],
  ["the Snappy framing format", "ff060000734e61507059"],
  ["lzo", "894c5a4f000d0a1a"],
  ["compress (.Z)", "1f9d"],
  ["zip", "504b0304"],
  ["7-Zip", "377abcaf271c"],
];

const hadoopEndings: ReadonlyMap<string, CompressionCodec> = new Map([
  ["snappy", "snappy"],
  ["lz4", "lz4"],
  ["deflate", "zlib"],
]);

/** Endings of codecs whose magic tells, when the file is opened. */
const streamEndings: ReadonlySet<string> = new Set(["gz", "gzip", "tgz", "zst", "zstd"]);

/** The same of those that are not read. */
const archiveEndings: ReadonlySet<string> = new Set(["xz", "txz", "z", "zip", "7z"]);

const unsupportedEndings: ReadonlyMap<string, string> = new Map([
  ["sz", "the Snappy framing format"],
  ["lzma", "lzma"],
  ["lzo", "lzo"],
  ["lzo_deflate", "lzo"],
  ["br", "brotli"],
]);

/** Say of a file why it is not read. */
export function unsupportedCodecReason(name: string): string {
  return `it is compressed with ${name}, which this version does not read`;
}

/**
 * Tell whether a name alone says that a file is compressed in a way that is not read: worth a look before a job is
 * planned, however small the file is.
 */
export function namesUnsupportedCodec(uri: string): boolean {
  const ending = endingOf(uri);
  return unsupportedEndings.has(ending) || archiveEndings.has(ending);
}

/** Tell whether a name says that a file is compressed, by a codec of streams. Names lie: it must decide no result. */
export function namesStreamCodec(uri: string): boolean {
  const ending = endingOf(uri);
  return hadoopEndings.has(ending) || streamEndings.has(ending);
}

function endingOf(uri: string): string {
  return uri.slice(uri.lastIndexOf(".") + 1).toLowerCase();
}

/** A SequenceFile (`SEQ`, version 6) says itself how it is compressed, whatever its name is. */
const sequenceFileMagic = "53455106";

/**
 * Tell how a file is compressed.
 * @param head The file's first {@link magicBytes} bytes, fewer when it has no more.
 * @param uri Its URI, for the endings of codecs without magic.
 * @see RFC 1952 (gzip), RFC 8878 (zstd; a frame may be preceded by skippable frames 0x184D2A50 to 0x184D2A5F)
 */
export function detectCodec(head: Uint8Array, uri: string): DetectedCodec {
  const hex = Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex.startsWith("1f8b")) return { kind: "codec", codec: "gzip" };
  if (hex.startsWith("28b52ffd") || /^5[0-9a-f]2a4d18/.test(hex)) return { kind: "codec", codec: "zstd" };
  if (isBzip2(hex)) return { kind: "codec", codec: "bzip2" };
  if (hex.startsWith(sequenceFileMagic)) return { kind: "codec", codec: "none" };
  const unsupported = unsupportedMagic.find(([, magic]) => hex.startsWith(magic));
  if (unsupported !== undefined) return { kind: "unsupported", name: unsupported[0] };
  const ending = endingOf(uri);
  const name = unsupportedEndings.get(ending);
  return name === undefined
    ? { kind: "codec", codec: hadoopEndings.get(ending) ?? "none" }
    : { kind: "unsupported", name };
}

/** "BZh" alone could begin a line of text. A level of 1 to 9, then a block (the digits of pi) or the end of an empty stream (those of its square root). */
function isBzip2(hex: string): boolean {
  return /^425a683[1-9](?:314159265359|177245385090|$)/.test(hex);
}
