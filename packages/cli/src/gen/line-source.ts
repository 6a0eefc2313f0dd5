// What a generator of a kind of file is: something that fills a buffer with whole lines.

/** Write lines, the same for the same seed and file index on every machine. */
export interface LineSource {
  /**
   * Write whole lines into `into` from `offset` until the next might not fit into what is left.
   * @returns the new offset. `into` belongs to the caller.
   */
  fill(into: Uint8Array, offset: number): number;
  /** What stands after the last line of a file. */
  readonly end?: Uint8Array;
}

/** No generated line is longer than this, so a buffer of it always takes one. */
export const generatedLineBytesMax = 1024;
