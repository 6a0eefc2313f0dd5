// What a reduce makes of its pairs, said in data, where that is so plain that kernels make the rows of the output.

/** How the bytes of an output's rows come from the bytes of pairs. */
export type RowPlan =
  /** Each pair is a row: its key and its value, of these lengths. */
  | { readonly kind: "rows"; readonly keyBytes: number; readonly valueBytes: number }
  /**
   * Each pair, or with `once` each key, is a line: the key, which is text but for `skip` zero bytes before it, or with
   * `numbers` an optional double that is there.
   */
  | { readonly kind: "lines"; readonly skip: number; readonly once: boolean; readonly numbers?: boolean }
  /** Each key, a text, is a line of key, TAB and the aggregator's result, a cell of a table of text. */
  | { readonly kind: "sums" };

/** Takes rows, and records that no kernel makes rows of. Bytes are its own only until it returns. */
export interface RowTarget<K, V, A> {
  /** Some rows, in order. */
  readonly rows: (bytes: Uint8Array, records: number) => void;
  /** A pair, where pairs are rows. */
  readonly pair: (key: K, value: V) => void;
  /** A key with its result, where keys are rows. */
  readonly result: (key: K, result: A) => void;
  /** So many pairs of all have been read. Called now and then. */
  readonly progress: (pairs: number) => void;
}

/** What was written in all. */
export interface RowsWritten {
  /** Encoded; undefined when there was no pair. */
  readonly firstKey: Uint8Array | undefined;
  readonly lastKey: Uint8Array | undefined;
}
