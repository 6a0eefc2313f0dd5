// Numbers, times and booleans from a part of a line, without cutting it out where that can be helped.

import { IsoTimeParser } from "./iso-time.ts";
import type { ColumnKind } from "./plan-columns.ts";

const zero = 0x30;
const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
/** Digits of numbers that stay below 2^53 whatever they are. */
const exactDigitsMax = 15;
/** Powers of ten that are exact doubles: a quotient of two exact doubles is rounded once. */
const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, power) => 10 ** power);

const doubleForm = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u;
const namedDoubles: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["+Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["Inf", Infinity],
  ["+Inf", Infinity],
  ["-Inf", -Infinity],
]);

/** What each kind wants, for reasons of bad records. */
export const kindNames: Readonly<Record<ColumnKind, string>> = {
  text: "text",
  int: "whole number",
  double: "number",
  boolean: "boolean",
  time: "time",
};

/**
 * Parse a whole number of decimal digits with a sign or none.
 *
 * @returns NaN when it is none, or beyond 2^53 - 1. Never −0.
 */
export function parseInteger(line: string, begin: number, end: number): number {
  const sign = line.charCodeAt(begin);
  const first = sign === minus || sign === plus ? begin + 1 : begin;
  if (first >= end) return Number.NaN;
  let value = 0;
  for (let at = first; at < end; at++) {
    const digit = line.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
    // Digits are only lost above, and it never comes back.
    if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  }
  return sign === minus ? 0 - value : value;
}

/**
 * Parse a number: digits with a sign, a fraction and an exponent, or NaN, Infinity and Inf with a sign.
 *
 * @returns undefined when it is none.
 */
export function parseDouble(line: string, begin: number, end: number): number | undefined {
  const sign = line.charCodeAt(begin);
  const first = sign === minus || sign === plus ? begin + 1 : begin;
  let value = 0;
  let point = -1;
  let at = first;
  // More digits than are exact, exponents and names go the long way.
  if (end - first > exactDigitsMax + 1 || first === end) return parseAnyDouble(line, begin, end);
  for (; at < end; at++) {
    const digit = line.charCodeAt(at) - zero;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === dot - zero && point < 0) point = at;
    else return parseAnyDouble(line, begin, end);
  }
  const digits = point < 0 ? end - first : end - first - 1;
  if (digits === 0 || digits > exactDigitsMax) return parseAnyDouble(line, begin, end);
  const magnitude = point < 0 ? value : value / (powersOfTen[end - point - 1] ?? Number.NaN);
  return sign === minus ? -magnitude : magnitude;
}

function parseAnyDouble(line: string, begin: number, end: number): number | undefined {
  const text = line.slice(begin, end);
  return doubleForm.test(text) ? Number(text) : namedDoubles.get(text);
}

/** Parses values of columns; one for each reader, as times share their minutes. */
export class ValueParser {
  readonly #times = new IsoTimeParser();

  /** @returns the number, the time in milliseconds, 0 or 1 for a boolean, or undefined when the text is none of the kind. */
  parse(kind: ColumnKind, line: string, begin: number, end: number): number | undefined {
    if (kind === "double") return parseDouble(line, begin, end);
    const value =
      kind === "int"
        ? parseInteger(line, begin, end)
        : kind === "time"
          ? this.#parseTime(line, begin, end)
          : parseBoolean(line, begin, end);
    return Number.isNaN(value) ? undefined : value;
  }

  /** ISO 8601, or milliseconds since 1970 as formats write times as numbers. */
  #parseTime(line: string, begin: number, end: number): number {
    const time = this.#times.parse(line, begin, end);
    return Number.isNaN(time) ? parseInteger(line, begin, end) : time;
  }
}

function parseBoolean(line: string, begin: number, end: number): number {
  if (end - begin === 4 && line.startsWith("true", begin)) return 1;
  return end - begin === 5 && line.startsWith("false", begin) ? 0 : Number.NaN;
}
