// Logs by the pattern that the server's configuration has: nginx's `log_format`, Apache's `LogFormat`.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { PatternLayout, PatternLayoutStep } from "@millrace/data";
import {
  type Columns,
  type KeyCodec,
  type ObjectOf,
  type Table,
  boolean,
  double,
  int,
  optional,
  text,
  time,
} from "@millrace/sdk";
import { type InputFormat, createTable } from "@millrace/sdk/engine";
import { createLineReader } from "../columns/line-reader.ts";
import { type TextOf, createRecordMaker } from "../columns/line-record.ts";
import { type ColumnKind, type PlannedColumn, checkName, planColumns } from "../columns/plan-columns.ts";
import { type LogPattern, type PatternStep, compilePattern } from "./compile-pattern.ts";
import type { ColumnForm } from "./log-variables.ts";
import { type ParserStep, PatternParser } from "./parse-pattern.ts";
import type { PatternColumns } from "./pattern-columns.ts";
import { methodOf, pathOf, protocolOf } from "./request-line.ts";
import { unescapeLogText } from "./unescape-log-text.ts";

/** What an author may say beside the pattern. */
export interface LogFormatOptions<C extends Columns = Columns> {
  /** Types of columns that would be text: `{ uid: int() }` for `$uid`. */
  readonly columns?: C;
}

/**
 * Read any log by its pattern as nginx or Apache is told it. Columns are named after the variables: those that
 * `combinedLog` has too as there (`host`, `user`, `time`, `method`, `path`, `status`, `bytes`, `referrer`, `userAgent`),
 * others in camel case (`$http_x_forwarded_for` and `%{X-Forwarded-For}i` are `httpXForwardedFor`). `$request` and `%r`
 * give `method`, `path` and `protocol`; times a request took are `requestTime`, in seconds whatever the unit in the log;
 * times of upstreams are the sum of their list. `-` is `null` where the column may be missing. Of two variables with the same
 * column, such as `$time_local` and `$msec`, the first gives it. Escapes of texts are undone. A line that is not of the
 * pattern, whole, is a bad record that names the variable; an empty line is none.
 *
 * @see nginx, ngx_http_log_module and "Alphabetical index of variables"; Apache HTTP Server, mod_log_config.
 * @throws {MillraceError} E_JOB_INVALID for a pattern without variables, with an unknown directive, or with two variables
 *   between which nothing stands.
 * @example
 * ```ts
 * input: logFormat('$remote_addr [$time_iso8601] "$request" $status $request_time "$http_x_trace"'),
 * map: (hit, emit) => emit(hit.path, hit.requestTime ?? 0),
 * reduce: sum(),
 * ```
 */
export function logFormat<const P extends string, const C extends Columns = {}>(
  pattern: P,
  options: LogFormatOptions<C> = {},
): LogTable<P, C> {
  const format = planPattern(compilePattern(pattern), options.columns ?? {});
  const columns = Object.fromEntries(format.columns.map((column) => [column.name, codecOf(column)]));
  // The type is read from the same table and the same pattern; a test compares the two.
  return createTable(createInput(format), columns) as unknown as LogTable<P, C>;
}

/** A table with the columns of a pattern. */
export type LogTable<P extends string, C extends Columns> =
  PatternColumns<P, C> extends infer All extends Columns ? Table<All, ObjectOf<All>> : never;

interface PlannedPattern {
  readonly prefix: string;
  readonly steps: readonly PlannedStep[];
  readonly columns: readonly PatternColumn[];
}

interface PlannedStep extends ParserStep {
  readonly columns: readonly PatternColumn[];
}

interface PatternColumn extends PlannedColumn {
  readonly textOf: TextOf;
}

function planPattern({ prefix, steps }: LogPattern, given: Columns): PlannedPattern {
  const typed = new Map(
    (Object.keys(given).length === 0 ? [] : planColumns("log-format", given)).map((column) => [column.name, column]),
  );
  const columns = new Map<string, PatternColumn>();
  const planned = steps.map((step) => {
    const mine = columnsOfStep(step, typed, columns);
    for (const column of mine) columns.set(column.name, column);
    return planStep(step, mine, typed);
  });
  for (const name of typed.keys()) if (!columns.has(name)) throw unknownColumn(name, [...columns.keys()]);
  return { prefix, steps: planned, columns: [...columns.values()] };
}

