// Records in which kernels find columns, and which columns those are.

/** What a kernel knows of a column: its text, or its number. */
export type ColumnContent = "text" | "number";

/** Records that kernels find columns in. */
export type RowLayout = LogLayout | JsonLayout | MetricLayout | PatternLayout;

/** The record is a line of an access log: Common or Combined Log Format. */
export interface LogLayout {
  readonly kind: "log";
  /**
   * When nginx writes the time of a request, and of its upstream or nothing, behind the user agent: whether a line without
   * is refused, or has none.
   */
  readonly times?: "required" | "optional";
}

/** The record is a JSON object of scalars, as a codec of these fields takes it. */
export interface JsonLayout {
  readonly kind: "json";
  readonly fields: readonly JsonField[];
}

/** A field of a JSON object. */
export interface JsonField {
  readonly name: string;
  readonly wire: "text" | "int" | "time" | "double" | "boolean";
  /** Whether it may be `null` or not there. */
  readonly optional: boolean;
}

/** The record is a sample of Prometheus text or OpenMetrics. */
export interface MetricLayout {
  readonly kind: "metrics";
  /** How times are written; `detect` when their numbers decide. */
  readonly timestamps: "detect" | "milliseconds" | "seconds";
  /** Labels that are columns, too. */
  readonly labels: readonly string[];
}

/** The record is a line of values with texts between them. */
export interface PatternLayout {
  readonly kind: "pattern";
  /** What stands before the first value. */
  readonly prefix: string;
  readonly steps: readonly PatternLayoutStep[];
}

/** A value, and the text behind it. */
export interface PatternLayoutStep {
  /** Empty where the value ends the line. */
  readonly literal: string;
  /**
   * How the end of the value is found: `word` at the literal, `text` at the first literal behind which the next value
   * stands, `list` at a literal that is not between parts of a list, `local` and `bracketed` behind so many characters.
   */
  readonly end: "word" | "text" | "list" | "local" | "bracketed";
  /** `unix` is seconds since 1970, `sum` that of a list, to the microsecond. */
  readonly reading: "text" | "int" | "double" | "unix" | "sum" | "local" | "iso";
  /** What a double or a time is divided by. */
  readonly by: number;
  /** Whether `-` is a missing value. */
  readonly optional: boolean;
  readonly columns: readonly PatternLayoutColumn[];
}

/** A column of a value: all of it, a part of the request line that it is, or nothing where it is `-`. */
export interface PatternLayoutColumn {
  readonly name: string;
  readonly part: "all" | "method" | "path" | "protocol" | "all-but-dash";
  readonly optional: boolean;
}

/** Columns of samples, in the order of kernels/samples-find.ts, before their labels. */
export const metricColumns: readonly (readonly [name: string, content: ColumnContent])[] = [
  ["name", "text"],
  ["series", "text"],
  ["value", "number"],
  ["time", "number"],
];

/** Columns of log lines, in the order of kernels/aggregate-log.ts. */
export const logColumns: readonly (readonly [name: string, content: ColumnContent])[] = [
  ["host", "text"],
  ["user", "text"],
  ["time", "number"],
  ["method", "text"],
  ["path", "text"],
  ["status", "number"],
  ["bytes", "number"],
  ["referrer", "text"],
  ["userAgent", "text"],
  ["requestTime", "number"],
  ["upstreamResponseTime", "number"],
];
const columnsWithoutTimes = 9;

/** Fields of a JSON object that kernels can tell apart. */
export const jsonFieldsMax = 32;

/** The columns that kernels find in records; none of a layout that is none of rows. */
export function columnsOfLayout(layout: { readonly kind: string } | undefined): ReadonlyMap<string, ColumnContent> {
  if (!isRowLayout(layout)) return new Map();
  if (layout.kind === "log")
    return new Map(layout.times === undefined ? logColumns.slice(0, columnsWithoutTimes) : logColumns);
  if (layout.kind === "pattern")
    return new Map(
      layout.steps.flatMap(({ reading, columns }) =>
        columns.map(({ name }): readonly [string, ColumnContent] => [name, reading === "text" ? "text" : "number"]),
      ),
    );
  if (layout.kind === "metrics")
    return new Map([...metricColumns, ...layout.labels.map((label) => [label, "text"] as const)]);
  return new Map(
    layout.fields.flatMap(({ name, wire }): readonly [string, ColumnContent][] =>
      wire === "boolean" ? [] : [[name, wire === "text" ? "text" : "number"]],
    ),
  );
}

const rowLayouts: ReadonlySet<string> = new Set<RowLayout["kind"]>(["log", "json", "metrics", "pattern"]);

/** Whether kernels find columns in records of a layout. */
export function isRowLayout(layout: { readonly kind: string } | undefined): layout is RowLayout {
  return layout !== undefined && rowLayouts.has(layout.kind);
}
