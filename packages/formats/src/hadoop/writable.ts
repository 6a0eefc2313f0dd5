// Hadoop's serialised values: what a key or a value of a SequenceFile is, in bytes and here.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink, KeyCodec } from "@millrace/data";
import { bytes, int, optional, text } from "@millrace/sdk";
import type { TextDecoderOfRecords } from "../text/decode-text.ts";
import { readInt } from "./sequence-layout.ts";
import { readVariableInt, variableIntBytes, writeVariableInt } from "./variable-int.ts";

/** What the values of each class are here. */
export interface WritableValues {
  readonly Text: string;
  /** A safe integer. */
  readonly LongWritable: number;
  readonly IntWritable: number;
  readonly BytesWritable: Uint8Array;
  readonly NullWritable: null;
}

/** Classes of keys and values that are read and written, all of `org.apache.hadoop.io`. */
export type WritableName = keyof WritableValues;

/** Codec of the column that each class makes. */
export interface WritableCodecs {
  readonly Text: KeyCodec<string, "text">;
  readonly LongWritable: KeyCodec<number, "int">;
  readonly IntWritable: KeyCodec<number, "int">;
  readonly BytesWritable: KeyCodec<Uint8Array, "bytes">;
  readonly NullWritable: KeyCodec<string | null, { readonly optional: "text" }>;
}

/** Make the codec of a class's column. A column of nothing is one of missing texts. */
export const writableCodecs: { readonly [N in WritableName]: () => WritableCodecs[N] } = {
  Text: text,
  LongWritable: int,
  IntWritable: int,
  BytesWritable: bytes,
  NullWritable: () => optional(text()),
};

/** What a value cannot be read for. */
export interface NoValue {
  readonly fault: string;
}

/** One class. */
export interface Writable<T> {
  /** As headers name it. */
  readonly className: string;
  /** Make the value of `bytes[begin]` to `bytes[end]` (exclusive), all of which it must be; nothing of them is kept. */
  readonly read: (
    bytes: Uint8Array,
    range: { begin: number; end: number },
    decoder: TextDecoderOfRecords,
  ) => T | NoValue;
  /** Append a value's bytes. @throws {MillraceError} E_VALUE_INVALID. */
  readonly write: (value: unknown, sink: ByteSink) => void;
}

/** The classes by name. */
export const writables: { readonly [N in WritableName]: Writable<WritableValues[N]> } = {
  Text: {
    className: "org.apache.hadoop.io.Text",
    read: (source, { begin, end }, decoder) => {
      const size = begin < end ? variableIntBytes(source[begin] ?? 0) : 1;
      if (begin + size > end || readVariableInt(source, begin) !== end - begin - size)
        return { fault: `the Text has ${end - begin} bytes, which is not what it says` };
      return decoder.decode(source, begin + size, end);
    },
    write: (value, sink) => {
      if (typeof value !== "string") throw refused("Text", value, "a string");
      if (!value.isWellFormed()) throw refused("Text", value, "well-formed text, without lone surrogates");
      const utf8 = Buffer.from(value);
      writeVariableInt(sink, utf8.length);
      sink.writeBytes(utf8);
    },
  },
  LongWritable: {
    className: "org.apache.hadoop.io.LongWritable",
    read: (source, { begin, end }) => {
      if (end - begin !== 8) return { fault: `the LongWritable has ${end - begin} bytes, not 8` };
      const value = readInt(source, begin) * 2 ** 32 + (readInt(source, begin + 4) >>> 0);
      return Number.isSafeInteger(value) ? value : { fault: `the LongWritable is about ${value}, beyond 2^53` };
    },
    write: (value, sink) => {
      if (!Number.isSafeInteger(value)) throw refused("LongWritable", value, "a safe integer");
      const whole = value as number;
      sink.writeUint32(Math.floor(whole / 2 ** 32));
      sink.writeUint32(whole >>> 0);
    },
  },
  IntWritable: {
    className: "org.apache.hadoop.io.IntWritable",
    read: (source, { begin, end }) =>
      end - begin === 4 ? readInt(source, begin) : { fault: `the IntWritable has ${end - begin} bytes, not 4` },
    write: (value, sink) => {
      if (typeof value !== "number" || (value | 0) !== value)
        throw refused("IntWritable", value, "a whole number from -2^31 to 2^31 - 1");
      sink.writeUint32(value);
    },
  },
  BytesWritable: {
    className: "org.apache.hadoop.io.BytesWritable",
    read: (source, { begin, end }) => {
      if (end - begin < 4 || readInt(source, begin) !== end - begin - 4)
        return { fault: `the BytesWritable has ${end - begin} bytes, which is not what it says` };
      // Not `slice`: that of a Buffer is no copy.
      return new Uint8Array(source.subarray(begin + 4, end));
    },
    write: (value, sink) => {
      if (!(value instanceof Uint8Array)) throw refused("BytesWritable", value, "a Uint8Array");
      sink.writeUint32(value.length);
      sink.writeBytes(value);
    },
  },
  NullWritable: {
    className: "org.apache.hadoop.io.NullWritable",
    read: (_bytes, { begin, end }) => (begin === end ? null : { fault: `the NullWritable has ${end - begin} bytes` }),
    write: (value) => {
      if (value !== null) throw refused("NullWritable", value, "null");
    },
  },
};

function refused(name: WritableName, value: unknown, rule: string): MillraceError {
  const what =
    typeof value === "string"
      ? quote(value)
      : typeof value === "number" || value === null || value === undefined
        ? String(value)
        : `a ${typeof value}`;
  return new MillraceError("E_VALUE_INVALID", `Cannot write ${what} as ${name}: it is not ${rule}; emit one`);
}