/** Columns that a variable gives: those that no earlier one gives. */
function columnsOfStep(
  { variable, written }: PatternStep,
  typed: ReadonlyMap<string, PlannedColumn>,
  taken: ReadonlyMap<string, PatternColumn>,
): readonly PatternColumn[] {
  const forms = Object.entries(variable.columns);
  return forms
    .filter(([name]) => !taken.has(name))
    .map(([name, form], index) => {
      checkName("log-format", name);
      const own = typed.get(name);
      if (own !== undefined && forms.length > 1) {
        throw new MillraceError(
          "E_JOB_INVALID",
          `Cannot use the columns of "log-format": ${quote(name)} is a part of ${written}, which is text; leave it out`,
        );
      }
      return { ...formOf(form), ...own, name, index: taken.size + index, textOf: textOf(name, forms.length > 1) };
    });
}

function planStep(
  { written, literal, variable }: PatternStep,
  columns: readonly PatternColumn[],
  typed: ReadonlyMap<string, PlannedColumn>,
): PlannedStep {
  const [column] = columns;
  const own = column === undefined ? undefined : typed.get(column.name);
  const form = column === undefined ? undefined : variable.columns[column.name];
  // A type that says no more than whether the value may be missing leaves unit and form as they are.
  const isKnown = own === undefined || form === undefined || formOf(form).kind === own.kind;
  return {
    written,
    literal,
    end: variable.end,
    reading: isKnown ? variable.reading : own,
    columns,
    optional: columns.length === 0 || columns.some((each) => each.optional),
  };
}

function formOf(form: ColumnForm): { readonly kind: ColumnKind; readonly optional: boolean } {
  const isOptional = form.endsWith("?");
  return { kind: (isOptional ? form.slice(0, -1) : form) as ColumnKind, optional: isOptional };
}

const codecs = { text: text(), int: int(), double: double(), time: time(), boolean: boolean() } as const;

function codecOf({ kind, optional: isOptional }: PlannedColumn): Columns[string] {
  const codec = codecs[kind] as unknown as KeyCodec<unknown, ColumnKind>;
  return isOptional ? optional(codec) : codec;
}

function unknownColumn(name: string, columns: readonly string[]): MillraceError {
  return new MillraceError(
    "E_JOB_INVALID",
    `Cannot use the column ${quote(name)} of "log-format": the pattern does not give it${didYouMean(name, columns)}; it gives ${columns.map((each) => quote(each)).join(", ")}`,
  );
}

function textOf(name: string, isOfRequest: boolean): TextOf {
  if (isOfRequest && name === "method") return methodOf;
  if (isOfRequest && name === "path") return pathOf;
  if (isOfRequest && name === "protocol") return protocolOf;
  // As where they are parts of a request: empty when there is none.
  if (name === "method" || name === "path") return emptyForDash;
  return plainText;
}

function plainText(line: string, begin: number, end: number): string {
  return unescapeLogText(line.slice(begin, end));
}

function emptyForDash(line: string, begin: number, end: number): string {
  const value = plainText(line, begin, end);
  return value === "-" ? "" : value;
}

/** The same for kernels; undefined where they do not know a value. */
function layoutOf(prefix: string, steps: readonly PlannedStep[]): PatternLayout | undefined {
  const known: PatternLayoutStep[] = [];
  for (const { literal, end, reading, columns, optional: isOptional } of steps) {
    const { kind } = reading;
    if (kind === "time" || kind === "boolean") return undefined;
    known.push({
      literal,
      end,
      reading: kind,
      by: "by" in reading ? reading.by : 1,
      optional: isOptional,
      columns: columns.map((column) => ({ name: column.name, part: partOf(column), optional: column.optional })),
    });
  }
  return { kind: "pattern", prefix, steps: known };
}

function partOf({ name, textOf: of }: PatternColumn): PatternLayoutStep["columns"][number]["part"] {
  if (of === emptyForDash) return "all-but-dash";
  if (of === methodOf || of === pathOf || of === protocolOf) return name as "method" | "path" | "protocol";
  return "all";
}

function createInput({ prefix, steps, columns }: PlannedPattern): InputFormat<unknown> {
  const make = createRecordMaker(columns, (column) => column.textOf);
  const layout = layoutOf(prefix, steps);
  return {
    name: "log-format",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    ...(layout === undefined ? {} : { layout }),
    createReader: (options) => {
      const parser = new PatternParser(prefix, steps);
      return createLineReader(options, {
        parse: (line) => parser.parse(line),
        make: (line) => make(line, parser.places),
      });
    },
  };
}
