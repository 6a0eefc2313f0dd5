// Lines of key and value with a separator between them, as Hadoop's text jobs write and read them.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink } from "@millrace/data";
import { type Output, type Table, text } from "@millrace/sdk";
import { type InputFormat, type OutputFormat, createTable } from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";

/** A line that was read. */
export type KeyValueRecord = { readonly key: string; readonly value: string };

/** A line to write: what is no text is written as its digits, `true` or `false`. */
export type KeyValueLine = {
  readonly key: string | number | bigint | boolean;
  readonly value: string | number | bigint | boolean;
};

/** The columns of such lines. */
export type KeyValueColumns = { readonly key: ReturnType<typeof text>; readonly value: ReturnType<typeof text> };

/** Options of such lines. */
export interface KeyValueTextOptions {
  /** What stands between key and value: one character of ASCII, TAB unless given. */
  readonly separator?: string;
}

/**
 * Read and write lines `key TAB value`, as Hadoop's KeyValueTextInputFormat and TextOutputFormat do. The key ends at the
 * first separator; a line without one is a key with an empty value, and is written with the separator. Nothing is escaped:
 * a key that holds the separator, and what holds a line feed, is refused. Lines are those of `textLines()`.
 *
 * @throws {MillraceError} E_JOB_INVALID for a separator that is not one character of ASCII, or is a line feed or CR.
 * @example
 * ```ts
 * input: keyValueText({ separator: "," }),
 * map: (line, emit) => emit(line.key, Number(line.value)),
 * reduce: sum(),
 * output: keyValueText(),
 * ```
 */
export function keyValueText(
  options: KeyValueTextOptions = {},
): Table<KeyValueColumns, KeyValueRecord> & Output<KeyValueLine> {
  const separator = separatorOf(options);
  const input: InputFormat<KeyValueRecord> = {
    name: "key-value-text",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    createReader: ({ count }) => {
      const decoder = new TextDecoderOfRecords(count);
      return {
        read: (bytes, begin, end) => {
          // Not by indexOf(), which would look for it to the end of the chunk.
          let found = begin;
          while (found < end && bytes[found] !== separator) found++;
          if (found === end) return { key: decoder.decode(bytes, begin, end), value: "" };
          return { key: decoder.decode(bytes, begin, found), value: decoder.decode(bytes, found + 1, end) };
        },
        reason: () => "",
      };
    },
  };
  const output: OutputFormat<KeyValueLine> = {
    name: "key-value-text",
    extension: separator === 0x09 ? "tsv" : "txt",
    createWriter: () => ({ write: (record, sink) => writeLine(record, separator, sink) }),
  };
  const table: unknown = createTable(input, { key: text(), value: text() }, output);
  return table as Table<KeyValueColumns, KeyValueRecord> & Output<KeyValueLine>;
}

function separatorOf({ separator = "\t" }: KeyValueTextOptions): number {
  const code = separator.charCodeAt(0);
  if (separator.length === 1 && code < 128 && code !== 0x0a && code !== 0x0d) return code;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use ${quote(separator)} as a separator: it is not one character of ASCII, or ends lines; give one such as "\\t"`,
  );
}

function writeLine(record: unknown, separator: number, sink: ByteSink): void {
  if (typeof record !== "object" || record === null)
    throw new MillraceError("E_VALUE_INVALID", "Cannot write a line: it is no object; emit { key, value }");
  const { key, value } = record as Readonly<Record<string, unknown>>;
  const keyText = textOf("key", key);
  if (keyText.includes(String.fromCharCode(separator)))
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write the key ${quote(keyText)}: it holds the separator; emit another, or use another separator`,
    );
  sink.writeText(keyText);
  sink.writeByte(separator);
  sink.writeText(textOf("value", value));
  sink.writeByte(0x0a);
}

function textOf(what: string, value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value !== "string")
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write a line: its ${what} is ${value === null ? "null" : `a ${typeof value}`}; emit text, a number, true or false`,
    );
  // A CR at the end of the line would be taken for a part of its end.
  if (/\n|\r$/u.test(value) || !value.isWellFormed())
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write the ${what} ${quote(value)}: it holds a line feed, ends with CR, or is not well-formed; emit text of one line`,
    );
  return value;
}
