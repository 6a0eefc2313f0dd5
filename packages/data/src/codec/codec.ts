// What a codec is. A value has one encoding; a key's encoding keeps its order: the unsigned byte order of encodings is
// the order of keys, everywhere, in any locale.

import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";

/** Turn values into bytes and back. `wire` names the encoding as plain JSON: `"int"`, `["text", "int"]`, `{ optional: "text" }`. */
export interface Codec<in out T, out W = unknown> {
  readonly wire: W;
  /** @returns bytes owned by the caller. @throws {DataError} E_KEY_INVALID or E_VALUE_INVALID for a value without faithful bytes. */
  readonly encode: (value: T) => Uint8Array;
  /** @throws {DataError} E_VALUE_INVALID when the bytes are no encoding. */
  readonly decode: (bytes: Uint8Array) => T;
  /** Append the encoding; what the hot path calls. Nothing of `value` is kept. A throw may leave a part behind. */
  readonly encodeTo: (value: T, sink: ByteSink) => void;
  /** Read all bytes from `reader.at` to `reader.end`. Nothing of the reader's bytes is kept. @throws {RangeError} or a {@link DataError} when they are no encoding. */
  readonly decodeFrom: (reader: ByteReader) => T;
}

/** A codec whose encoding keeps the order of values and can stand inside a tuple. */
export interface KeyCodec<in out T, out W = unknown> extends Codec<T, W> {
  readonly preservesOrder: true;
  /** Append a self-delimiting form whose byte order is the same order, whatever follows it. */
  readonly encodePart: (value: T, sink: ByteSink) => void;
  /** Read one self-delimiting form and leave the reader after it. */
  readonly decodePart: (reader: ByteReader) => T;
}

/** The type of a codec's values. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;
/** The type of a codec's wire form. */
export type WireOf<C> = C extends { readonly wire: infer W } ? W : never;
