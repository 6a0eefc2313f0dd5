// Reads delimited files: the header of each file, rows, and rows that go over several lines where that is asked for.

import { MillraceError, limits, quote } from "@millrace/core";
import {
  type InputFormat,
  type RecordReader,
  type RecordReaderOptions,
  badRecord,
  noRecord,
} from "@millrace/sdk/engine";
import { type MakeRecord, createRecordMaker } from "../columns/line-record.ts";
import { TextDecoderOfRecords } from "../text/decode-text.ts";
import type { DelimitedFormat } from "./delimited-format.ts";
import { RowParser, closingQuote, fieldText, openQuote, splitRow } from "./parse-row.ts";

const lineFeed = Uint8Array.of(0x0a);
const carriageReturn = 0x0d;
const byteOrderMark = 0xfeff;

/** Make the engine's side of a delimited input. */
export function createDelimitedInput<R>(format: DelimitedFormat): InputFormat<R> {
  const make = createRecordMaker<R>(format.columns, () => fieldText);
  return {
    name: format.name,
    splitting: format.quotedNewlines ? "none" : "delimiter",
    // A line that goes on in quotes keeps its CR, so the reader removes it from the last one.
    framing: { kind: "delimited", delimiter: format.quotedNewlines ? lineFeed : "line" },
    createReader: (options) => new DelimitedReader<R>(format, make, options),
  };
}

type Read<R> = R | typeof badRecord | typeof noRecord;

class DelimitedReader<R> implements RecordReader<R> {
  readonly #format: DelimitedFormat;
  readonly #decoder: TextDecoderOfRecords;
  readonly #parser: RowParser;
  readonly #make: MakeRecord<R>;
  /** The lines of a row whose quote is open, and their characters. */
  #kept: string[] = [];
  #keptUnits = 0;
  /** Lines of the file so far, where rows may go over several, and the one where the kept row begins. */
  #line = 0;
  #keptFrom = 0;
  #uri = "";
  /** Whether the next line is the first of its file. */
  #first = false;
  #reason = "";

  constructor(format: DelimitedFormat, make: MakeRecord<R>, { count }: RecordReaderOptions) {
    this.#format = format;
    this.#decoder = new TextDecoderOfRecords(count);
    this.#parser = new RowParser(format.columns, format.delimiter);
    this.#make = make;
  }

  readonly begin = (part: { readonly uri: string; readonly offset: number }): void => {
    this.#uri = part.uri;
    this.#first = part.offset === 0;
    this.#line = 0;
    this.#forget();
  };

  readonly read = (bytes: Uint8Array, begin: number, end: number): Read<R> => {
    const text = this.#decoder.decode(bytes, begin, end);
    const marked = this.#first && this.#kept.length === 0 && text.charCodeAt(0) === byteOrderMark;
    const line = marked ? text.slice(1) : text;
    return this.#format.quotedNewlines ? this.#readLine(line) : this.#readRow(line);
  };

  readonly finish = (): Read<R> => {
    if (this.#kept.length === 0) return noRecord;
    this.#forget();
    return this.#refuse("the file ends before the closing quote");
  };

  readonly reason = (): string => this.#reason;

  /** A line of a file where rows may go over several. */
  #readLine(line: string): Read<R> {
    this.#line++;
    const goesOn = staysOpen(line, this.#kept.length > 0, this.#format.delimiter);
    if (!goesOn && this.#kept.length === 0) return this.#readRow(withoutReturn(line));
    if (this.#kept.length === 0) this.#keptFrom = this.#line;
    this.#kept.push(goesOn ? line : withoutReturn(line));
    this.#keptUnits += line.length + 1;
    if (this.#keptUnits > limits.recordBytesMax) {
      // Not a bad record: where the field ends nobody knows, and the rest of it would be taken for rows.
      if (goesOn) this.#refuseFile();
      this.#forget();
      return this.#refuse(`the lines of a row have more than ${limits.recordBytesMax} characters`);
    }
    if (goesOn) return noRecord;
    const row = this.#kept.join("\n");
    this.#forget();
    return this.#readRow(row);
  }

  #readRow(line: string): Read<R> {
    const isHeader = this.#first && this.#format.header;
    this.#first = false;
    if (isHeader) {
      this.#checkHeader(line);
      return noRecord;
    }
    // With one column an empty line is a row: its only field is empty.
    if (line === "" && this.#format.columns.length > 1) return noRecord;
    const reason = this.#parser.parse(line);
    if (reason === "") return this.#make(line, this.#parser.places);
    const hint = reason === openQuote && !this.#format.quotedNewlines;
    return this.#refuse(hint ? `${reason}; set quotedNewlines when fields may hold line breaks` : reason);
  }

  #checkHeader(line: string): void {
    const { columns, delimiter, name } = this.#format;
    const given = splitRow(line, delimiter);
    const wanted = columns.map((column) => column.name);
    if (given.length === wanted.length && wanted.every((column, index) => column === given[index])) return;
    throw new MillraceError(
      "E_INPUT_FORMAT",
      `Cannot read ${quote(this.#uri)} as ${name}: its header has the columns ${listOf(given)}, the format ${listOf(wanted)}; name the file's columns in its order, or set header: false`,
    );
  }

  #refuseFile(): never {
    throw new MillraceError(
      "E_INPUT_FORMAT",
      `Cannot read ${quote(this.#uri)} as ${this.#format.name}: the row that begins in line ${this.#keptFrom} has a quote that is not closed within ${limits.recordBytesMax} characters; close it, or leave the file out`,
    );
  }

  #refuse(reason: string): typeof badRecord {
    this.#reason = reason;
    return badRecord;
  }

  #forget(): void {
    this.#kept = [];
    this.#keptUnits = 0;
  }
}

function withoutReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === carriageReturn ? line.slice(0, -1) : line;
}

/** Columns shown in a message. */
const namesMax = 20;

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, namesMax).map((name) => quote(name));
  return names.length > namesMax ? `${shown.join(", ")} and ${names.length - namesMax} more` : shown.join(", ");
}

/** Whether a quote is open at the end of a line that begins in one or outside. Looks at this line alone. */
function staysOpen(line: string, open: boolean, delimiter: string): boolean {
  let at = 0;
  let inside = open;
  for (;;) {
    if (inside) {
      const close = closingQuote(line, at);
      if (close < 0) return true;
      at = close + 1;
    }
    // A quote opens a field only where one begins; what else is wrong the parser of the row tells.
    if (!inside && line.startsWith('"', at)) {
      inside = true;
      at++;
      continue;
    }
    inside = false;
    const found = line.indexOf(delimiter, at);
    if (found < 0) return false;
    at = found + 1;
    inside = line.startsWith('"', at);
    if (inside) at++;
  }
}
