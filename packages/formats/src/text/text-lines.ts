// Lines of text, in and out.

import { MillraceError, quote } from "@millrace/core";
import { type Expr, type Format, text } from "@millrace/sdk";
import { type InputFormat, type OutputFormat, createTable } from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "./decode-text.ts";

const input: InputFormat<string> = {
  name: "text-lines",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  layout: { kind: "line" },
  createReader: ({ count }) => {
    const decoder = new TextDecoderOfRecords(count);
    return { read: (bytes, begin, end) => decoder.decode(bytes, begin, end), reason: () => "" };
  },
};

const output: OutputFormat<string> = {
  name: "text-lines",
  extension: "txt",
  rows: { kind: "line" },
  createWriter: () => ({
    write: (line, sink) => {
      checkLine(line);
      sink.writeText(line);
      sink.writeByte(0x0a);
    },
  }),
};

/**
 * Read and write lines of text. A line ends at LF; one CR before it is removed; a lone CR, NUL, U+2028 and a byte order
 * mark are data. A last line without LF is a line, an empty line is an empty text. Bytes that are no UTF-8 become U+FFFD
 * and count in `millrace.invalidUtf8Records`. A line that is written must be well-formed and hold no LF.
 * Its one column for aggregations is `line`.
 *
 * @example
 * ```ts
 * input: textLines(),
 * map: (line, emit) => { if (line.includes("ERROR")) emit(line); },
 * output: textLines(),
 * ```
 */
export function textLines(): Format<string> & { readonly line: Expr<"text", never> } {
  return createTable(input, { line: text() }, output, { record: "line" });
}

function checkLine(line: unknown): asserts line is string {
  if (typeof line !== "string") {
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write a line: it is ${line === null ? "null" : `a ${typeof line}`}, no text; emit a string`,
    );
  }
  if (line.includes("\n"))
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write the line ${quote(line)}: it holds a line feed; emit each line by itself`,
    );
  if (!line.isWellFormed())
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write the line ${quote(line)}: a lone surrogate has no UTF-8; emit well-formed text`,
    );
}
