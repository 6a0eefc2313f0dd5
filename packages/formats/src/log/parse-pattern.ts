// Finds the values of a line by the steps of a log pattern: places in the text, no objects.

import { type Places, createPlaces, setMissing, setNumber, setText } from "../columns/line-record.ts";
import { isEscaped } from "../columns/is-escaped.ts";
import { ValueParser } from "../columns/parse-value.ts";
import { type ColumnKind, type PlannedColumn } from "../columns/plan-columns.ts";
import { LogTimeParser, logTimeLength } from "./log-time.ts";
import { endOfList, isEmptyList, sumOfList } from "./number-list.ts";
import type { ValueEnd, ValueReading } from "./log-variables.ts";

/** A step with the columns that it fills; none for a variable whose columns an earlier one fills. */
export interface ParserStep {
  /** As the pattern has it. */
  readonly written: string;
  /** What follows the value; empty at the end of the line. */
  readonly literal: string;
  readonly end: ValueEnd;
  /** A kind of column is a type that the author gave. */
  readonly reading: ValueReading | { readonly kind: ColumnKind };
  readonly columns: readonly PlannedColumn[];
  /** Whether `-` is a missing value. */
  readonly optional: boolean;
}

/** Characters in which a number ends when one stands there, and a list of several. */
const lookAheadUnits = 128;
const dash = 0x2d;
const quoteMark = 0x22;

/** Parses line after line into one set of places. */
export class PatternParser {
  readonly places: Places;
  readonly #prefix: string;
  readonly #steps: readonly ParserStep[];
  readonly #values = new ValueParser();
  readonly #times = new LogTimeParser();
  /** The place of the time that was parsed last in this line, and what it is: looking ahead and taking it is one parse. */
  #timeAt = -1;
  #time = 0;

  constructor(prefix: string, steps: readonly ParserStep[]) {
    this.#prefix = prefix;
    this.#steps = steps;
    this.places = createPlaces(steps.reduce((count, step) => count + step.columns.length, 0));
  }

  /** @returns an empty text, or why the line is no record. */
  parse(line: string): string {
    this.#timeAt = -1;
    if (!line.startsWith(this.#prefix)) return "the line does not begin as the pattern does";
    let at = this.#prefix.length;
    for (let index = 0; index < this.#steps.length; index++) {
      const step = this.#steps[index];
      if (step === undefined) break;
      const end = this.#endOf(step, index, line, at);
      if (end < 0) return `no ${step.written} where the pattern has it`;
      if (!this.#note(step, line, at, end)) return `${step.written} is no ${nameOf(step.reading.kind)}`;
      at = end + step.literal.length;
    }
    return at === line.length ? "" : "the line goes on where the pattern ends";
  }

  /** End of the value at `at`, with its literal behind it, or -1. */
  #endOf(step: ParserStep, index: number, line: string, at: number): number {
    switch (step.end) {
      case "local":
        return followedBy(line, at + logTimeLength, step.literal);
      case "bracketed":
        return followedBy(line, at + logTimeLength + 2, step.literal);
      case "word": {
        // A word that ends the line has no blank in it: what is behind one is too much.
        const end = step.literal === "" ? endOfWord(line, at) : line.indexOf(step.literal, at);
        return end > at ? end : -1;
      }
      case "list":
        return endOfList(line, at, step.literal);
      case "text":
        return this.#endOfText(step, index, line, at);
    }
  }

  /**
   * The first place of the literal that is not escaped and has behind it what the pattern goes on with; if there is none,
   * the first at all, so that the value behind it is the one that is told.
   */
  #endOfText({ literal }: ParserStep, index: number, line: string, at: number): number {
    if (literal === "") return line.length;
    const next = this.#steps[index + 1];
    let first = -1;
    for (let end = line.indexOf(literal, at); end >= 0; end = line.indexOf(literal, end + 1)) {
      if (line.charCodeAt(end) === quoteMark && isEscaped(line, at, end)) continue;
      const after = end + literal.length;
      if (next === undefined ? after === line.length : this.#fits(next, index + 1, line, after)) return end;
      if (first < 0) first = end;
    }
    return first;
  }

  /** Whether a value of this step stands at `at`. Texts do everywhere. */
  #fits(step: ParserStep, index: number, line: string, at: number): boolean {
    if (step.reading.kind === "text") return true;
    if (step.reading.kind === "local") {
      return this.#endOf(step, index, line, at) >= 0 && this.#valueOf(step, line, at, at) !== undefined;
    }
    // Only so far: else each of many places would be looked at to the end of the line.
    const ahead = line.slice(at, at + lookAheadUnits);
    const end = this.#endOf(step, index, ahead, 0);
    if (end < 0) return false;
    return isMissing(step, ahead, 0, end) || this.#valueOf(step, ahead, 0, end) !== undefined;
  }

  #note(step: ParserStep, line: string, begin: number, end: number): boolean {
    const { columns } = step;
    if (columns.length === 0) return true;
    if (isMissing(step, line, begin, end)) {
      for (const column of columns) setAbsent(this.places, column, begin, end);
      return true;
    }
    if (step.reading.kind === "text") {
      for (const column of columns) setText(this.places, column.index, begin, end);
      return true;
    }
    const value = this.#valueOf(step, line, begin, end);
    if (value === undefined) return false;
    for (const column of columns) setNumber(this.places, column.index, value);
    return true;
  }

