// RFC 3339 times in log lines: `2026-11-25T23:00:01.123456Z`. One text prefix a minute is parsed, the rest is looked up.

import { twoDigits } from "./digits.ts";

/** Characters of a date, and of a date with hours and minutes. */
const dateLength = 10;
const minuteLength = 16;
const zero = 0x30;
const colon = 0x3a;
const dot = 0x2e;
const comma = 0x2c;
const blank = 0x20;
const upperT = 0x54;
const lowerT = 0x74;
const upperZ = 0x5a;
const lowerZ = 0x7a;
const plus = 0x2b;
const minus = 0x2d;

/** Parses times; lines of a log mostly share the minute of the line before. */
export class IsoTimeParser {
  /** `2026-11-25T23:00` of the last time, and what it is in milliseconds without offset. */
  #minute = "";
  #minuteMs = 0;

  /**
   * Parse the time from `begin` to `limit` (exclusive): a date, then `T` or a blank, hours, minutes, seconds, a fraction
   * and an offset; UTC where no offset is given; a date alone is its midnight. Digits below a millisecond are cut. A 60th
   * second is the next one.
   *
   * @returns milliseconds since 1970, or NaN when the text is no time.
   * @see RFC 3339, section 5.6.
   */
  parse(line: string, begin: number, limit: number): number {
    if (limit - begin === dateLength) return parseDate(line, begin);
    if (limit - begin < minuteLength) return Number.NaN;
    if (this.#minute === "" || !line.startsWith(this.#minute, begin)) {
      const minuteMs = parseMinute(line, begin);
      if (Number.isNaN(minuteMs)) return Number.NaN;
      this.#minute = line.slice(begin, begin + minuteLength);
      this.#minuteMs = minuteMs;
    }
    let at = begin + minuteLength;
    if (at === limit || line.charCodeAt(at) !== colon) return this.#minuteMs - zoneMs(line, at, limit);
    const seconds = twoDigits(line, at + 1);
    if (seconds < 0 || seconds > 60 || at + 3 > limit) return Number.NaN;
    at += 3;
    let ms = this.#minuteMs + seconds * 1000;
    const mark = at < limit ? line.charCodeAt(at) : 0;
    if (mark === dot || mark === comma) {
      const digits = digitsEnd(line, at + 1, limit);
      if (digits === at + 1 || digits > at + 10) return Number.NaN;
      ms += milliseconds(line, at + 1, digits);
      at = digits;
    }
    return ms - zoneMs(line, at, limit);
  }
}

function parseDate(line: string, at: number): number {
  const century = twoDigits(line, at);
  const year = twoDigits(line, at + 2);
  const month = twoDigits(line, at + 5);
  const day = twoDigits(line, at + 8);
  const dashes = line.charCodeAt(at + 4) === minus && line.charCodeAt(at + 7) === minus;
  if (!dashes || century < 0 || year < 0 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999. A day that the month does not have moves the month.
  date.setUTCFullYear(century * 100 + year, month - 1, day);
  return date.getUTCMonth() === month - 1 ? date.getTime() : Number.NaN;
}

function parseMinute(line: string, at: number): number {
  const between = line.charCodeAt(at + dateLength);
  const hour = twoDigits(line, at + 11);
  const minute = twoDigits(line, at + 14);
  const marks = (between === upperT || between === lowerT || between === blank) && line.charCodeAt(at + 13) === colon;
  if (!marks || hour < 0 || hour > 23 || minute < 0 || minute > 59) return Number.NaN;
  return parseDate(line, at) + (hour * 60 + minute) * 60_000;
}

function digitsEnd(line: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const digit = line.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) break;
    at++;
  }
  return at;
}

/** The first three digits of a fraction. */
function milliseconds(line: string, begin: number, end: number): number {
  let value = 0;
  for (let index = 0; index < 3; index++) {
    value = value * 10 + (begin + index < end ? line.charCodeAt(begin + index) - zero : 0);
  }
  return value;
}

/** The offset that fills the rest, as milliseconds; NaN when the rest is none. */
function zoneMs(line: string, at: number, limit: number): number {
  if (at === limit) return 0;
  const sign = line.charCodeAt(at);
  if (sign === upperZ || sign === lowerZ) return at + 1 === limit ? 0 : Number.NaN;
  if (sign !== plus && sign !== minus) return Number.NaN;
  const hours = twoDigits(line, at + 1);
  const minutesAt = line.charCodeAt(at + 3) === colon ? at + 4 : at + 3;
  const minutes = twoDigits(line, minutesAt);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || minutesAt + 2 !== limit) return Number.NaN;
  return (sign === minus ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Parse an offset such as `Z`, `+02:00` or `-0330`. @returns milliseconds that its clock is ahead of UTC, or undefined. */
export function parseOffset(text: string): number | undefined {
  const ms = text === "" ? Number.NaN : zoneMs(text, 0, text.length);
  return Number.isNaN(ms) ? undefined : ms;
}
