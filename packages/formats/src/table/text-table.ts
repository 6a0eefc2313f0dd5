// Tables of text: cells with a TAB between them, one row a line. Out only.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink } from "@millrace/data";
import type { Output } from "@millrace/sdk";
import { type Fixed, type OutputFormat, createOutput } from "@millrace/sdk/engine";

/** One cell. `null` is written as `\N`. */
export type Cell = string | number | boolean | bigint | null;
/** One row. A cell may be a tuple or an object, as the key of a pair may: its cells stand side by side. */
export type TableRecord =
  | readonly Cell[]
  | { readonly [name: string]: Cell | readonly Cell[] | { readonly [name: string]: Cell } };

/**
 * Write a row for each record: an array of cells, an object (its values in the order of its properties), or the
 * `{ key, value }` of an aggregator as `key TAB value`. In a cell TAB, LF, CR and backslash become `\t`, `\n`, `\r` and
 * `\\`, and `null` is `\N`, so that a row can always be read back.
 *
 * @see PostgreSQL, COPY, "Text Format", which reads what this writes.
 * @example
 * ```ts
 * reduce: (key, values, emit) => { for (const n of values) emit([key, n]); },
 * output: textTable(),
 * ```
 */
export function textTable<T extends TableRecord = TableRecord>(): Output<Fixed<T>> {
  return createOutput<Fixed<T>>(format);
}

const format: OutputFormat<unknown> = {
  name: "text-table",
  extension: "tsv",
  rows: { kind: "table" },
  createWriter: () => ({ write: writeRow }),
};

const tab = 0x09;
const lineFeed = 0x0a;

function writeRow(record: unknown, sink: ByteSink): void {
  if (typeof record !== "object" || record === null) throw refused(record, "a row is an array of cells or an object");
  let first = true;
  for (const cell of valuesOf(record)) {
    for (const inner of typeof cell === "object" && cell !== null ? valuesOf(cell) : [cell]) {
      if (!first) sink.writeByte(tab);
      first = false;
      sink.writeText(cellText(inner));
    }
  }
  sink.writeByte(lineFeed);
}

function cellText(cell: unknown): string {
  if (typeof cell === "string") return escapeCell(cell);
  if (typeof cell === "number" || typeof cell === "boolean" || typeof cell === "bigint") return String(cell);
  if (cell === null) return "\\N";
  throw refused(cell, "a cell is text, a number, true, false or null");
}

const special = /[\t\n\r\\]/u;
const allSpecial = /[\t\n\r\\]/gu;
const escapes: ReadonlyMap<string, string> = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\\", "\\\\"],
]);

function escapeCell(cell: string): string {
  if (!cell.isWellFormed())
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write the cell ${quote(cell)}: a lone surrogate has no UTF-8; emit well-formed text`,
    );
  return special.test(cell) ? cell.replace(allSpecial, (character) => escapes.get(character) ?? character) : cell;
}

/** Values of an array or a plain object, or of what a record of a format says of itself; a Date, a Map or bytes would lose what they hold. */
function valuesOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return Object.values(value);
  const plain: unknown = "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : undefined;
  if (typeof plain === "object" && plain !== null && Object.getPrototypeOf(plain) === Object.prototype)
    return Object.values(plain);
  throw refused(value, "a cell is text, a number, true, false or null");
}

function refused(value: unknown, rule: string): MillraceError {
  const what =
    value === null
      ? "null"
      : value === undefined
        ? "undefined"
        : Array.isArray(value)
          ? "an array"
          : typeof value === "object"
            ? "an object"
            : `a ${typeof value}`;
  return new MillraceError("E_VALUE_INVALID", `Cannot write ${what} to a table: ${rule}; emit one`);
}
