// A state in a buffer of its own: where merges and reducers fold states, one key at a time, and where laws are tested.

import type { Aggregator, StateCell } from "./aggregator.ts";

/** One growing state. `limit` bounds it: beyond, {@link resize} gives false. */
export class BufferCell implements StateCell {
  bytes: Uint8Array;
  view: DataView;
  readonly offset = 0;
  length = 0;
  readonly #limit: number;

  constructor(limit: number = Number.MAX_SAFE_INTEGER, capacity = 64) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
    this.#limit = limit;
  }

  /** Make it the empty state of an aggregator. */
  clear(aggregator: Aggregator<never, unknown>): this {
    this.length = 0;
    this.resize(aggregator.stateBytes);
    this.bytes.fill(0, 0, this.length);
    return this;
  }

  resize(length: number): boolean {
    if (length > this.#limit) return false;
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    this.length = length;
    return true;
  }
}
