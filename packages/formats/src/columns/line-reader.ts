// A reader of formats whose records are single lines of text that a parser takes apart.

import { type RecordReader, type RecordReaderOptions, badRecord, noRecord } from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";

/** Takes lines apart, one after the other. */
export interface LineParser<out R> {
  /** @returns an empty text, or why the line is no record. */
  readonly parse: (line: string) => string;
  /** Make the record of the line that was parsed last. */
  readonly make: (line: string) => R;
}

const byteOrderMark = 0xfeff;

/**
 * Make a reader of lines. A line without a character is no record; a byte order mark at the begin of a file is skipped.
 */
export function createLineReader<R>({ count }: RecordReaderOptions, parser: LineParser<R>): RecordReader<R> {
  const decoder = new TextDecoderOfRecords(count);
  let isFirst = false;
  let reason = "";
  return {
    begin: ({ offset }) => {
      isFirst = offset === 0;
    },
    read: (bytes, begin, end) => {
      const text = decoder.decode(bytes, begin, end);
      const line = isFirst && text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
      isFirst = false;
      if (line === "") return noRecord;
      reason = parser.parse(line);
      return reason === "" ? parser.make(line) : badRecord;
    },
    reason: () => reason,
  };
}
