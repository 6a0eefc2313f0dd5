// Results of aggregators as bytes, whatever they are: numbers, texts, lists, objects. So the groups of a top list travel
// with what they came to, a few bytes each, and not with their states.
//
// A tag byte, then: nothing (null, false, true), a double (every bit pattern of NaN is one), a varint and that many
// bytes (text as UTF-8, bytes), a varint and that many values (list), or pairs of a text and a value (object).

import type { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { readUtf8 } from "../bytes/utf8.ts";
import type { Codec } from "../codec/codec.ts";
import { makeCodec, refuseValue } from "../codec/make-codec.ts";

const tags = { null: 0, false: 1, true: 2, number: 3, text: 4, bytes: 5, list: 6, object: 7 } as const;
/** Deeper than any result; a cycle ends here. */
const depthMax = 32;

/** Any plain value; `undefined` is `null`. Properties keep their order. */
export const plainValueCodec: Codec<unknown, "plain"> = makeCodec<unknown, "plain">("plain", {
  encodeTo: (value, sink) => writePlain(value, sink, 0),
  decodeFrom: readPlain,
});

function writePlain(value: unknown, sink: ByteSink, depth: number): void {
  if (value === null || value === undefined) sink.writeByte(tags.null);
  else if (typeof value === "number") writeNumber(value, sink);
  else if (typeof value === "string") {
    sink.writeByte(tags.text);
    writeText(value, sink);
  } else if (typeof value === "boolean") sink.writeByte(value ? tags.true : tags.false);
  else if (typeof value !== "object" || depth === depthMax)
    refuseValue("plain", value, "no number, text, list or object");
  else writeCompound(value, sink, depth);
}

function writeCompound(value: object, sink: ByteSink, depth: number): void {
  if (value instanceof Uint8Array) {
    sink.writeByte(tags.bytes);
    sink.writeVarint(value.length);
    sink.writeBytes(value);
  } else if (Array.isArray(value)) {
    sink.writeByte(tags.list);
    sink.writeVarint(value.length);
    for (const item of value as readonly unknown[]) writePlain(item, sink, depth + 1);
  } else {
    const entries = Object.entries(value) as readonly (readonly [string, unknown])[];
    sink.writeByte(tags.object);
    sink.writeVarint(entries.length);
    for (const [name, item] of entries) {
      writeText(name, sink);
      writePlain(item, sink, depth + 1);
    }
  }
}

function writeNumber(value: number, sink: ByteSink): void {
  sink.writeByte(tags.number);
  if (!Number.isNaN(value)) {
    sink.writeFloat64(value);
    return;
  }
  // Of the bits of a NaN nothing is promised.
  sink.writeUint32(0x7ff8_0000);
  sink.writeUint32(0);
}

function writeText(text: string, sink: ByteSink): void {
  if (!text.isWellFormed()) refuseValue("plain", text, "a lone surrogate");
  const nested = new ByteSink(text.length * 3);
  nested.writeText(text);
  sink.writeVarint(nested.length);
  sink.writeBytes(nested.bytes, 0, nested.length);
}

function readPlain(reader: ByteReader): unknown {
  const tag = reader.readByte();
  switch (tag) {
    case tags.null:
      return null;
    case tags.false:
      return false;
    case tags.true:
      return true;
    case tags.number:
      return reader.readFloat64();
    case tags.text:
      return readText(reader);
    case tags.bytes: {
      const length = reader.readVarint();
      const from = reader.take(length);
      return reader.bytes.slice(from, from + length);
    }
    case tags.list:
      return Array.from({ length: reader.readVarint() }, () => readPlain(reader));
    case tags.object:
      // Not by assignment, with which `__proto__` would be no property.
      return Object.fromEntries(
        Array.from({ length: reader.readVarint() }, () => [readText(reader), readPlain(reader)]),
      );
    default:
      throw new RangeError(`no plain value begins with ${tag}`);
  }
}

function readText(reader: ByteReader): string {
  const length = reader.readVarint();
  const from = reader.take(length);
  return readUtf8(reader.bytes, from, from + length);
}
