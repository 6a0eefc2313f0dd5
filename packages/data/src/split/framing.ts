// How the bytes of a file are cut into records: what a format declares, so that planning and the split reader cut
// without running user code a byte.

import type { SyncMarkLayout } from "./sync-mark.ts";

/** Tell whether the line `bytes[begin]` to `bytes[end]` (exclusive, without its delimiter) begins an event. */
export type StartsEvent = (bytes: Uint8Array, begin: number, end: number) => boolean;

/** How records lie in a file. */
export type Framing =
  /** `"line"`: LF ends a record, one CR before it is removed. Else these 1 to 64 bytes end it and are removed. */
  | { readonly kind: "delimited"; readonly delimiter: "line" | Uint8Array }
  /** Records of this many bytes each, one after the other, nothing between. A rest that is shorter is a record too. */
  | { readonly kind: "fixed"; readonly bytes: number }
  /**
   * Lines that belong together: an event begins at a line for which `startsWith` holds, and at the first line of a file;
   * it belongs to the split in which its first byte lies. Lines of an event keep their delimiters between them.
   */
  | { readonly kind: "events"; readonly startsWith: StartsEvent }
  /**
   * Sections of records or blocks with marks between them, as the file's header says. The header is the first record of
   * every split. Files are cut at any byte (splitting `sync-mark`).
   */
  | { readonly kind: "sync-mark"; readonly layout: SyncMarkLayout }
  /** The whole file is one record, at most `recordBytesMax` bytes. */
  | { readonly kind: "whole-file" };
