// Builds codecs from their two or four essential functions.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { DataError } from "../data-error.ts";
import type { Codec, KeyCodec } from "./codec.ts";

/** What a value codec must know. */
export interface CodecParts<T> {
  readonly encodeTo: (value: T, sink: ByteSink) => void;
  readonly decodeFrom: (reader: ByteReader) => T;
}

/** What a key codec must know: also the self-delimiting form. */
export interface KeyCodecParts<T> extends CodecParts<T> {
  readonly encodePart: (value: T, sink: ByteSink) => void;
  readonly decodePart: (reader: ByteReader) => T;
}

/** Make a value codec: the convenient forms `encode` and `decode` follow from the others. */
export function makeCodec<T, const W>(wire: W, parts: CodecParts<T>): Codec<T, W> {
  const encode = (value: T): Uint8Array => {
    const sink = new ByteSink(64);
    parts.encodeTo(value, sink);
    return sink.toBytes();
  };
  const decode = (bytes: Uint8Array): T => decodeWhole(parts.decodeFrom, wire, bytes);
  return { wire, encode, decode, encodeTo: parts.encodeTo, decodeFrom: parts.decodeFrom };
}

/** Make a key codec. */
export function makeKeyCodec<T, const W>(wire: W, parts: KeyCodecParts<T>): KeyCodec<T, W> {
  return {
    ...makeCodec<T, W>(wire, parts),
    preservesOrder: true,
    encodePart: parts.encodePart,
    decodePart: parts.decodePart,
  };
}

/** Refuse a value that has no faithful bytes. @throws {DataError} E_VALUE_INVALID always. */
export function refuseValue(wire: unknown, value: unknown, reason: string): never {
  throw new DataError(
    "E_VALUE_INVALID",
    `Cannot encode a value as ${JSON.stringify(wire)}: ${reason}, ${showValue(value)}; emit a value of that type`,
  );
}

function decodeWhole<T>(decodeFrom: (reader: ByteReader) => T, wire: unknown, bytes: Uint8Array): T {
  const reader = new ByteReader(bytes);
  try {
    const value = decodeFrom(reader);
    if (!reader.done) throw new RangeError(`${reader.end - reader.at} bytes too many`);
    return value;
  } catch (thrown) {
    if (thrown instanceof DataError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : "no encoding";
    throw new DataError(
      "E_VALUE_INVALID",
      `Cannot decode ${bytes.length} bytes as ${JSON.stringify(wire)}: ${reason}; read them with the codec that wrote them`,
    );
  }
}

/** A value in a message: its type, and what it is when that is short and harmless. */
function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint" ||
    value === null ||
    value === undefined
  )
    return Object.is(value, -0) ? "-0" : String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
