// The text of a column's value, for formats that write lines of text. Refuses what the column's codec would refuse.

import { MillraceError, quote } from "@millrace/core";
import type { PlannedColumn } from "./plan-columns.ts";
import { kindNames } from "./parse-value.ts";

/**
 * Make the text of a value: numbers as JavaScript writes them, a time as ISO 8601 in UTC.
 *
 * @returns null for the missing value of an optional column.
 * @throws {MillraceError} E_VALUE_INVALID for a value that is not of the column's codec.
 */
export function valueText(format: string, column: PlannedColumn, value: unknown): string | null {
  if (value === null || value === undefined) {
    if (column.optional) return null;
    throw refused(format, column, value);
  }
  const text = textOfKind(column, value);
  if (text === undefined) throw refused(format, column, value);
  return text;
}

function textOfKind({ kind }: PlannedColumn, value: unknown): string | undefined {
  switch (kind) {
    case "text":
      return typeof value === "string" && value.isWellFormed() ? value : undefined;
    case "int":
      // Adding 0 turns −0 into 0.
      return Number.isSafeInteger(value) ? String((value as number) + 0) : undefined;
    case "double":
      return typeof value === "number" ? doubleText(value) : undefined;
    case "boolean":
      return typeof value === "boolean" ? String(value) : undefined;
    case "time":
      return Number.isSafeInteger(value) ? timeText(value as number) : undefined;
  }
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Times that ISO 8601 writes with four digits of the year. */
const yearZeroMs = -62_167_219_200_000;
const yearTenThousandMs = 253_402_300_800_000;

function timeText(ms: number): string {
  // A number of milliseconds is read back as a time too.
  if (ms < yearZeroMs || ms >= yearTenThousandMs) return String(ms);
  const text = new Date(ms).toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

function refused(format: string, { name, kind }: PlannedColumn, value: unknown): MillraceError {
  const what =
    value === null || value === undefined
      ? String(value)
      : typeof value === "string"
        ? value.isWellFormed()
          ? `the text ${quote(value)}`
          : `text with a lone surrogate, ${quote(value)}`
        : typeof value === "number"
          ? `the number ${value}`
          : `a ${typeof value}`;
  return new MillraceError(
    "E_VALUE_INVALID",
    `Cannot write the column ${quote(name)} of ${format}: it is ${what}, not ${kind === "text" ? "text" : kindNames[kind]}; emit one${value === null ? ", or make the column optional" : ""}`,
  );
}