  /** The number of a value; undefined for a text that is none, any number for a text. */
  #valueOf({ reading, end: kind }: ParserStep, line: string, begin: number, end: number): number | undefined {
    switch (reading.kind) {
      case "text":
        return 0;
      case "local":
        return this.#localTime(line, begin, kind === "bracketed");
      case "iso":
        return this.#values.parse("time", line, begin, end);
      case "sum":
        return sumOfList(line, begin, end);
      case "unix": {
        const value = this.#values.parse("double", line, begin, end);
        if (value === undefined) return undefined;
        const ms = Math.floor((value * 1000) / reading.by + 0.0005);
        return Number.isSafeInteger(ms) ? ms : undefined;
      }
      case "double": {
        const value = this.#values.parse("double", line, begin, end);
        return value === undefined ? undefined : value / ("by" in reading ? reading.by : 1);
      }
      case "int":
      case "time":
      case "boolean":
        return this.#values.parse(reading.kind, line, begin, end);
    }
  }

  #localTime(line: string, begin: number, bracketed: boolean): number | undefined {
    if (bracketed && (line[begin] !== "[" || line[begin + logTimeLength + 1] !== "]")) return undefined;
    if (this.#timeAt !== begin) {
      this.#timeAt = begin;
      this.#time = this.#times.parse(line, bracketed ? begin + 1 : begin);
    }
    return Number.isNaN(this.#time) ? undefined : this.#time;
  }
}

/** A line's `-` for a value that is not there. A list is missing when it has nothing else. */
function isMissing({ optional, reading }: ParserStep, line: string, begin: number, end: number): boolean {
  if (!optional) return false;
  if (begin === end) return reading.kind !== "text";
  return reading.kind === "sum" ? isEmptyList(line, begin, end) : end - begin === 1 && line.charCodeAt(begin) === dash;
}

function setAbsent(places: Places, column: PlannedColumn, begin: number, end: number): void {
  if (column.optional) setMissing(places, column.index);
  else setText(places, column.index, begin, end);
}

function followedBy(line: string, end: number, literal: string): number {
  return end <= line.length && line.startsWith(literal, end) ? end : -1;
}

function endOfWord(line: string, at: number): number {
  const end = line.indexOf(" ", at);
  return end < 0 ? line.length : end;
}

function nameOf(kind: ParserStep["reading"]["kind"]): string {
  if (kind === "int") return "whole number";
  if (kind === "iso" || kind === "local" || kind === "unix" || kind === "time") return "time";
  return kind === "boolean" ? "boolean" : "number";
}
