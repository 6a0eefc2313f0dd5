// A place in an array of bytes, moved by decoders. Every read is checked against the end, so that damaged bytes give
// an error and never bytes from beyond.

/** Read bytes in order. Reused: {@link ByteReader.reset} points it at other bytes. */
export class ByteReader {
  bytes: Uint8Array;
  /** The next byte to read. */
  at: number;
  /** Exclusive. */
  end: number;
  #view: DataView;

  constructor(bytes: Uint8Array = new Uint8Array(0), at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Point at other bytes; they stay the caller's and are never kept longer than until the next reset. */
  reset(bytes: Uint8Array, at: number, end: number): this {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = at;
    this.end = end;
    return this;
  }

  /** Whether every byte was read. */
  get done(): boolean {
    return this.at >= this.end;
  }

  /** Pass over `count` bytes. @returns where they begin. @throws {RangeError} when fewer are left. */
  take(count: number): number {
    const at = this.at;
    if (count < 0 || count > this.end - at) throw new RangeError(`${count} bytes wanted, ${this.end - at} left`);
    this.at = at + count;
    return at;
  }

  readByte(): number {
    return this.bytes[this.take(1)]!;
  }

  readUint32(): number {
    return this.#view.getUint32(this.take(4));
  }

  readFloat64(): number {
    return this.#view.getFloat64(this.take(8));
  }

  /** @throws {RangeError} when the digits end too early, or make more than a safe integer. */
  readVarint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const digit = this.bytes[this.take(1)]!;
      value += (digit & 0x7f) * scale;
      if (digit < 0x80) break;
      scale *= 0x80;
      if (scale > 2 ** 49) throw new RangeError("varint of more than 8 digits");
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError("varint above 2^53");
    return value;
  }
}
