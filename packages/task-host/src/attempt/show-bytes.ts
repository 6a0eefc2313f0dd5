// Bytes of a user's record as text for people: escaped, and cut where they are long.

import { quote } from "@millrace/core";

const decoder = new TextDecoder();

/**
 * Show the bytes of a record. Invalid UTF-8 becomes U+FFFD; control characters, bidi marks, quotes and lone surrogates
 * are escaped; what is beyond `bytesMax` is cut with `…`.
 */
export function showBytes(bytes: Uint8Array, bytesMax: number): string {
  // A copy: decoders refuse shared memory, and the record may lie in it.
  const text = escapeText(decoder.decode(bytes.slice(0, bytesMax)));
  return bytes.length > bytesMax ? `${text}…` : text;
}

/** Escape what a terminal or a log line must not get raw. */
export function escapeText(text: string): string {
  return quote(text, Number.POSITIVE_INFINITY).slice(1, -1);
}
