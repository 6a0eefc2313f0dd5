// Events of several lines, such as a message with its stack trace.

import { MillraceError, quote } from "@millrace/core";
import type { StartsEvent } from "@millrace/data";
import { type KeyCodec, type Table, text } from "@millrace/sdk";
import { type InputFormat, createTable } from "@millrace/sdk/engine";
import { createLineReader } from "../columns/line-reader.ts";
import { createPlaces, createRecordMaker, setText } from "../columns/line-record.ts";
import { planColumns } from "../columns/plan-columns.ts";
import { TextDecoderOfRecords } from "../text/decode-text.ts";

/** One event. */
export type EventRecord = {
  /** All its lines, with the line ends between them. */
  readonly text: string;
  /** The line that begins it. */
  readonly firstLine: string;
};

/** The columns of {@link events}, and how they are encoded. */
export type EventLog = {
  readonly text: KeyCodec<string, "text">;
  readonly firstLine: KeyCodec<string, "text">;
};

/** How an event is known. */
export interface EventOptions {
  /**
   * What the first line of an event begins with: a text, or a regular expression, which is held against the begin of the
   * line alone (as if it began with `^`) and sees its first 512 bytes.
   */
  readonly startsWith: string | RegExp;
}

const columns: EventLog = { text: text(), firstLine: text() };

/**
 * Read events that go over several lines: one begins at each line that begins as `startsWith` says, and at the first of
 * a file; the lines up to the next belong to it. An event belongs to the split in which it begins, so files are split as
 * others are. An event has at most 64 MiB; one without a character is none.
 *
 * @throws {MillraceError} E_JOB_INVALID for an empty text, or an expression that begins an empty line, or is global or
 *   sticky.
 * @example
 * ```ts
 * input: events({ startsWith: /\d{4}-\d\d-\d\d / }),
 * map: (event, emit) => { if (event.firstLine.includes(" ERROR ")) emit(event.text); },
 * output: jsonLines(),
 * ```
 */
export function events({ startsWith }: EventOptions): Table<EventLog, EventRecord> {
  const make = createRecordMaker<EventRecord>(
    planColumns("events", columns),
    () => (line, begin, end) => line.slice(begin, end),
  );
  const format: InputFormat<EventRecord> = {
    name: "events",
    splitting: "delimiter",
    framing: {
      kind: "events",
      startsWith: typeof startsWith === "string" ? startsWithText(startsWith) : startsWithPattern(startsWith),
    },
    createReader: (options) => {
      const places = createPlaces(2);
      return createLineReader(options, {
        parse: (event) => {
          setText(places, 0, 0, event.length);
          setText(places, 1, 0, endOfFirstLine(event));
          return "";
        },
        make: (event) => make(event, places),
      });
    },
  };
  return createTable(format, columns);
}

function endOfFirstLine(event: string): number {
  const end = event.indexOf("\n");
  if (end < 0) return event.length;
  return end > 0 && event[end - 1] === "\r" ? end - 1 : end;
}

function startsWithText(prefix: string): StartsEvent {
  if (prefix === "" || prefix.includes("\n") || !prefix.isWellFormed())
    throw refused(`the text ${quote(prefix)} begins no line of its own`);
  const wanted = new TextEncoder().encode(prefix);
  return (bytes, begin, end) => {
    if (end - begin < wanted.length) return false;
    for (let index = 0; index < wanted.length; index++) if (bytes[begin + index] !== wanted[index]) return false;
    return true;
  };
}

/** Bytes of a line that an expression sees, so that a long line costs no more than others. */
const lineBytesSeen = 512;

function startsWithPattern(pattern: RegExp): StartsEvent {
  if (pattern.global || pattern.sticky) throw refused(`the expression ${String(pattern)} is global or sticky`);
  // Sticky from the first character on: what is not there is not looked for further on.
  const sticky = new RegExp(pattern.source, `${pattern.flags}y`);
  const matches = (line: string): boolean => {
    sticky.lastIndex = 0;
    return sticky.test(line);
  };
  if (matches("")) throw refused(`the expression ${String(pattern)} begins an empty line`);
  const decoder = new TextDecoderOfRecords(() => undefined);
  return (bytes, begin, end) => matches(decoder.decode(bytes, begin, Math.min(end, begin + lineBytesSeen)));
}

function refused(reason: string): MillraceError {
  return new MillraceError(
    "E_JOB_INVALID",
    `Cannot use "startsWith" of "events": ${reason}; give what the first line of each event begins with, such as /\\d{4}-\\d\\d-\\d\\d /`,
  );
}
