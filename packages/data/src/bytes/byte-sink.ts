// A growing array of bytes that encoders write to. Reused for pair after pair: clear it, write, read `bytes` up to
// `length`. Not thread safe, and it never shrinks.

import { invariant } from "../data-error.ts";
import { writeUtf8 } from "./utf8.ts";

// Room is made for three bytes a unit: in pieces, so that 64 MiB of ASCII never asks for 192 MiB.
const textPieceUnits = 16_384;

/** Collect bytes. `bytes` is replaced when it grows: do not keep it over a write. */
export class ByteSink {
  /** The array; only the first `length` bytes are content. Owned by the sink, but for one that it was told to {@link use}. */
  bytes: Uint8Array;
  length = 0;
  #view: DataView;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Write behind the first `length` bytes of an array of someone else's; when it is full, go on in one of the sink's own. */
  use(bytes: Uint8Array, length: number): void {
    if (bytes !== this.bytes) this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.bytes = bytes;
    this.length = length;
  }

  /** Forget the content, keep the memory. */
  clear(): void {
    this.length = 0;
  }

  /** Make room for `count` more bytes. @returns where they begin; the caller writes them and moves `length`. */
  reserve(count: number): number {
    const needed = this.length + count;
    if (needed > this.bytes.length) this.#grow(needed);
    return this.length;
  }

  writeByte(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
    this.length = at + 1;
  }

  writeBytes(source: Uint8Array, start = 0, end: number = source.length): void {
    const at = this.reserve(end - start);
    this.length = at + end - start;
    if (end - start <= 16) {
      // A call of `set` costs about 30 ns; most keys and values are shorter than what that buys.
      const target = this.bytes;
      for (let from = start, to = at; from < end; from++, to++) target[to] = source[from]!;
    } else this.bytes.set(source.subarray(start, end), at);
  }

  /** Append the low 32 bits of `value`, most significant byte first. */
  writeUint32(value: number): void {
    const at = this.reserve(4);
    this.#view.setUint32(at, value);
    this.length = at + 4;
  }

  /** Append an IEEE 754 double, most significant byte first. */
  writeFloat64(value: number): void {
    const at = this.reserve(8);
    this.#view.setFloat64(at, value);
    this.length = at + 8;
  }

  /** Append a non-negative safe integer as base-128 digits, least significant first, high bit on all but the last. */
  writeVarint(value: number): void {
    const at = this.reserve(8);
    this.length = writeVarint(this.bytes, at, value);
  }

  /** Append text as UTF-8; lone surrogates become EF BF BD, so callers that must be faithful refuse them before. */
  writeText(text: string): void {
    if (text.length <= textPieceUnits) {
      const at = this.reserve(text.length * 3);
      this.length = writeUtf8(this.bytes, at, text);
      return;
    }
    for (let from = 0; from < text.length;) {
      let to = Math.min(text.length, from + textPieceUnits);
      // A pair of surrogates stays together.
      if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to--;
      this.writeText(text.slice(from, to));
      from = to;
    }
  }

  /** A copy of the content, owned by the caller. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  /** The content without a copy; valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  #grow(needed: number): void {
    invariant(Number.isSafeInteger(needed), "byte sink length is a safe integer");
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Write a varint at `at`. The array has 8 bytes of room. @returns the place after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 0x80) {
    bytes[place++] = (rest % 0x80) | 0x80;
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
  }
  bytes[place++] = rest;
  return place;
}
