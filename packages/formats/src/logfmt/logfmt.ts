// logfmt, in and out: `level=info msg="it works" ms=12`.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink } from "@millrace/data";
import type { Columns, ObjectOf, Output, Table } from "@millrace/sdk";
import { type InputFormat, type OutputFormat, createTable } from "@millrace/sdk/engine";
import { createLineReader } from "../columns/line-reader.ts";
import { createRecordMaker } from "../columns/line-record.ts";
import { type PlannedColumn, planColumns } from "../columns/plan-columns.ts";
import { valueText } from "../columns/value-text.ts";
import { logfmtText, quoteLogfmt } from "./logfmt-text.ts";
import { LogfmtParser } from "./parse-logfmt.ts";

/**
 * Read and write logfmt: pairs of key and value with blanks between them. Columns are keys; other keys of a line are
 * passed over. A value may stand in quotes with the escapes of JSON or Go; a key without a value is `true`; a key with
 * nothing after `=`, or one that the line does not have, is the `null` of an `optional` column. A line without a key that
 * is not optional, with a number that is none, or with quotes that do not close is a bad record; an empty line is none.
 * A missing value is written as no pair.
 *
 * @see https://brandur.org/logfmt and Go's kr/logfmt, which take the same lines; a key that stands twice counts as last.
 * @throws {MillraceError} E_JOB_INVALID for a column whose name cannot be a key: with a blank, `=` or a quote in it.
 * @example
 * ```ts
 * input: logfmt({ columns: { level: text(), msg: text(), ms: optional(double()) } }),
 * ```
 */
export function logfmt<const C extends Columns>({ columns }: { readonly columns: C }): Table<C> & Output<ObjectOf<C>> {
  const plan = planColumns("logfmt", columns);
  for (const { name } of plan) checkKey(name);
  return createTable(createLogfmtInput<ObjectOf<C>>(plan), columns, createLogfmtOutput(plan));
}

function checkKey(name: string): void {
  // eslint-disable-next-line no-control-regex
  if (!/[\u0000-\u0020="]/u.test(name) && name.isWellFormed()) return;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use the columns of "logfmt": ${quote(name)} is no key, for it holds a blank, = or a quote; name the keys of the lines`,
  );
}

function createLogfmtInput<R>(plan: readonly PlannedColumn[]): InputFormat<R> {
  const makeRecord = createRecordMaker<R>(plan, () => logfmtText);
  return {
    name: "logfmt",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    createReader: (options) => {
      const parser = new LogfmtParser(plan);
      return createLineReader(options, {
        parse: (line) => parser.parse(line),
        make: (line) => makeRecord(line, parser.places),
      });
    },
  };
}

function createLogfmtOutput(plan: readonly PlannedColumn[]): OutputFormat<unknown> {
  return {
    name: "logfmt",
    extension: "log",
    createWriter: () => ({ write: (record, sink) => writePairs(plan, record, sink) }),
  };
}

const lineFeed = 0x0a;
const blank = 0x20;

function writePairs(plan: readonly PlannedColumn[], record: unknown, sink: ByteSink): void {
  if (typeof record !== "object" || record === null) {
    throw new MillraceError(
      "E_VALUE_INVALID",
      `Cannot write ${record === null ? "null" : `a ${typeof record}`} as logfmt: a line is an object with the columns as properties; emit one`,
    );
  }
  let pairs = 0;
  for (const column of plan) {
    const text = valueText("logfmt", column, (record as Readonly<Record<string, unknown>>)[column.name]);
    if (text === null) continue;
    if (pairs++ > 0) sink.writeByte(blank);
    sink.writeText(`${column.name}=${column.kind === "text" ? quoteLogfmt(text) : text}`);
  }
  // An empty line would be no record: the first key without a value stands for all that are missing.
  if (pairs === 0) sink.writeText(`${plan[0]?.name ?? ""}=`);
  sink.writeByte(lineFeed);
}
