// Codecs made of codecs: optional, tuple and object keep order; list and object of anything are for values.

import type { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { DataError } from "../data-error.ts";
import type { Codec, KeyCodec, ValueOf, WireOf } from "./codec.ts";
import { makeCodec, makeKeyCodec, refuseValue } from "./make-codec.ts";

// The element types of a tuple or object are only known to the caller; inside, each codec meets its own values.
// eslint-disable-next-line typescript/no-explicit-any
type AnyCodec = Codec<any>;
// eslint-disable-next-line typescript/no-explicit-any
type AnyKeyCodec = KeyCodec<any>;

/** A value that may be missing (`null`), which sorts before every other. */
export function optionalCodec<T, W>(codec: KeyCodec<T, W>): KeyCodec<T | null, { readonly optional: W }> {
  const encodeWith = (encode: (value: T, sink: ByteSink) => void) => (value: T | null, sink: ByteSink) => {
    sink.writeByte(value === null || value === undefined ? 0 : 1);
    if (value !== null && value !== undefined) encode(value, sink);
  };
  const decodeWith = (decode: (reader: ByteReader) => T) => (reader: ByteReader) => {
    const mark = reader.readByte();
    if (mark > 1) throw new RangeError("no optional value");
    return mark === 0 ? null : decode(reader);
  };
  return makeKeyCodec<T | null, { readonly optional: W }>(
    { optional: codec.wire },
    {
      encodeTo: encodeWith(codec.encodeTo),
      decodeFrom: decodeWith(codec.decodeFrom),
      encodePart: encodeWith(codec.encodePart),
      decodePart: decodeWith(codec.decodePart),
    },
  );
}

/** Values of a tuple of codecs. */
export type TupleOf<C extends readonly AnyKeyCodec[]> = { readonly [I in keyof C]: ValueOf<C[I]> };
/** Wire forms of a tuple of codecs. */
export type TupleWire<C extends readonly AnyKeyCodec[]> = { readonly [I in keyof C]: WireOf<C[I]> };

/** Several keys as one, ordered by the first, then the second, and so on. All parts but the last delimit themselves. */
export function tupleCodec<const C extends readonly AnyKeyCodec[]>(...parts: C): KeyCodec<TupleOf<C>, TupleWire<C>> {
  const wire = parts.map((part): unknown => part.wire);
  const last = parts.length - 1;
  const check = (value: readonly unknown[]): void => {
    if (!Array.isArray(value) || value.length !== parts.length) refuseValue(wire, value, `no array of ${parts.length}`);
  };
  const codec = makeKeyCodec<readonly unknown[], readonly unknown[]>(wire, {
    encodeTo: (value, sink) => {
      check(value);
      for (let index = 0; index < last; index++) parts[index]!.encodePart(value[index], sink);
      if (last >= 0) parts[last]!.encodeTo(value[last], sink);
    },
    decodeFrom: (reader) =>
      parts.map((part, index) => (index === last ? part.decodeFrom(reader) : part.decodePart(reader)) as unknown),
    encodePart: (value, sink) => {
      check(value);
      for (let index = 0; index <= last; index++) parts[index]!.encodePart(value[index], sink);
    },
    decodePart: (reader) => parts.map((part) => part.decodePart(reader) as unknown),
  });
  return codec as unknown as KeyCodec<TupleOf<C>, TupleWire<C>>;
}

/** Codecs by field name. */
export type CodecFields = Readonly<Record<string, AnyCodec>>;
/** Values of an object of codecs. */
export type ObjectOf<F extends CodecFields> = { readonly [N in keyof F]: ValueOf<F[N]> } & {};
/** Wire forms of an object of codecs. */
export type ObjectWire<F extends CodecFields> = { readonly [N in keyof F]: WireOf<F[N]> } & {};
/** A key codec when each field has one. */
export type ObjectCodec<F extends CodecFields> =
  F extends Readonly<Record<string, AnyKeyCodec>>
    ? KeyCodec<ObjectOf<F>, ObjectWire<F>>
    : Codec<ObjectOf<F>, ObjectWire<F>>;

/** Named fields, in the order in which they are given. @throws {DataError} E_JOB_INVALID for no field or one named `__proto__`. */
export function objectCodec<const F extends CodecFields>(fields: F): ObjectCodec<F> {
  const names = Object.keys(fields);
  if (names.length === 0)
    throw new DataError("E_JOB_INVALID", "Cannot make a codec of an object: it has no fields; give it one or more");
  if (names.includes("__proto__"))
    throw new DataError(
      "E_JOB_INVALID",
      'Cannot make a codec of an object: a field is named "__proto__"; give it another name',
    );
  const codecs = names.map((name) => fields[name]!);
  return (codecs.every(isKeyCodec) ? objectKeyCodec(names, codecs) : objectValueCodec(names, codecs)) as ObjectCodec<F>;
}

/** Whether a codec keeps order. */
export function isKeyCodec(codec: AnyCodec): codec is AnyKeyCodec {
  return "preservesOrder" in codec && codec.preservesOrder === true;
}

type Fields = Record<string, unknown>;

function wireOfFields(names: readonly string[], codecs: readonly AnyCodec[]): Fields {
  return Object.fromEntries(names.map((name, index) => [name, codecs[index]!.wire]));
}

function requireObject(wire: Fields, value: Fields): void {
  if (typeof value !== "object" || value === null) refuseValue(wire, value, "no object");
}

function objectKeyCodec(names: readonly string[], codecs: readonly AnyKeyCodec[]): KeyCodec<Fields, Fields> {
  const wire = wireOfFields(names, codecs);
  const last = names.length - 1;
  const encode = (value: Fields, sink: ByteSink, parts: number): void => {
    requireObject(wire, value);
    for (let index = 0; index < parts; index++) codecs[index]!.encodePart(value[names[index]!], sink);
    if (parts === last) codecs[last]!.encodeTo(value[names[last]!], sink);
  };
  const decode = (reader: ByteReader, parts: number): Fields => {
    const value: Fields = {};
    for (let index = 0; index < parts; index++) value[names[index]!] = codecs[index]!.decodePart(reader);
    if (parts === last) value[names[last]!] = codecs[last]!.decodeFrom(reader);
    return value;
  };
  return makeKeyCodec<Fields, Fields>(wire, {
    encodeTo: (value, sink) => encode(value, sink, last),
    decodeFrom: (reader) => decode(reader, last),
    encodePart: (value, sink) => encode(value, sink, last + 1),
    decodePart: (reader) => decode(reader, last + 1),
  });
}

function objectValueCodec(names: readonly string[], codecs: readonly AnyCodec[]): Codec<Fields, Fields> {
  const wire = wireOfFields(names, codecs);
  const nested = new ByteSink(64);
  return makeCodec<Fields, Fields>(wire, {
    encodeTo: (value, sink) => {
      requireObject(wire, value);
      for (let index = 0; index < names.length; index++) writeSized(codecs[index]!, value[names[index]!], nested, sink);
    },
    decodeFrom: (reader) => {
      const value: Fields = {};
      for (let index = 0; index < names.length; index++) value[names[index]!] = readSized(codecs[index]!, reader);
      return value;
    },
  });
}

/** Any number of items, for values. */
export function listCodec<T, W>(item: Codec<T, W>): Codec<readonly T[], readonly W[]> {
  const wire = [item.wire];
  const nested = new ByteSink(64);
  return makeCodec<readonly T[], readonly W[]>(wire, {
    encodeTo: (value, sink) => {
      if (!Array.isArray(value)) refuseValue(wire, value, "no array");
      for (let index = 0; index < value.length; index++) writeSized(item, value[index] as T, nested, sink);
    },
    decodeFrom: (reader) => {
      const items: T[] = [];
      while (!reader.done) items.push(readSized(item, reader));
      return items;
    },
  });
}

// Length first: a value codec need not know where it ends.
function writeSized<T>(codec: Codec<T>, value: T, nested: ByteSink, sink: ByteSink): void {
  nested.clear();
  codec.encodeTo(value, nested);
  sink.writeVarint(nested.length);
  sink.writeBytes(nested.bytes, 0, nested.length);
}

function readSized<T>(codec: Codec<T>, reader: ByteReader): T {
  const length = reader.readVarint();
  const start = reader.take(length);
  const outerEnd = reader.end;
  reader.at = start;
  reader.end = start + length;
  const value = codec.decodeFrom(reader);
  if (!reader.done) throw new RangeError("bytes left over in an item");
  reader.end = outerEnd;
  return value;
}
