// Finds the pairs of a logfmt line: places in the text. Lines of a log mostly have the same keys in the same order, so
// each key is first compared with that of the line before and looked up only when it is another.

import { quote } from "@millrace/core";
import { closingQuote } from "../columns/is-escaped.ts";
import { type Places, createPlaces, isPresent, setMissing, setNumber, setText } from "../columns/line-record.ts";
import { ValueParser, kindNames } from "../columns/parse-value.ts";
import type { PlannedColumn } from "../columns/plan-columns.ts";

const blank = 0x20;
const quoteMark = 0x22;
const equalsSign = 0x3d;

/** A key that stood at some place of a line, and its column if there is one. */
interface SeenKey {
  readonly key: string;
  readonly column: PlannedColumn | undefined;
}

/** Keys remembered of a line, by place: lines of more pairs look up the rest. */
const seenKeysMax = 64;

/** Characters of a key that is remembered. */
const seenKeyUnitsMax = 128;

/** Parses line after line into one set of places. */
export class LogfmtParser {
  readonly places: Places;
  readonly #columns: readonly PlannedColumn[];
  readonly #byName: ReadonlyMap<string, PlannedColumn>;
  readonly #values = new ValueParser();
  readonly #seen: SeenKey[] = [];

  constructor(columns: readonly PlannedColumn[]) {
    this.places = createPlaces(columns.length);
    this.#columns = columns;
    this.#byName = new Map(columns.map((column) => [column.name, column]));
  }

  /** @returns an empty text, or why the line is no record. A key that stands twice counts as it stands last. */
  parse(line: string): string {
    for (let index = 0; index < this.#columns.length; index++) setMissing(this.places, index);
    let at = skipBlanks(line, 0);
    for (let pair = 0; at < line.length; pair++) {
      const keyEnd = this.#endOfKey(line, at, pair);
      if (keyEnd === at) return line.charCodeAt(at) === equalsSign ? "a value without a key" : "a quote without a key";
      const column = this.#columnOf(line, { begin: at, end: keyEnd, pair });
      const mark = line.charCodeAt(keyEnd);
      if (mark !== equalsSign) {
        if (mark === quoteMark) return "a quote inside a key";
        const reason = column === undefined ? "" : this.#noteBare(column);
        if (reason !== "") return reason;
        at = skipBlanks(line, keyEnd);
        continue;
      }
      const quoted = line.charCodeAt(keyEnd + 1) === quoteMark;
      const begin = quoted ? keyEnd + 2 : keyEnd + 1;
      const end = quoted ? closingQuote(line, begin) : endOfValue(line, begin);
      if (end < 0) return quoted ? "the line ends before the closing quote of a value" : "a quote inside a value";
      const reason = column === undefined ? "" : this.#note(column, line, { begin, end, quoted });
      if (reason !== "") return reason;
      at = quoted ? end + 1 : end;
      if (at < line.length && line.charCodeAt(at) > blank) return "text after the closing quote of a value";
      at = skipBlanks(line, at);
    }
    return this.#missing();
  }

  /** End of the key at `at`: where the same key as in the line before ends, or by its characters. */
  #endOfKey(line: string, at: number, pair: number): number {
    const seen = this.#seen[pair];
    if (seen !== undefined && line.startsWith(seen.key, at) && line.charCodeAt(at + seen.key.length) === equalsSign)
      return at + seen.key.length;
    let end = at;
    while (end < line.length) {
      const unit = line.charCodeAt(end);
      if (unit <= blank || unit === equalsSign || unit === quoteMark) break;
      end++;
    }
    return end;
  }

  #columnOf(
    line: string,
    { begin, end, pair }: { begin: number; end: number; pair: number },
  ): PlannedColumn | undefined {
    const seen = this.#seen[pair];
    if (seen !== undefined && seen.key.length === end - begin && line.startsWith(seen.key, begin)) return seen.column;
    // A copy, not a part: a key that is remembered must not keep its line.
    const key = Buffer.from(line.slice(begin, end)).toString();
    const column = this.#byName.get(key);
    if (pair < seenKeysMax && pair <= this.#seen.length && key.length <= seenKeyUnitsMax)
      this.#seen[pair] = { key, column };
    return column;
  }

  #noteBare(column: PlannedColumn): string {
    // The text of a bare key stands nowhere in the line: an end before the begin says so.
    if (column.kind === "text") setText(this.places, column.index, 1, 0);
    else if (column.kind === "boolean") setNumber(this.places, column.index, 1);
    else return `the key ${quote(column.name)} has no ${kindNames[column.kind]}`;
    return "";
  }

  #note(column: PlannedColumn, line: string, value: { begin: number; end: number; quoted: boolean }): string {
    const { begin, end, quoted } = value;
    if (begin === end && !quoted && column.optional) {
      setMissing(this.places, column.index);
      return "";
    }
    if (column.kind === "text") {
      setText(this.places, column.index, begin, end);
      return "";
    }
    const parsed = this.#values.parse(column.kind, line, begin, end);
    if (parsed === undefined) return `the value of ${quote(column.name)} is no ${kindNames[column.kind]}`;
    setNumber(this.places, column.index, parsed);
    return "";
  }

  #missing(): string {
    for (const column of this.#columns) {
      if (!column.optional && !isPresent(this.places, column.index)) return `no key ${quote(column.name)}`;
    }
    return "";
  }
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) <= blank) at++;
  return at;
}

/** End of a value without quotes, or -1 when a quote stands in it. */
function endOfValue(line: string, begin: number): number {
  let at = begin;
  for (; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit <= blank) break;
    if (unit === quoteMark) return -1;
  }
  return at;
}
