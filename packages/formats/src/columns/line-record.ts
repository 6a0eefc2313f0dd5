// A record as a view of its line: where the text of each column stands, and numbers that were parsed to see whether the
// line is good. A text is cut out only when its column is read. Keeps the line alone, never the chunk it came from.

import { invariant } from "@millrace/core";
import type { PlannedColumn } from "./plan-columns.ts";

/**
 * The places of one line, two numbers a column: begin and end (exclusive) of a text, or 0 and a parsed number; -1 and
 * anything for a column that is missing. A parser has one and fills it for line after line.
 */
export type Places = number[];

/** Make the places of so many columns. */
export function createPlaces(count: number): Places {
  const places: Places = [];
  // A fraction first: the engine then keeps all as unboxed doubles, and a copy is one block of memory.
  for (let index = 0; index < count * 2; index++) places.push(0.5);
  return places;
}

/** Note that a column is missing. */
export function setMissing(places: Places, column: number): void {
  places[column * 2] = -1;
}

/** Note where the text of a column stands. */
export function setText(places: Places, column: number, begin: number, end: number): void {
  places[column * 2] = begin;
  places[column * 2 + 1] = end;
}

/** Note what the number, time or boolean (0 or 1) of a column is. */
export function setNumber(places: Places, column: number, value: number): void {
  places[column * 2] = 0;
  places[column * 2 + 1] = value;
}

/** Whether a line has the column. */
export function isPresent(places: Places, column: number): boolean {
  return (places[column * 2] ?? -1) >= 0;
}

/** Gives the text of a column: `line` from `begin` to `end` (exclusive) without its quotes and escapes; or null. */
export type TextOf = (line: string, begin: number, end: number) => string | null;
/** Makes the record of a line; `places` is copied. */
export type MakeRecord<R> = (line: string, places: Places) => R;

/** Base of the records of all formats that have their columns by position in a line. */
class LineRecord {
  readonly #line: string;
  readonly #places: Places;

  constructor(line: string, places: Places) {
    this.#line = line;
    this.#places = places;
  }

  /** Getters that read the columns; here, as only the class sees the line. */
  static getters<C extends PlannedColumn>(
    columns: readonly C[],
    textOf: (column: C) => TextOf,
  ): ReadonlyMap<string, () => unknown> {
    return new Map(columns.map((column) => [column.name, LineRecord.#getter(column, textOf(column))]));
  }

  static #getter(column: PlannedColumn, textOf: TextOf): () => unknown {
    const at = column.index * 2;
    if (column.kind === "text") {
      return function readText(this: LineRecord): unknown {
        const begin = this.#places[at] ?? -1;
        return begin < 0 ? null : textOf(this.#line, begin, this.#places[at + 1] ?? 0);
      };
    }
    if (column.kind === "boolean") {
      return function readBoolean(this: LineRecord): unknown {
        return (this.#places[at] ?? -1) < 0 ? null : this.#places[at + 1] === 1;
      };
    }
    return function readNumber(this: LineRecord): unknown {
      return (this.#places[at] ?? -1) < 0 ? null : this.#places[at + 1];
    };
  }
}

/**
 * Make a maker of records for these columns. A record has a lazy property for each; `JSON.stringify` sees all of them,
 * a spread none.
 */
export function createRecordMaker<R, C extends PlannedColumn = PlannedColumn>(
  columns: readonly C[],
  textOf: (column: C) => TextOf,
): MakeRecord<R> {
  const names = columns.map((column) => column.name);
  const RowRecord = class extends LineRecord {};
  for (const [name, get] of LineRecord.getters(columns, textOf)) {
    Object.defineProperty(RowRecord.prototype, name, { get, enumerable: true });
  }
  const toJSON = function toJSON(this: Readonly<Record<string, unknown>>): unknown {
    return Object.fromEntries(names.map((name) => [name, this[name]]));
  };
  Object.defineProperty(RowRecord.prototype, "toJSON", { value: toJSON });
  invariant(!names.includes("toJSON"), "no column is called as the method that shows all");
  // The type of a record is made of the author's codecs, which the getters follow.
  return (line, places) => new RowRecord(line, places.slice()) as R;
}
