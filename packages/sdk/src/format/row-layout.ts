// How the rows of an output lie in its bytes, said in data: kernels then make them without the format's writer, which
// remains what the format means and takes the records that kernels leave.

/** How the bytes of one record are made. */
export type RowLayout = PairRowLayout | LineRowLayout | TableRowLayout;

/** The record is `{ key, value }`, both bytes of these lengths: one behind the other. */
export interface PairRowLayout {
  readonly kind: "pair";
  readonly keyBytes: number;
  readonly valueBytes: number;
}

/** The record is a text, as UTF-8, with LF behind it. */
export interface LineRowLayout {
  readonly kind: "line";
}

/** The record is cells with TAB between them and LF behind: TAB, LF, CR and backslash have a backslash in texts. */
export interface TableRowLayout {
  readonly kind: "table";
}
