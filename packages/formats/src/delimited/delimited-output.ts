// Writes delimited files: a header at the begin of each, and what needs quotes in quotes.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink } from "@millrace/data";
import type { OutputFormat } from "@millrace/sdk/engine";
import type { PlannedColumn } from "../columns/plan-columns.ts";
import { valueText } from "../columns/value-text.ts";
import type { DelimitedFormat } from "./delimited-format.ts";

/** Make the engine's side of a delimited output. */
export function createDelimitedOutput(format: DelimitedFormat): OutputFormat<unknown> {
  const row = new RowWriter(format);
  return {
    name: format.name,
    extension: format.name,
    createWriter: () => ({
      ...(format.header ? { begin: (sink: ByteSink) => row.writeHeader(sink) } : {}),
      write: (record, sink) => row.write(record, sink),
    }),
  };
}

const lineFeed = 0x0a;
const quoteMark = 0x22;

/** Writes rows. Keeps nothing between them. */
class RowWriter {
  readonly #format: DelimitedFormat;
  readonly #delimiter: number | string;

  constructor(format: DelimitedFormat) {
    this.#format = format;
    const code = format.delimiter.charCodeAt(0);
    this.#delimiter = code < 0x80 ? code : format.delimiter;
  }

  writeHeader(sink: ByteSink): void {
    for (const { name, index } of this.#format.columns) {
      if (index > 0) this.#writeDelimiter(sink);
      this.#writeField(name, sink);
    }
    sink.writeByte(lineFeed);
  }

  write(record: unknown, sink: ByteSink): void {
    if (typeof record !== "object" || record === null) {
      throw new MillraceError(
        "E_VALUE_INVALID",
        `Cannot write ${record === null ? "null" : `a ${typeof record}`} as ${this.#format.name}: a row is an object with the columns as properties; emit one`,
      );
    }
    const row = record as Readonly<Record<string, unknown>>;
    for (const column of this.#format.columns) {
      if (column.index > 0) this.#writeDelimiter(sink);
      this.#writeValue(column, row[column.name], sink);
    }
    sink.writeByte(lineFeed);
  }

  #writeDelimiter(sink: ByteSink): void {
    if (typeof this.#delimiter === "number") sink.writeByte(this.#delimiter);
    else sink.writeText(this.#delimiter);
  }

  #writeValue(column: PlannedColumn, value: unknown, sink: ByteSink): void {
    const text = valueText(this.#format.name, column, value);
    // Nothing between two delimiters is a missing value; the empty text of a column that knows both is in quotes.
    if (text === null) return;
    if (text === "" && column.optional) sink.writeText('""');
    else this.#writeField(text, sink);
  }

  #writeField(text: string, sink: ByteSink): void {
    if (!text.includes(this.#format.delimiter) && !special.test(text)) {
      sink.writeText(text);
      return;
    }
    if (text.includes("\n") && !this.#format.quotedNewlines) {
      throw new MillraceError(
        "E_VALUE_INVALID",
        `Cannot write ${quote(text)} as ${this.#format.name}: it holds a line break, which the format would not read back; set quotedNewlines, or remove it`,
      );
    }
    sink.writeByte(quoteMark);
    sink.writeText(text.replaceAll('"', '""'));
    sink.writeByte(quoteMark);
  }
}

/** What must be in quotes whatever the delimiter is: a quote, a line break, and what would be a byte order mark. */
const special = /["\r\n]|^\uFEFF/u;
