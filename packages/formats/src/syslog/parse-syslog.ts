// Finds the fields of a syslog line, of RFC 5424 or RFC 3164: places in the text, no objects.

import { IsoTimeParser } from "../columns/iso-time.ts";
import { type Places, setMissing, setNumber, setText } from "../columns/line-record.ts";
import { type LegacyClock, LegacyTimeParser, legacyTimeLength } from "./legacy-time.ts";
import { endOfStructuredData } from "./structured-data.ts";

/** Where each column is in the places of a line. */
export const syslogColumns = {
  facility: 0,
  facilityName: 1,
  severity: 2,
  severityName: 3,
  time: 4,
  host: 5,
  app: 6,
  procId: 7,
  msgId: 8,
  structuredData: 9,
  message: 10,
} as const;

/** Columns before those of the author's own parameters of structured data. */
export const syslogColumnCount = 11;
/** Highest PRI: facility 23, severity 7. */
const priorityMax = 191;
const zero = 0x30;
const blank = 0x20;
const dash = 0x2d;
const colon = 0x3a;
const openBracket = 0x5b;
const byteOrderMark = 0xfeff;

/** Parses line after line into the places that it is given. */
export class SyslogParser {
  readonly places: Places;
  /** Columns that show a parameter of the structured data: they have its places. */
  readonly #more: number;
  readonly #legacy: LegacyTimeParser;
  readonly #iso = new IsoTimeParser();

  constructor(places: Places, clock: LegacyClock) {
    this.places = places;
    this.#more = places.length / 2 - syslogColumnCount;
    this.#legacy = new LegacyTimeParser(clock);
  }

  /**
   * @returns an empty text, or why the line is no record.
   * @see RFC 5424, section 6; RFC 3164, section 4, as daemons write it to files: without PRI, with RFC 3339 times too.
   */
  parse(line: string): string {
    const at = this.#parsePriority(line);
    if (at < 0) return "the number in <> is no priority from 0 to 191";
    if (at > 0 && isDigit(line, at)) return this.#parseModern(line, at);
    return this.#parseLegacy(line, at);
  }

