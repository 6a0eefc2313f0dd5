// Columns that kernels find in records.

/** What a kernel knows of a column: its text, or its number. */
export type ColumnContent = "text" | "number";

/** The columns of lines in Combined and Common Log Format, in the order of kernels/aggregate-log.ts. */
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
];

/** The same and those of times behind them, as nginx writes them. */
export const timedLogColumns: typeof logColumns = [
  ...logColumns,
  ["requestTime", "number"],
  ["upstreamResponseTime", "number"],
];
