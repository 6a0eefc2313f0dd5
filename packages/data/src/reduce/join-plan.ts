// What a join of two inputs whose values are texts makes of its pairs: rows of bytes.

import type { RowsWritten } from "./row-plan.ts";

/** Which rows a join of two inputs has. */
export type JoinKind = "inner" | "left" | "right" | "outer" | "semi" | "anti";

/** How rows are made: each is a key, a text of the first input and one of the second, as far as its kind has them. */
export interface JoinPlan {
  readonly kind: JoinKind;
  /** What the values of the first input that are kept of one key may take. */
  readonly limits: {
    /** Bytes of all. */
    readonly bytesMax: number;
    /** Bytes of one beside its encoding. */
    readonly overheadBytes: number;
  };
}

/** Takes rows. Bytes are its own only until it returns. */
export interface JoinTarget {
  /** Begin a row with its key. */
  readonly begin: (key: Uint8Array, length: number) => this;
  /** Append a text to it. */
  readonly add: (bytes: Uint8Array, begin: number, end: number) => this;
  /** End it. */
  readonly end: () => void;
  /** Rows in all. */
  readonly count: number;
  /** Some lines, in order, without a line feed in any. */
  readonly rows: (bytes: Uint8Array, records: number) => void;
  /** Throws for a key of whose first input so many values were kept, and there are more than fit. */
  readonly refuse: (count: number) => never;
  /** So many pairs of all have been read. Called now and then. */
  readonly progress: (pairs: number) => void;
}

/** Write the rows of a join. @returns the keys, as they are encoded, of the first and of the last row. */
export type WriteJoin = (plan: JoinPlan, target: JoinTarget) => RowsWritten;