  /** @returns where the rest begins, or -1. */
  #parsePriority(line: string): number {
    const { places } = this;
    if (!line.startsWith("<")) {
      for (let column = 0; column <= syslogColumns.severityName; column++) setMissing(places, column);
      return 0;
    }
    const end = line.indexOf(">");
    if (end < 2 || end > 4) return -1;
    let priority = 0;
    for (let at = 1; at < end; at++) {
      if (!isDigit(line, at)) return -1;
      priority = priority * 10 + line.charCodeAt(at) - zero;
    }
    if (priority > priorityMax) return -1;
    const facility = Math.floor(priority / 8);
    const severity = priority % 8;
    setNumber(places, syslogColumns.facility, facility);
    setNumber(places, syslogColumns.severity, severity);
    // A name is no part of the line: what it is named by stands for its place.
    setText(places, syslogColumns.facilityName, facility, facility);
    setText(places, syslogColumns.severityName, severity, severity);
    return end + 1;
  }

  /** RFC 5424, from its version on. */
  #parseModern(line: string, from: number): string {
    if (!line.startsWith("1 ", from)) return "the version after the priority is not 1";
    const timeEnd = line.indexOf(" ", from + 2);
    if (timeEnd < 0) return "the line ends before its time";
    const reason = this.#noteTime(line, from + 2, timeEnd);
    if (reason !== "") return reason;
    let at = timeEnd + 1;
    for (const column of headerWords) {
      const end = line.indexOf(" ", at);
      if (end < 0) return "the line ends inside its header";
      if (end === at) return "two blanks inside the header";
      this.#noteWord(line, column, at, end);
      at = end + 1;
    }
    const isNil = line.charCodeAt(at) === dash;
    const end = isNil ? at + 1 : endOfStructuredData(line, at);
    if (end < 0)
      return line.charCodeAt(at) === openBracket ? "the structured data does not close" : "no structured data or -";
    this.#noteData(isNil ? -1 : at, end);
    if (end === line.length) {
      setText(this.places, syslogColumns.message, end, end);
      return "";
    }
    if (line.charCodeAt(end) !== blank) return "text right behind the structured data";
    const message = line.charCodeAt(end + 1) === byteOrderMark ? end + 2 : end + 1;
    setText(this.places, syslogColumns.message, message, line.length);
    return "";
  }

  #noteTime(line: string, begin: number, end: number): string {
    if (end - begin === 1 && line.charCodeAt(begin) === dash) {
      setMissing(this.places, syslogColumns.time);
      return "";
    }
    const time = this.#iso.parse(line, begin, end);
    if (Number.isNaN(time)) return "no time such as 2026-11-25T23:00:01.123Z";
    setNumber(this.places, syslogColumns.time, time);
    return "";
  }

  #noteWord(line: string, column: number, begin: number, end: number): void {
    if (end - begin === 1 && line.charCodeAt(begin) === dash) setMissing(this.places, column);
    else setText(this.places, column, begin, end);
  }

  /** @param begin -1 for none. */
  #noteData(begin: number, end: number): void {
    const { places } = this;
    setText(places, syslogColumns.structuredData, begin, end);
    for (let index = 0; index < this.#more; index++) setText(places, syslogColumnCount + index, begin, end);
  }

  /** RFC 3164, from its time on. */
  #parseLegacy(line: string, from: number): string {
    const isIso = isDigit(line, from);
    const iso = isIso ? line.indexOf(" ", from) : -1;
    const timeEnd = isIso ? iso : from + legacyTimeLength;
    if (timeEnd < 0 || line.charCodeAt(timeEnd) !== blank) return "no time such as Nov  5 23:00:01, then a blank";
    const reason = isIso ? this.#noteTime(line, from, timeEnd) : this.#noteLegacyTime(line, from);
    if (reason !== "") return reason;
    const hostEnd = line.indexOf(" ", timeEnd + 1);
    if (hostEnd <= timeEnd + 1) return "no host and message after the time";
    this.#noteWord(line, syslogColumns.host, timeEnd + 1, hostEnd);
    setMissing(this.places, syslogColumns.msgId);
    this.#noteData(-1, 0);
    this.#noteTag(line, hostEnd + 1);
    return "";
  }

  #noteLegacyTime(line: string, at: number): string {
    const time = this.#legacy.parse(line, at);
    if (time === undefined) return "the time has no year; give syslog() a year or an until";
    if (Number.isNaN(time)) return "no time such as Nov  5 23:00:01, or no such day in its year";
    setNumber(this.places, syslogColumns.time, time);
    return "";
  }

  /** `app[123]: message`, `app: message`, or a message alone. */
  #noteTag(line: string, from: number): void {
    const { places } = this;
    let at = from;
    while (at < line.length && isTagPart(line.charCodeAt(at))) at++;
    const tagEnd = at;
    const close = line.charCodeAt(at) === openBracket ? line.indexOf("]", at) : -1;
    if (close > 0) at = close + 1;
    const isTag = tagEnd > from && line.charCodeAt(at) === colon;
    if (!isTag) {
      setMissing(places, syslogColumns.app);
      setMissing(places, syslogColumns.procId);
      setText(places, syslogColumns.message, from, line.length);
      return;
    }
    setText(places, syslogColumns.app, from, tagEnd);
    if (close > 0) setText(places, syslogColumns.procId, tagEnd + 1, close);
    else setMissing(places, syslogColumns.procId);
    const message = line.charCodeAt(at + 1) === blank ? at + 2 : at + 1;
    setText(places, syslogColumns.message, message, line.length);
  }
}

/** Words of the header of RFC 5424 after the time. */
const headerWords = [syslogColumns.host, syslogColumns.app, syslogColumns.procId, syslogColumns.msgId] as const;

function isDigit(line: string, at: number): boolean {
  const digit = line.charCodeAt(at) - zero;
  return digit >= 0 && digit <= 9;
}

/** What the name of a program may hold: anything visible but a bracket and a colon. */
function isTagPart(unit: number): boolean {
  return unit > blank && unit !== openBracket && unit !== colon;
}
