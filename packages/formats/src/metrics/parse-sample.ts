// Finds the parts of a line of Prometheus text or OpenMetrics, without cutting it up: places in the text, and the two
// numbers.

import { LabelPlaces, skipBlanks, skipMetricName } from "./label-places.ts";
import { type TimestampUnit, parseMetricTime, parseMetricValue } from "./metric-number.ts";

const tab = 0x09;
const blank = 0x20;
const hash = 0x23;
const openingBrace = 0x7b;
/** Of an exemplar's labels, names and values together (OpenMetrics 1.0, "Exemplars"). */
const exemplarCharactersMax = 128;

/** Where the parts of one line are. Reused from line to line: a record copies what it needs. */
export class SampleFields {
  nameBegin = 0;
  nameEnd = 0;
  /** Place after the opening brace; -1 without labels. */
  labelsBegin = -1;
  /** Where the series ends as it is written: after the closing brace, or the name. */
  seriesEnd = 0;
  /** Whether the series is written in its one canonical way. */
  canonical = true;
  value = 0;
  /** Milliseconds since 1970; NaN when there is none. */
  time = Number.NaN;
  /** Place after the opening brace of the exemplar's labels; -1 without exemplar. */
  exemplarBegin = -1;
  exemplarValue = 0;
  /** NaN when there is none. */
  exemplarTime = Number.NaN;
}

/** Parses line after line into one {@link SampleFields}. */
export class SampleParser {
  readonly fields = new SampleFields();
  readonly #unit: TimestampUnit;
  readonly #labels = new LabelPlaces();
  readonly #place = { begin: 0, end: 0 };

  constructor(unit: TimestampUnit) {
    this.#unit = unit;
  }

  /**
   * Find the parts of a line.
   *
   * @returns an empty text; undefined for a line that is no sample, such as a comment; or why it is a bad one.
   * @see Prometheus, "Text-based format" 0.0.4; OpenMetrics 1.0, ABNF of `sample`.
   */
  parse(line: string): string | undefined {
    const { fields } = this;
    // A byte order mark is no part of the first line.
    const begin = skipBlanks(line, line.charCodeAt(0) === 0xfeff ? 1 : 0);
    if (begin === line.length || line.charCodeAt(begin) === hash) return undefined;
    const nameEnd = skipMetricName(line, begin);
    if (nameEnd === begin) return reasonWithoutName(line, begin);
    fields.nameBegin = begin;
    fields.nameEnd = nameEnd;
    fields.labelsBegin = -1;
    fields.seriesEnd = nameEnd;
    fields.canonical = true;
    const brace = skipBlanks(line, nameEnd);
    if (line.charCodeAt(brace) !== openingBrace) return this.#parseRest(line, nameEnd);
    const reason = this.#labels.parse(line, brace + 1);
    if (reason !== "") return reason;
    fields.labelsBegin = brace + 1;
    fields.seriesEnd = this.#labels.end + 1;
    fields.canonical = brace === nameEnd && this.#labels.canonical;
    return this.#parseRest(line, fields.seriesEnd);
  }

  /** From the end of the series: value, time, exemplar. */
  #parseRest(line: string, at: number): string {
    const { fields } = this;
    fields.time = Number.NaN;
    fields.exemplarBegin = -1;
    const valueBegin = skipBlanks(line, at);
    if (valueBegin === line.length) return "no value";
    // `a{}1` may do without the blank after the brace, a name may not.
    if (valueBegin === at && at === fields.nameEnd) return "the name holds a character that names do not have";
    const valueEnd = endOfWord(line, valueBegin);
    const value = parseMetricValue(line, valueBegin, valueEnd);
    if (value === undefined) return "the value is no number";
    fields.value = value;
    let next = skipBlanks(line, valueEnd);
    if (next === line.length) return "";
    if (line.charCodeAt(next) !== hash) {
      const timeEnd = endOfWord(line, next);
      const time = this.#timeAt(line, next, timeEnd);
      if (time === undefined) return "the time is none";
      fields.time = time;
      next = skipBlanks(line, timeEnd);
      if (next === line.length) return "";
    }
    return line.charCodeAt(next) === hash ? this.#parseExemplar(line, next + 1) : "something after the time";
  }

  #parseExemplar(line: string, at: number): string {
    const { fields } = this;
    const brace = skipBlanks(line, at);
    if (line.charCodeAt(brace) !== openingBrace) return "no labels in the exemplar";
    const reason = this.#labels.parse(line, brace + 1);
    if (reason !== "") return `in the exemplar: ${reason}`;
    if (this.#labels.characters > exemplarCharactersMax)
      return `the labels of the exemplar have more than ${exemplarCharactersMax} characters`;
    const valueBegin = skipBlanks(line, this.#labels.end + 1);
    const valueEnd = endOfWord(line, valueBegin);
    const value = parseMetricValue(line, valueBegin, valueEnd);
    if (value === undefined) return "the value of the exemplar is no number";
    const timeBegin = skipBlanks(line, valueEnd);
    const timeEnd = endOfWord(line, timeBegin);
    const time = timeBegin === line.length ? Number.NaN : this.#timeAt(line, timeBegin, timeEnd);
    if (time === undefined) return "the time of the exemplar is none";
    if (skipBlanks(line, timeEnd) !== line.length) return "something after the exemplar";
    fields.exemplarBegin = brace + 1;
    fields.exemplarValue = value;
    fields.exemplarTime = time;
    return "";
  }

  #timeAt(line: string, begin: number, end: number): number | undefined {
    this.#place.begin = begin;
    this.#place.end = end;
    return parseMetricTime(line, this.#place, this.#unit);
  }
}

function reasonWithoutName(line: string, at: number): string {
  return line.charCodeAt(at) === openingBrace
    ? "a series without a name before its labels, which these formats do not have"
    : "no metric name where one must be";
}

/** Place of the next blank or tab, or the end. */
function endOfWord(line: string, begin: number): number {
  let at = begin;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === blank || code === tab) break;
  }
  return at;
}
