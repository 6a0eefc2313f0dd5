// Where the columns of a record lie in its bytes, said in data: kernels then find them without the format's reader, which
// remains what the format means and takes the records that kernels leave.

import type { RowLayout } from "@millrace/data";

/** How the bytes of one record are made. */
export type RecordLayout = LineLayout | PairLayout | RowLayout;

/** The record is a text: all of its bytes, as UTF-8. */
export interface LineLayout {
  readonly kind: "line";
}

/** The record is `{ key, value }`, both bytes of these lengths: one behind the other. */
export interface PairLayout {
  readonly kind: "pair";
  readonly keyBytes: number;
  readonly valueBytes: number;
}
