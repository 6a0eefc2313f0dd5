// A range of someone's bytes, as one thing to hand on. Reused for pair after pair; it owns nothing.

/** Bytes from `start` to `end` (exclusive) of an array. */
export class ByteRange {
  bytes: Uint8Array;
  start: number;
  end: number;

  constructor(bytes: Uint8Array = new Uint8Array(0), start = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** Point elsewhere. */
  set(bytes: Uint8Array, start: number, end: number): this {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    return this;
  }

  get length(): number {
    return this.end - this.start;
  }
}
