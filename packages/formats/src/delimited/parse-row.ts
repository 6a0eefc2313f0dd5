// Finds the fields of one row of a delimited file: places in the text, no objects.

import { quote } from "@millrace/core";
import { ValueParser, kindNames } from "../columns/parse-value.ts";
import { type Places, createPlaces, setMissing, setNumber, setText } from "../columns/line-record.ts";
import type { PlannedColumn } from "../columns/plan-columns.ts";

/** What {@link RowParser.parse} gives for a row whose last quote is open: it may go on in the next line. */
export const openQuote = "a quote is open at the end of the line";

/** Parses row after row into one set of places. */
export class RowParser {
  readonly places: Places;
  readonly #columns: readonly PlannedColumn[];
  /** Code unit of the delimiter. */
  readonly #delimiterUnit: number;
  readonly #values = new ValueParser();

  /** @param delimiter one character that is neither a quote nor the end of a line. */
  constructor(columns: readonly PlannedColumn[], delimiter: string) {
    this.places = createPlaces(columns.length);
    this.#columns = columns;
    this.#delimiterUnit = delimiter.charCodeAt(0);
  }

  /**
   * Find the fields of `line`.
   *
   * @returns an empty text, or why the line is no record.
   * @see RFC 4180, section 2.
   */
  parse(line: string): string {
    const columns = this.#columns;
    let at = 0;
    for (let index = 0; index < columns.length; index++) {
      const quoted = line.charCodeAt(at) === quoteMark;
      const begin = quoted ? at + 1 : at;
      const end = quoted ? closingQuote(line, begin) : this.#endOfField(line, begin);
      const column = columns[index];
      if (column === undefined) break;
      if (end < 0)
        return quoted ? openQuote : `a quote stands in the column ${quote(column.name)}, which is not quoted`;
      const reason = this.#note(column, line, { begin, end, quoted });
      if (reason !== "") return reason;
      at = quoted ? end + 1 : end;
      if (index + 1 < columns.length) {
        if (at === line.length) return `${index + 1} ${index === 0 ? "column" : "columns"}, not ${columns.length}`;
        if (line.charCodeAt(at) !== this.#delimiterUnit)
          return `text after the closing quote of the column ${quote(column.name)}`;
        at++;
      }
    }
    if (at === line.length) return "";
    return line.charCodeAt(at) === this.#delimiterUnit
      ? `more than ${columns.length} ${columns.length === 1 ? "column" : "columns"}`
      : `text after the closing quote of the column ${quote(columns.at(-1)?.name ?? "")}`;
  }

  /** End of a field without quotes, or -1 when a quote stands in it. */
  #endOfField(line: string, begin: number): number {
    const { length } = line;
    const delimiter = this.#delimiterUnit;
    for (let at = begin; at < length; at++) {
      const unit = line.charCodeAt(at);
      if (unit === delimiter) return at;
      if (unit === quoteMark) return -1;
    }
    return length;
  }

  #note(column: PlannedColumn, line: string, field: Field): string {
    const { begin, end, quoted } = field;
    if (begin === end && !quoted && (column.optional || column.kind !== "text")) {
      setMissing(this.places, column.index);
      return column.optional ? "" : `the column ${quote(column.name)} is empty`;
    }
    if (column.kind === "text") {
      setText(this.places, column.index, begin, end);
      return "";
    }
    const value = this.#values.parse(column.kind, line, begin, end);
    if (value === undefined) return `the column ${quote(column.name)} is no ${kindNames[column.kind]}`;
    setNumber(this.places, column.index, value);
    return "";
  }
}

/** Where a field's content is. */
interface Field {
  readonly begin: number;
  readonly end: number;
  readonly quoted: boolean;
}

const quoteMark = 0x22;

/** Place of the quote that ends a quoted field, or -1: two quotes are one of the content. */
export function closingQuote(line: string, begin: number): number {
  let at = line.indexOf('"', begin);
  while (at >= 0 && line.charCodeAt(at + 1) === quoteMark) at = line.indexOf('"', at + 2);
  return at;
}

/** The content of a field: after a quote, two quotes are one. */
export function fieldText(line: string, begin: number, end: number): string {
  const text = line.slice(begin, end);
  const quoted = begin > 0 && line.charCodeAt(begin - 1) === quoteMark;
  return quoted && text.includes('"') ? text.replaceAll('""', '"') : text;
}

/** All fields of a row, however many; a row that is none is one field. For headers. */
export function splitRow(line: string, delimiter: string): readonly string[] {
  const fields: string[] = [];
  for (let at = 0; ;) {
    const quoted = line.startsWith('"', at);
    const begin = quoted ? at + 1 : at;
    const found = quoted ? closingQuote(line, begin) : line.indexOf(delimiter, begin);
    const end = found < 0 ? line.length : found;
    fields.push(fieldText(line, begin, end));
    at = quoted ? end + 1 : end;
    if (at >= line.length) return fields;
    if (!line.startsWith(delimiter, at)) return [line];
    at++;
  }
}
