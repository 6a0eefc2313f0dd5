// Chooses the reader of a framing.

import { DelimitedSplitReader } from "./delimited-reader.ts";
import { EventSplitReader } from "./event-reader.ts";
import { FixedSplitReader } from "./fixed-reader.ts";
import type { SplitReader, SplitReaderOptions } from "./split-reader.ts";
import { SyncMarkReader } from "./sync-mark-reader.ts";
import { WholeFileReader } from "./whole-file-reader.ts";

/**
 * Make a reader of one split. Whatever the cuts between the splits of a file are, together they give the records that
 * one split over all of it gives, each once.
 *
 * @throws {DataError} E_JOB_INVALID for a delimiter that has not 1 to 64 bytes, or fixed records that have not 1 byte to
 * `recordBytesMax`.
 */
export function createSplitReader(options: SplitReaderOptions): SplitReader {
  const { framing } = options;
  switch (framing.kind) {
    case "delimited":
      return new DelimitedSplitReader(options, framing.delimiter);
    case "fixed":
      return new FixedSplitReader(options, framing.bytes);
    case "events":
      return new EventSplitReader(options, framing.startsWith);
    case "sync-mark":
      return new SyncMarkReader(options, framing.layout);
    case "whole-file":
      return new WholeFileReader(options);
  }
}
