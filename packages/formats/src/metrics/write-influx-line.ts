// A point as a line of InfluxDB's line protocol.

import { MillraceError, quote } from "@millrace/core";
import type { InfluxPrecision, InfluxValue } from "./influx-record.ts";

/** A point to be written. Points that were read are such. */
export type InfluxPoint = {
  readonly measurement: string;
  /** Written sorted by key, as InfluxDB likes it. */
  readonly tags?: Readonly<Record<string, string>>;
  /** At least one. A number is written as a float, a bigint as an integer. */
  readonly fields: Readonly<Record<string, InfluxValue>>;
  /** Whole milliseconds since 1970. */
  readonly time?: number | null;
  /** The time in the unit of the precision, for more than milliseconds: it goes before `time`. */
  readonly timestamp?: bigint | null;
};

const signedMin = -(2n ** 63n);
const signedMax = 2n ** 63n - 1n;
const unsignedMax = 2n ** 64n - 1n;

/** Write a point as a line, without its end. @throws {MillraceError} E_VALUE_INVALID for what the protocol cannot hold. */
export function writeInfluxPoint(point: InfluxPoint, precision: InfluxPrecision): string {
  if (typeof point !== "object" || (point as unknown) === null)
    throw refused("?", "it is no object", "emit { measurement, fields }");
  const { measurement } = point;
  if (typeof measurement !== "string") throw refused("?", "its measurement is no text", "emit { measurement, fields }");
  if (measurement.startsWith("#"))
    throw refused(measurement, "a measurement that begins with # is a comment", "rename it");
  let line = keyText(measurement, measurement, /[, ]/gu);
  const tags = entriesOf(measurement, point.tags ?? {}, "tags");
  for (const [key, value] of tags.length > 1 ? tags.toSorted(([a], [b]) => (a < b ? -1 : 1)) : tags) {
    if (typeof value !== "string" || value === "")
      throw refused(measurement, `its tag ${quote(key)} is no text, or an empty one`, "leave it out, or emit a string");
    line += `,${keyText(measurement, key, /[,= ]/gu)}=${keyText(measurement, value, /[,= ]/gu)}`;
  }
  const fields = entriesOf(measurement, point.fields, "fields");
  if (fields.length === 0) throw refused(measurement, "it has no fields", "emit at least one");
  const written = fields.map(
    ([key, value]) => `${keyText(measurement, key, /[,= ]/gu)}=${valueText(measurement, key, value)}`,
  );
  return `${line} ${written.join(",")}${timeText(point, precision)}`;
}

function entriesOf(measurement: string, value: unknown, what: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) throw refused(measurement, `its ${what} are no object`, "emit one");
  return Object.entries(value);
}

/** A measurement, key or tag value. A backslash before a mark, or at the end, would be read as an escape. */
function keyText(measurement: string, text: string, marks: RegExp): string {
  if (text === "") throw refused(measurement, "a key of it is empty", "name it");
  checkText(measurement, text);
  if (/[\n\r]/u.test(text)) throw refused(measurement, `${quote(text)} holds a line break`, "leave it out");
  if (/\\(?:[,= ]|$)/u.test(text))
    throw refused(
      measurement,
      `the protocol cannot write ${quote(text)}, a backslash before a mark or at the end`,
      "rename it",
    );
  return text.replace(marks, "\\$&");
}

function valueText(measurement: string, key: string, value: unknown): string {
  const field = `its field ${quote(key)}`;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
    throw refused(measurement, `${field} is ${value}, which the protocol does not have`, "leave it out");
  }
  if (typeof value === "bigint") {
    if (value >= signedMin && value <= signedMax) return `${value}i`;
    throw refused(measurement, `${field} has more than 64 bits`, "emit a number");
  }
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string") {
    checkText(measurement, value);
    if (value.includes("\n"))
      throw refused(measurement, `${field} holds a line feed, at which files are cut`, "leave it out");
    return `"${value.replace(/["\\]/gu, "\\$&")}"`;
  }
  const unsigned: unknown =
    typeof value === "object" && value !== null && "unsigned" in value ? value.unsigned : undefined;
  if (typeof unsigned === "bigint" && unsigned >= 0n && unsigned <= unsignedMax) return `${unsigned}u`;
  throw refused(measurement, `${field} is no number, bigint, text, true, false or { unsigned }`, "emit one");
}

function checkText(measurement: string, text: string): void {
  if (!text.isWellFormed())
    throw refused(measurement, `a lone surrogate in ${quote(text)} has no UTF-8`, "emit well-formed text");
}

function timeText({ measurement, time, timestamp }: InfluxPoint, precision: InfluxPrecision): string {
  if (timestamp !== undefined && timestamp !== null) {
    if (typeof timestamp === "bigint" && timestamp >= signedMin && timestamp <= signedMax) return ` ${timestamp}`;
    throw refused(measurement, "its timestamp is no bigint of 64 bits", "emit one, or a time");
  }
  if (time === undefined || time === null) return "";
  if (!Number.isSafeInteger(time))
    throw refused(measurement, `its time is ${String(time)}`, "emit whole milliseconds since 1970, or none");
  switch (precision) {
    case "ns":
      return ` ${BigInt(time) * 1_000_000n}`;
    case "us":
      return ` ${BigInt(time) * 1000n}`;
    case "ms":
      return ` ${time}`;
    case "s":
      return ` ${Math.floor(time / 1000)}`;
  }
}

function refused(measurement: string, reason: string, remedy: string): MillraceError {
  return new MillraceError("E_VALUE_INVALID", `Cannot write the point ${quote(measurement)}: ${reason}; ${remedy}`);
}
