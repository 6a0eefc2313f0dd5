// Comma- and tab-separated values, in and out.

import type { Columns, ObjectOf, Output, Table } from "@millrace/sdk";
import { createTable } from "@millrace/sdk/engine";
import { type DelimitedOptions, planDelimited } from "./delimited-format.ts";
import { createDelimitedInput } from "./delimited-input.ts";
import { createDelimitedOutput } from "./delimited-output.ts";

/**
 * Read and write comma-separated values with typed columns. The first line of each file is a header that names exactly
 * these columns in this order (`header: false` for none); one that differs ends the job. Fields may stand in quotes, with
 * a quote doubled inside. An empty field is the `null` of an `optional` column and the empty text of a `text()`; `""` is
 * the empty text of both. Times are ISO 8601 or milliseconds since 1970, written as the former; `double()` takes `NaN` and `Infinity`.
 * A line that does not fit is a bad record. An empty line is no record (with a single column it is an empty field).
 *
 * A file is cut at line ends, so a line break in quotes is a bad record that says so. With `quotedNewlines: true` such
 * fields are read and written, and each file is read by a single task. A quote that is not closed within
 * 64 Mi characters ends the job.
 *
 * @see RFC 4180. Lines end in LF when written; a byte order mark at the begin of a file is skipped.
 * @throws {MillraceError} E_JOB_INVALID for a column of bytes or of several values, or for a delimiter that is none.
 * @example
 * ```ts
 * input: csv({ columns: { id: text(), country: optional(text()), since: time() } }),
 * ```
 */
export function csv<const C extends Columns>(options: DelimitedOptions<C>): Table<C> & Output<ObjectOf<C>> {
  return delimited("csv", options);
}

/**
 * Read and write tab-separated values: {@link csv} with a TAB between fields, quotes and all.
 *
 * @throws {MillraceError} E_JOB_INVALID as `csv` does.
 * @example
 * ```ts
 * input: tsv({ columns: { path: text(), hits: int() }, header: false }),
 * ```
 */
export function tsv<const C extends Columns>(options: DelimitedOptions<C>): Table<C> & Output<ObjectOf<C>> {
  return delimited("tsv", options);
}

function delimited<C extends Columns>(
  name: "csv" | "tsv",
  options: DelimitedOptions<C>,
): Table<C> & Output<ObjectOf<C>> {
  const format = planDelimited(name, options);
  return createTable(createDelimitedInput<ObjectOf<C>>(format), options.columns, createDelimitedOutput(format));
}
