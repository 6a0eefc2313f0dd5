// What maps a batch of records at once, by kernels.

import type { RecordBatch } from "../split/split-reader.ts";

/** Maps many records at once. What it leaves is mapped by the function that it stands for, record by record. */
export interface BatchStep {
  /**
   * Map records of a batch from `first` on, of which there is one or more.
   *
   * @returns the first record that was not mapped, `batch.count` when all were.
   */
  readonly mapFrom: (batch: RecordBatch, first: number) => number;
}
