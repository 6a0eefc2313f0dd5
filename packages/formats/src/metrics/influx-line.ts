// Points of InfluxDB's line protocol, in and out.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink, KeyCodec } from "@millrace/data";
import { type Output, type Table, double, optional, text, time } from "@millrace/sdk";
import {
  type InputFormat,
  type OutputFormat,
  badRecord,
  createOutput,
  createTable,
  noRecord,
} from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";
import { InfluxParser } from "./influx-places.ts";
import { InfluxLineRecord, type InfluxPrecision, type InfluxRecord, influxTime } from "./influx-record.ts";
import { checkMetricOptions } from "./metric-options.ts";
import { type InfluxPoint, writeInfluxPoint } from "./write-influx-line.ts";

/** Options of {@link influxLine}. */
export interface InfluxLineOptions<T extends string, F extends string> {
  /** Unit of times, read and written; nanoseconds unless given, as InfluxDB takes them. */
  readonly precision?: InfluxPrecision;
  /** Tags that shall be columns, and properties of the records: `null` where a point does not have it. */
  readonly tags?: readonly T[];
  /** Fields that shall be columns of numbers, and properties of the records: `null` where a point has none, or no number. */
  readonly fields?: readonly F[];
}

/** The columns of points. */
export type InfluxColumns = {
  readonly measurement: KeyCodec<string, "text">;
  readonly time: KeyCodec<number | null, { readonly optional: "time" }>;
};

type TextColumns<T extends string> = { readonly [N in T]: KeyCodec<string | null, { readonly optional: "text" }> };
type NumberColumns<F extends string> = { readonly [N in F]: KeyCodec<number | null, { readonly optional: "double" }> };
type Values<T extends string, V> = { readonly [N in T]: V | null };

/**
 * Read and write points of InfluxDB's line protocol: `cpu,host=a usage=0.5,n=3i 1700000000000000000`. Comments and empty
 * lines are no records. Escapes are undone. A text that goes on in the next line, which the protocol allows, makes bad
 * records: a file is cut at line ends.
 *
 * @throws {MillraceError} E_JOB_INVALID for a tag or field as column that stands twice or is named as a property of points; and
 * for options that there are not.
 * @see InfluxData, "Line protocol", InfluxDB v2.
 * @example
 * ```ts
 * input: influxLine({ precision: "s" }),
 * map: (point, emit) => emit(point.tag("host") ?? "", point.number("usage") ?? 0),
 * reduce: max(double()),
 * ```
 */
export function influxLine<const T extends string = never, const F extends string = never>(
  options: InfluxLineOptions<T, F> = {},
): Table<InfluxColumns & TextColumns<T> & NumberColumns<F>, InfluxRecord & Values<T, string> & Values<F, number>> &
  Output<InfluxPoint> {
  checkMetricOptions("influxLine", options, {
    lists: ["tags", "fields"],
    word: "precision",
    words: ["ns", "us", "ms", "s"],
  });
  const { tags = [], fields = [], precision = "ns" } = options;
  checkNames([...tags, ...fields]);
  const columns = Object.fromEntries<KeyCodec<string | null, unknown> | KeyCodec<number | null, unknown>>([
    ...tags.map((tag) => [tag, optional(text())] as const),
    ...fields.map((field) => [field, optional(double())] as const),
  ]) as TextColumns<T> & NumberColumns<F>;
  const table = createTable(createInputFormat(precision, tags, fields), {
    measurement: text(),
    time: optional(time()),
    ...columns,
  });
  return Object.assign(table, createOutput(createOutputFormat(precision))) as unknown as ReturnType<
    typeof influxLine<T, F>
  >;
}

const reserved = new Set(
  "measurement tags fields time timestamp tag field number toJSON constructor __proto__".split(" "),
);

function checkNames(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (name !== "" && !reserved.has(name) && names.indexOf(name) === index) continue;
    const reason =
      name === "" || reserved.has(name)
        ? "points have a property of this name; read it by tag() or field()"
        : "it stands twice; name it once";
    throw new MillraceError("E_JOB_INVALID", `Cannot make a column of ${quote(name)}: ${reason}`);
  }
}

function createInputFormat(
  precision: InfluxPrecision,
  tags: readonly string[],
  fields: readonly string[],
): InputFormat<InfluxLineRecord> {
  const Point = withColumns(tags, fields);
  return {
    name: "influx-line",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    createReader: ({ count }) => {
      const decoder = new TextDecoderOfRecords(count);
      const parser = new InfluxParser();
      let reason: string | undefined = "";
      return {
        read: (bytes, begin, end) => {
          if (begin === end) return noRecord;
          const line = decoder.decode(bytes, begin, end);
          reason = parser.parse(line);
          if (reason === undefined) return noRecord;
          if (reason !== "") return badRecord;
          const at = parser.fields.timeBegin < 0 ? null : influxTime(line, parser.fields, precision);
          if (at === null && parser.fields.timeBegin >= 0) {
            reason = "the time is beyond what milliseconds can be";
            return badRecord;
          }
          return new Point(line, parser.fields, at);
        },
        reason: () => reason ?? "",
      };
    },
  };
}

/** The class of points that have these tags and fields as properties. */
function withColumns(tags: readonly string[], fields: readonly string[]): typeof InfluxLineRecord {
  if (tags.length + fields.length === 0) return InfluxLineRecord;
  const Point = class extends InfluxLineRecord {};
  const define = (name: string, get: (this: InfluxLineRecord) => unknown): void => {
    Object.defineProperty(Point.prototype, name, { enumerable: true, get });
  };
  for (const tag of tags)
    define(tag, function () {
      return this.tag(tag);
    });
  for (const field of fields)
    define(field, function () {
      return this.number(field);
    });
  return Point;
}

function createOutputFormat(precision: InfluxPrecision): OutputFormat<InfluxPoint> {
  return {
    name: "influx-line",
    extension: "influx",
    createWriter: () => ({
      write: (point, sink: ByteSink) => {
        sink.writeText(writeInfluxPoint(point, precision));
        sink.writeByte(0x0a);
      },
    }),
  };
}
