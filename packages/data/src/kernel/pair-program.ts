// What a kernel makes of rows that become pairs: which of them, and of which columns key, order and value are made.

import type { ColumnKey, RowCondition } from "./row-program.ts";

/** The pair of a row. None of the columns may be missing: such rows are left. */
export interface PairProgram {
  /** Rows for which they do not hold are left. */
  readonly conditions: readonly RowCondition[];
  /** The values of the key's tuple; the one text that it is, where there is an order. */
  readonly key: readonly ColumnKey[];
  readonly order?: ColumnKey;
  /** The values of the value's tuple. */
  readonly value: readonly ColumnKey[];
}

/** Names of the columns that a program reads. */
export function columnsOfPair({ conditions, key, order, value }: PairProgram): ReadonlySet<string> {
  const made = [...key, ...(order === undefined ? [] : [order]), ...value].map(({ column }) => column);
  return new Set([...made, ...conditions.flatMap((each) => ("column" in each ? [each.column] : []))]);
}
