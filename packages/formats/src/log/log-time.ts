// The time of an access log: `10/Oct/2000:13:55:36 -0700`. One text prefix a minute is parsed, the rest is looked up.

import { monthNumbers, twoDigits } from "../columns/digits.ts";

/** Characters of a time without its offset, and with it. */
const stampLength = 20;
/** Length of the text that {@link LogTimeParser.parse} reads. */
export const logTimeLength = 26;
const minuteLength = 17;
/** Offsets lie between -12:00 and +14:00; beyond 15 hours it is no time. */
const offsetMinutesMax = 15 * 60;

/** Parses times; lines of a log mostly share the minute of the line before. */
export class LogTimeParser {
  /** `10/Oct/2000:13:55` of the last time, and what it is in milliseconds without offset. */
  #minute = "";
  #minuteMs = 0;
  #zone = "";
  #zoneMs = 0;

  /**
   * Parse the time at `at`.
   *
   * @returns milliseconds since 1970, or NaN when there is none. A 60th second is the next one.
   * @see Apache HTTP Server, mod_log_config, `%t`; strftime's `%d/%b/%Y:%H:%M:%S %z`.
   */
  parse(line: string, at: number): number {
    if (!line.startsWith(this.#minute, at) || this.#minute === "") {
      const minuteMs = parseMinute(line, at);
      if (minuteMs === undefined) return Number.NaN;
      this.#minute = line.slice(at, at + minuteLength);
      this.#minuteMs = minuteMs;
    }
    const seconds = twoDigits(line, at + minuteLength + 1);
    if (
      line.charCodeAt(at + minuteLength) !== colon ||
      seconds < 0 ||
      seconds > 60 ||
      line.charCodeAt(at + stampLength) !== blank
    )
      return Number.NaN;
    if (!line.startsWith(this.#zone, at + stampLength + 1) || this.#zone === "") {
      const zoneMs = parseZone(line, at + stampLength + 1);
      if (zoneMs === undefined) return Number.NaN;
      this.#zone = line.slice(at + stampLength + 1, at + logTimeLength);
      this.#zoneMs = zoneMs;
    }
    return this.#minuteMs + seconds * 1000 - this.#zoneMs;
  }
}

const colon = 0x3a;
const slash = 0x2f;
const blank = 0x20;

function parseMinute(line: string, at: number): number | undefined {
  const day = twoDigits(line, at);
  const month = monthNumbers.get(line.slice(at + 3, at + 6));
  const century = twoDigits(line, at + 7);
  const year = twoDigits(line, at + 9);
  const hour = twoDigits(line, at + 12);
  const minute = twoDigits(line, at + 15);
  const marks =
    line.charCodeAt(at + 2) === slash &&
    line.charCodeAt(at + 6) === slash &&
    line.charCodeAt(at + 11) === colon &&
    line.charCodeAt(at + 14) === colon;
  if (!marks || month === undefined || century < 0 || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return undefined;
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999. A day that the month does not have moves the month.
  date.setUTCFullYear(century * 100 + year, month, day);
  if (day < 1 || date.getUTCMonth() !== month) return undefined;
  return date.getTime() + (hour * 60 + minute) * 60_000;
}

function parseZone(line: string, at: number): number | undefined {
  const sign = line[at];
  const hours = twoDigits(line, at + 1);
  const minutes = twoDigits(line, at + 3);
  const offset = hours * 60 + minutes;
  if ((sign !== "+" && sign !== "-") || hours < 0 || minutes < 0 || minutes > 59 || offset > offsetMinutesMax)
    return undefined;
  return (sign === "-" ? -offset : offset) * 60_000;
}
