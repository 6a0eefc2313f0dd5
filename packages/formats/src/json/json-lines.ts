// JSON, one value a line, in and out.

import { MillraceError, isMillraceError } from "@millrace/core";
import { ByteReader, ByteSink, type Codec, type JsonField, type JsonLayout, jsonFieldsMax } from "@millrace/data";
import type { ColumnsOf, Format, JsonValue } from "@millrace/sdk";
import {
  type Fixed,
  type InputFormat,
  type OutputFormat,
  badRecord,
  columnsOfWire,
  createFormat,
  createTable,
  noRecord,
  withoutOptions,
} from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";
import { stringifyExactly } from "./stringify-exactly.ts";

/**
 * Read and write JSON, one value a line (JSON Lines). A line of blanks alone is no record; one that is no JSON, or not
 * of the codec, is a bad record. A codec checks both ways and keeps its own fields alone; a time is a number of
 * milliseconds, and a field that is not there is the `null` of an `optional`. Without codec nothing is checked on
 * reading: `jsonLines<T>()` is a promise of the author. The fields of a codec that are scalars are columns for
 * aggregations: `rows.ms`. NaN and infinities are refused, as JSON would turn them into
 * `null`; whole numbers above 2^53 lose digits on reading.
 *
 * @see RFC 8259, and https://jsonlines.org.
 * @throws {MillraceError} E_JOB_INVALID for a codec with bytes in it, which have no JSON form.
 * @example
 * ```ts
 * input: jsonLines(object({ id: text(), ms: int() })),
 * output: jsonLines(),
 * ```
 */
export function jsonLines<T = JsonValue, W = unknown>(codec?: Codec<T, W>): Format<Fixed<T>> & ColumnsOf<W> {
  if (codec !== undefined) withoutOptions(codec);
  if (codec !== undefined && holdsBytes(codec.wire)) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot use the codec ${JSON.stringify(codec.wire)} for JSON lines: bytes have no JSON form; use text()`,
    );
  }
  const wire = codec === undefined ? {} : { wire: codec.wire };
  const layout = layoutOf(codec?.wire);
  const input = {
    ...createInputFormat(() => createShaper(codec)),
    ...wire,
    ...(layout === undefined ? {} : { layout }),
  } as InputFormat<Fixed<T>>;
  const output: OutputFormat<Fixed<T>> = { ...createOutputFormat(() => createShaper(codec)), ...wire };
  const columns = columnsOfWire(codec?.wire);
  const format = Object.keys(columns).length === 0 ? createFormat(input, output) : createTable(input, columns, output);
  return format as Format<Fixed<T>> & ColumnsOf<W>;
}

/** The fields of an object of scalars. Names that every object has are not those of absent fields. */
function layoutOf(wire: unknown): JsonLayout | undefined {
  if (typeof wire !== "object" || wire === null || Array.isArray(wire)) return undefined;
  const entries = Object.entries(wire as Readonly<Record<string, unknown>>);
  const fields: JsonField[] = [];
  for (const [name, form] of entries) {
    const optional = typeof form === "object" && form !== null && "optional" in form;
    const scalar = optional ? form.optional : form;
    if (!isScalar(scalar) || name in {}) return undefined;
    fields.push({ name, wire: scalar, optional });
  }
  return fields.length === 0 || fields.length > jsonFieldsMax ? undefined : { kind: "json", fields };
}

function isScalar(form: unknown): form is JsonField["wire"] {
  return form === "text" || form === "int" || form === "time" || form === "double" || form === "boolean";
}

/** Makes of a value one of the codec's type, with its fields alone. @throws {DataError} E_VALUE_INVALID. */
type Shaper = (value: unknown) => unknown;

function createShaper<T>(codec: Codec<T> | undefined): Shaper {
  if (codec === undefined) return (value) => value;
  const sink = new ByteSink();
  const reader = new ByteReader();
  return (value) => {
    // Encoding checks every field, and decoding gives the codec's fields and no others.
    sink.clear();
    codec.encodeTo(value as T, sink);
    return codec.decodeFrom(reader.reset(sink.bytes, 0, sink.length));
  };
}

function holdsBytes(wire: unknown): boolean {
  if (typeof wire === "object" && wire !== null) return Object.values(wire).some(holdsBytes);
  return wire === "bytes";
}

function createInputFormat(createShape: () => Shaper): InputFormat<unknown> {
  return {
    name: "json-lines",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    createReader: ({ count }) => {
      const decoder = new TextDecoderOfRecords(count);
      const shape = createShape();
      let reason = "";
      const read = (bytes: Uint8Array, begin: number, end: number): unknown => {
        if (isBlank(bytes, begin, end)) return noRecord;
        try {
          return shape(parse(decoder.decode(bytes, begin, end)));
        } catch (thrown) {
          reason = reasonOf(thrown);
          return badRecord;
        }
      };
      return { read, reason: () => reason };
    },
  };
}

function parse(text: string): unknown {
  // A byte order mark before the first value is no part of it (RFC 8259, section 8.1).
  return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text) as unknown;
}

function reasonOf(thrown: unknown): string {
  if (isMillraceError(thrown))
    return `not of the format's codec: ${thrown.message.replace(/^Cannot encode a value as /u, "").replace(/; .*$/su, "")}`;
  // The engine's text goes on with the input itself, which the sample shows already.
  return thrown instanceof SyntaxError
    ? `no JSON: ${(thrown.message.split(/, |\n/u, 1)[0] ?? "").slice(0, 100)}`
    : "no JSON";
}

function createOutputFormat(createShape: () => Shaper): OutputFormat<unknown> {
  return {
    name: "json-lines",
    extension: "jsonl",
    createWriter: () => {
      const shape = createShape();
      return {
        write: (record, sink) => {
          sink.writeText(stringifyExactly(shape(record)));
          sink.writeByte(0x0a);
        },
      };
    },
  };
}

/** Whether a line holds nothing but JSON's blanks. */
function isBlank(bytes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
