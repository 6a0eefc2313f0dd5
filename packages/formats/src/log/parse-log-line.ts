// Finds the fields of a line in Common or Combined Log Format, without cutting it up: places in the text, no objects.

import { isEscaped } from "../columns/is-escaped.ts";
import { LogTimeParser, logTimeLength } from "./log-time.ts";

const blank = 0x20;
const quoteMark = 0x22;
const dash = 0x2d;
const zero = 0x30;

/** Where the fields of one line are. Reused from line to line: a record copies what it needs. */
export class LogFields {
  /** End of the host, which begins at 0. */
  hostEnd = 0;
  /** Begin and end of the user; the end is that of everything before the time. */
  userBegin = 0;
  userEnd = 0;
  /** Milliseconds since 1970. */
  time = 0;
  /** Inside the quotes. */
  requestBegin = 0;
  requestEnd = 0;
  status = 0;
  /** -1 for `-`. */
  bytes = 0;
  /** Inside the quotes; -1 in a Common line. */
  referrerBegin = -1;
  referrerEnd = -1;
  userAgentBegin = -1;
  userAgentEnd = -1;
}

/** Parses line after line into one {@link LogFields}. */
export class LogLineParser {
  readonly fields = new LogFields();
  readonly #times = new LogTimeParser();

  /**
   * Find the fields of `line`, whose first character is the host's first.
   *
   * @returns an empty text, or why the line is no record.
   * @see Apache HTTP Server, mod_log_config: `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`.
   */
  parse(line: string): string {
    const { fields } = this;
    fields.hostEnd = line.indexOf(" ");
    if (fields.hostEnd <= 0) return "no host, user and time";
    const timeBegin = this.#findTime(line);
    if (timeBegin < 0) return "no time such as [10/Oct/2000:13:55:36 -0700]";
    const userBegin = line.indexOf(" ", fields.hostEnd + 1) + 1;
    // Without a second word before the time there is no user: host, then ident alone.
    fields.userEnd = timeBegin - 2;
    fields.userBegin = Math.min(userBegin, fields.userEnd);
    const requestBegin = timeBegin + logTimeLength + 3;
    if (line.charCodeAt(requestBegin - 2) !== blank || line.charCodeAt(requestBegin - 1) !== quoteMark)
      return "no quoted request after the time";
    fields.requestBegin = requestBegin;
    const requestEnd = endOfRequest(line, requestBegin);
    if (requestEnd < 0) return "the request has no closing quote with a status after it";
    fields.requestEnd = requestEnd;
    fields.status = threeDigits(line, requestEnd + 2);
    return this.#findRest(line, requestEnd + 5);
  }

  /** Begin of the time's text: the first ` [` before a time and `] `, as user names may hold brackets. */
  #findTime(line: string): number {
    for (let at = line.indexOf(" [", this.fields.hostEnd); at >= 0; at = line.indexOf(" [", at + 1)) {
      const begin = at + 2;
      const time = this.#times.parse(line, begin);
      if (Number.isNaN(time) || line[begin + logTimeLength] !== "]") continue;
      this.fields.time = time;
      return begin;
    }
    return -1;
  }

  /** From the blank after the status: bytes, then nothing, or referrer and user agent, and what a server adds. */
  #findRest(line: string, at: number): string {
    const { fields } = this;
    fields.referrerBegin = fields.referrerEnd = fields.userAgentBegin = fields.userAgentEnd = -1;
    if (line.charCodeAt(at) !== blank) return "the line ends after its status";
    const bytesBegin = at + 1;
    let bytesEnd = line.indexOf(" ", bytesBegin);
    if (bytesEnd < 0) bytesEnd = line.length;
    fields.bytes = parseBytes(line, bytesBegin, bytesEnd);
    if (fields.bytes < -1) return "the bytes are no number";
    if (line.charCodeAt(bytesEnd + 1) !== quoteMark) return "";
    fields.referrerBegin = bytesEnd + 2;
    fields.referrerEnd = endOfQuoted(line, fields.referrerBegin);
    if (fields.referrerEnd < 0) return "the line ends before the closing quote of its referrer";
    if (line.charCodeAt(fields.referrerEnd + 1) !== blank || line.charCodeAt(fields.referrerEnd + 2) !== quoteMark)
      return "no user agent after the referrer";
    fields.userAgentBegin = fields.referrerEnd + 3;
    fields.userAgentEnd = endOfQuoted(line, fields.userAgentBegin);
    return fields.userAgentEnd < 0 ? "the line ends before the closing quote of its user agent" : "";
  }
}

/** The closing quote of a request: one that a blank and a status follow, as clients send quotes and some servers write them bare. */
function endOfRequest(line: string, begin: number): number {
  for (let at = line.indexOf('"', begin); at >= 0; at = line.indexOf('"', at + 1)) {
    if (isEscaped(line, begin, at) || line.charCodeAt(at + 1) !== blank || threeDigits(line, at + 2) < 0) continue;
    const after = line.charCodeAt(at + 5);
    if (after === blank || Number.isNaN(after)) return at;
  }
  return -1;
}

/** The closing quote of a quoted field: one before a blank or the end. */
function endOfQuoted(line: string, begin: number): number {
  for (let at = line.indexOf('"', begin); at >= 0; at = line.indexOf('"', at + 1)) {
    if (isEscaped(line, begin, at)) continue;
    const after = line.charCodeAt(at + 1);
    if (after === blank || Number.isNaN(after)) return at;
  }
  return -1;
}

function threeDigits(line: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 3; index++) {
    const digit = line.charCodeAt(index) - zero;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** -1 for `-`, -2 for no number. */
function parseBytes(line: string, begin: number, end: number): number {
  if (end - begin === 1 && line.charCodeAt(begin) === dash) return -1;
  // 15 digits stay below 2^53.
  if (begin >= end || end - begin > 15) return -2;
  let value = 0;
  for (let at = begin; at < end; at++) {
    const digit = line.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return -2;
    value = value * 10 + digit;
  }
  return value;
}
