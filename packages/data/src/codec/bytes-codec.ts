// Byte arrays as keys and values. Inside a tuple a zero byte becomes 00 FF and 00 01 ends the part, so that a part's
// end sorts before every further byte of a longer one.

import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import type { KeyCodec } from "./codec.ts";
import { makeKeyCodec, refuseValue } from "./make-codec.ts";

const zero = 0x00;
const escaped = 0xff;
const endOfPart = 0x01;

/** Append `source` in its self-delimiting form. */
export function writeEscaped(sink: ByteSink, source: Uint8Array, start: number, end: number): void {
  let at = sink.reserve((end - start) * 2 + 2);
  const target = sink.bytes;
  for (let from = start; from < end; from++) {
    const byte = source[from]!;
    target[at++] = byte;
    if (byte === zero) target[at++] = escaped;
  }
  target[at++] = zero;
  target[at++] = endOfPart;
  sink.length = at;
}

/**
 * Read one self-delimiting part.
 *
 * @returns the part's bytes as a range of `reader.bytes` when it has no zero byte, else as an array of its own.
 */
export function readEscaped(reader: ByteReader): {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
} {
  const { bytes, at: start, end } = reader;
  let escapes = 0;
  let at = start;
  for (;;) {
    if (at + 1 >= end) throw new RangeError("part without end");
    if (bytes[at] !== zero) {
      at++;
      continue;
    }
    const mark = bytes[at + 1];
    if (mark === endOfPart) break;
    if (mark !== escaped) throw new RangeError("bad escape in part");
    escapes++;
    at += 2;
  }
  reader.at = at + 2;
  if (escapes === 0) return { bytes, start, end: at };
  const plain = new Uint8Array(at - start - escapes);
  for (let from = start, to = 0; from < at; from++, to++) {
    plain[to] = bytes[from]!;
    if (bytes[from] === zero) from++;
  }
  return { bytes: plain, start: 0, end: plain.length };
}

function requireBytes(value: Uint8Array): void {
  if (!(value instanceof Uint8Array)) refuseValue("bytes", value, "no Uint8Array");
}

/** Bytes as they are, in unsigned byte order. Decoded arrays are copies owned by the caller. */
export const bytesCodec: KeyCodec<Uint8Array, "bytes"> = makeKeyCodec("bytes", {
  encodeTo: (value, sink) => {
    requireBytes(value);
    sink.writeBytes(value);
  },
  decodeFrom: (reader) => {
    const start = reader.at;
    reader.at = reader.end;
    return reader.bytes.slice(start, reader.end);
  },
  encodePart: (value, sink) => {
    requireBytes(value);
    writeEscaped(sink, value, 0, value.length);
  },
  decodePart: (reader) => {
    const part = readEscaped(reader);
    return part.bytes.slice(part.start, part.end);
  },
});
