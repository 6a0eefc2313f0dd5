// What a delimited format is, once its options are checked.

import { MillraceError, quote } from "@millrace/core";
import type { Columns } from "@millrace/sdk";
import { type PlannedColumn, planColumns } from "../columns/plan-columns.ts";

/** A checked format. */
export interface DelimitedFormat {
  /** `csv` or `tsv`. */
  readonly name: "csv" | "tsv";
  readonly columns: readonly PlannedColumn[];
  /** One character. */
  readonly delimiter: string;
  readonly header: boolean;
  readonly quotedNewlines: boolean;
}

/** What an author may say. */
export interface DelimitedOptions<C extends Columns = Columns> {
  /** In the order of the file. */
  readonly columns: C;
  /** Whether the first line of each file names the columns, which is checked and written. Default true. */
  readonly header?: boolean;
  /** One character between fields: a comma, with `tsv` a TAB. */
  readonly delimiter?: string;
  /** Whether quoted fields may hold line breaks: then a file is read by one task, for no place in it tells whether it lies in quotes. Default false. */
  readonly quotedNewlines?: boolean;
}

/** Check an author's options. @throws {MillraceError} E_JOB_INVALID. */
export function planDelimited(name: "csv" | "tsv", options: DelimitedOptions): DelimitedFormat {
  if (typeof options !== "object" || options === null || typeof options.columns !== "object")
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot make ${name}(): it is given no columns; give them by name, as in ${name}({ columns: { id: text() } })`,
    );
  const { delimiter = name === "csv" ? "," : "\t", header = true, quotedNewlines = false } = options;
  if (delimiter.length !== 1 || '"\r\n\uFEFF'.includes(delimiter) || !delimiter.isWellFormed()) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot use ${quote(delimiter)} as the delimiter of ${name}: it is one character, and no quote or line break; use "," or ";" or "|"`,
    );
  }
  return { name, columns: planColumns(name, options.columns), delimiter, header, quotedNewlines };
}
