// Reads a side table once for each attempt: bytes of a CSV or TSV file into rows by key.

import { MillraceError, isMillraceError, quote } from "@millrace/core";
import type { ColumnForm, ExpressionValue, ScalarWire, SideRow, SideTableNode } from "@millrace/data";
import { boolean, double, int, time } from "../codec/scalar.ts";

/** Finds a row by its key. */
export type FindRow = (key: Exclude<ExpressionValue, null>) => SideRow | undefined;

/**
 * Read a side table.
 *
 * @param bytes - the file; not kept.
 * @throws {MillraceError} E_INPUT_FORMAT with the line, when the file is not what the table says.
 */
export function readSideTable(table: SideTableNode, bytes: Uint8Array): FindRow {
  const refuse = (line: number, reason: string, doThis: string): never => {
    throw new MillraceError(
      "E_INPUT_FORMAT",
      `Cannot read the side table ${quote(table.file)}, line ${line}: ${reason}; ${doThis}`,
    );
  };
  const lines = table.file.endsWith(".tsv") ? splitTsv(decode(table, bytes)) : splitCsv(decode(table, bytes), refuse);
  const [head, ...rows] = lines;
  const names = Object.keys(table.columns);
  const places = names.map((name) => head?.fields.indexOf(name) ?? -1);
  const absent = names.find((_name, index) => places[index] === -1);
  if (absent !== undefined)
    refuse(1, `it names no column ${quote(absent)}`, `begin the file with a line of names, such as ${names.join(",")}`);
  const byKey = new Map<ExpressionValue, SideRow>();
  for (const { fields, line } of rows) {
    const row: Record<string, ExpressionValue> = Object.create(null) as Record<string, ExpressionValue>;
    for (const [index, name] of names.entries()) {
      const field = fields[places[index] ?? 0];
      if (field === undefined)
        return refuse(
          line,
          `it has ${fields.length} fields, and no ${quote(name)}`,
          "give each line a field for each column",
        );
      row[name] = parseField(field, table.columns[name] as ColumnForm, (reason) =>
        refuse(line, `${quote(name)} is ${quote(field)}, ${reason}`, "mend the line, or make the column optional"),
      );
    }
    const key = row[table.key] ?? null;
    if (key === null) continue;
    if (byKey.has(key))
      refuse(line, `the ${table.key} ${quote(String(key))} stands in a line before`, "keep one line for each");
    byKey.set(key, row);
  }
  return (key) => byKey.get(key);
}

function decode(table: SideTableNode, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new MillraceError(
      "E_INPUT_FORMAT",
      `Cannot read the side table ${quote(table.file)}: its bytes are no UTF-8; write it as UTF-8`,
      { cause: thrown },
    );
  }
}

const parsers: Readonly<Record<ScalarWire, (text: string) => ExpressionValue>> = {
  text: (field) => field,
  int: int().parse,
  double: double().parse,
  boolean: boolean().parse,
  time: time().parse,
  // No column of a side table is bytes.
  bytes: () => null,
};

function parseField(field: string, form: ColumnForm, refuse: (reason: string) => never): ExpressionValue {
  if (form.optional && field === "") return null;
  try {
    return parsers[form.wire](field);
  } catch (thrown) {
    if (isMillraceError(thrown)) return refuse(`no ${form.wire}`);
    throw thrown;
  }
}

/** A line of a table and where it begins, the first being 1. */
interface TableLine {
  readonly line: number;
  readonly fields: readonly string[];
}

function splitTsv(text: string): readonly TableLine[] {
  return text
    .split(/\r?\n/u)
    .map((line, index) => ({ line: index + 1, fields: line.split("\t") }))
    .filter(({ fields }) => fields.length > 1 || fields[0] !== "");
}

/** @see RFC 4180. Empty lines are none. */
function splitCsv(text: string, refuse: (line: number, reason: string, doThis: string) => never): readonly TableLine[] {
  const lines: TableLine[] = [];
  let fields: string[] = [];
  let line = 1;
  let begin = 1;
  const endLine = (): void => {
    if (fields.length > 1 || fields[0] !== "") lines.push({ line: begin, fields });
    fields = [];
    begin = line;
  };
  // A field, quoted or not, and what ends it.
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length || fields.length > 0) {
    const match = field.exec(text);
    if (match === null)
      return refuse(
        line,
        "a quote stands inside a field that has none around it, or is never closed",
        'write a quote inside a field as "" and put quotes around the field',
      );
    const [whole, quoted, bare = "", end = ""] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? bare);
    line += whole.split("\n").length - 1;
    if (end === ",") continue;
    endLine();
    if (end === "") break;
  }
  return lines;
}
