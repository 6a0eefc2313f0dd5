// A point as jobs see it: a view of its line.

import { type InfluxFields, endOfFieldValue, endOfKey, fieldKind, isTrue } from "./influx-places.ts";

/**
 * A value of a field: a float is a number, an integer (`5i`) a bigint, an unsigned integer (`5u`) is wrapped, as a bigint
 * alone does not say that it is one.
 */
export type InfluxValue = number | bigint | string | boolean | { readonly unsigned: bigint };

/** How times are written. */
export type InfluxPrecision = "ns" | "us" | "ms" | "s";

/** One point, a view of its line: what is read costs something, what is not does not. A spread copies nothing. */
export type InfluxRecord = {
  readonly measurement: string;
  /** Tags by key, in the order of the line. */
  readonly tags: Readonly<Record<string, string>>;
  /** Fields by key, in the order of the line. */
  readonly fields: Readonly<Record<string, InfluxValue>>;
  /** Milliseconds since 1970, rounded down; `null` without a time. */
  readonly time: number | null;
  /** The time as it is written, in the unit of the precision; `null` without a time. */
  readonly timestamp: bigint | null;
  /** The value of a tag; `null` when it is absent. */
  readonly tag: (key: string) => string | null;
  /** The value of a field; `null` when it is absent. */
  readonly field: (key: string) => InfluxValue | null;
  /** The value of a field as a number, the nearest one for an integer beyond 2^53; `null` when it is absent or none. */
  readonly number: (key: string) => number | null;
};

const unitsAMs: Readonly<Record<InfluxPrecision, bigint>> = { ns: 1_000_000n, us: 1000n, ms: 1n, s: 1n };
/** Digits that are dropped to have milliseconds, for the quick way. */
const digitsBelowMs: Readonly<Record<InfluxPrecision, number>> = { ns: 6, us: 3, ms: 0, s: 0 };

/** A line and the places of its parts. Keeps the line alone, never the chunk it came from. */
export class InfluxLineRecord {
  readonly time: number | null;
  readonly #line: string;
  readonly #begin: number;
  readonly #measurementEnd: number;
  readonly #tagsEnd: number;
  readonly #fieldsBegin: number;
  readonly #fieldsEnd: number;
  readonly #timeBegin: number;
  readonly #timeEnd: number;

  constructor(line: string, fields: InfluxFields, time: number | null) {
    this.#line = line;
    this.time = time;
    this.#begin = fields.begin;
    this.#measurementEnd = fields.measurementEnd;
    this.#tagsEnd = fields.tagsEnd;
    this.#fieldsBegin = fields.fieldsBegin;
    this.#fieldsEnd = fields.fieldsEnd;
    this.#timeBegin = fields.timeBegin;
    this.#timeEnd = fields.timeEnd;
  }

  get measurement(): string {
    return unescapeKey(this.#line.slice(this.#begin, this.#measurementEnd));
  }

  get timestamp(): bigint | null {
    return this.#timeBegin < 0 ? null : BigInt(this.#line.slice(this.#timeBegin, this.#timeEnd));
  }

  // Without a prototype: a key may have any name.
  get tags(): Readonly<Record<string, string>> {
    const tags: Record<string, string> = Object.create(null) as Record<string, string>;
    this.#eachTag((key, begin, end) => {
      tags[unescapeKey(key)] = unescapeKey(this.#line.slice(begin, end));
      return true;
    });
    return tags;
  }

  get fields(): Readonly<Record<string, InfluxValue>> {
    const fields: Record<string, InfluxValue> = Object.create(null) as Record<string, InfluxValue>;
    this.#eachField((key, begin, end) => {
      fields[unescapeKey(key)] = this.#value(begin, end);
      return true;
    });
    return fields;
  }

  tag(key: string): string | null {
    let found: string | null = null;
    this.#eachTag((each, begin, end) => {
      if (each !== key && unescapeKey(each) !== key) return true;
      found = unescapeKey(this.#line.slice(begin, end));
      return false;
    });
    return found;
  }

  field(key: string): InfluxValue | null {
    let found: InfluxValue | null = null;
    this.#eachField((each, begin, end) => {
      if (each !== key && unescapeKey(each) !== key) return true;
      found = this.#value(begin, end);
      return false;
    });
    return found;
  }

  number(key: string): number | null {
    const value = this.field(key);
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return Number(value);
    return typeof value === "object" && value !== null ? Number(value.unsigned) : null;
  }

  /** What JSON shows: integers that a number does not hold are texts. */
  toJSON(): object {
    const { measurement, tags, time } = this;
    const fields = Object.fromEntries(Object.entries(this.fields).map(([key, value]) => [key, jsonValue(value)]));
    return { measurement, tags, fields, time };
  }

  #eachTag(visit: (key: string, begin: number, end: number) => boolean): void {
    const line = this.#line;
    for (let at = this.#measurementEnd; at < this.#tagsEnd;) {
      const keyEnd = endOfKey(line, at + 1, true);
      const end = endOfKey(line, keyEnd + 1, true);
      if (!visit(line.slice(at + 1, keyEnd), keyEnd + 1, end)) return;
      at = end;
    }
  }

  #eachField(visit: (key: string, begin: number, end: number) => boolean): void {
    const line = this.#line;
    for (let at = this.#fieldsBegin; at < this.#fieldsEnd;) {
      const keyEnd = endOfKey(line, at, true);
      const end = endOfFieldValue(line, keyEnd + 1);
      if (!visit(line.slice(at, keyEnd), keyEnd + 1, end)) return;
      at = end + 1;
    }
  }

  #value(begin: number, end: number): InfluxValue {
    const line = this.#line;
    const kind = fieldKind(line, begin, end);
    if (kind === "text") return unescapeText(line.slice(begin + 1, end - 1));
    if (kind === "integer") return BigInt(line.slice(begin, end - 1));
    if (kind === "unsigned") return { unsigned: BigInt(line.slice(begin, end - 1)) };
    const written = line.slice(begin, end);
    return kind === "boolean" ? isTrue(written) : Number(written);
  }
}

/** Milliseconds of a time as it is written, rounded down; null when a number does not hold them exactly. */
export function influxTime(
  line: string,
  { timeBegin, timeEnd }: InfluxFields,
  precision: InfluxPrecision,
): number | null {
  const dropped = digitsBelowMs[precision];
  if (line.charCodeAt(timeBegin) !== 0x2d && timeEnd - timeBegin - dropped <= 15) {
    const kept = timeEnd - dropped;
    const ms = kept <= timeBegin ? 0 : Number(line.slice(timeBegin, kept));
    const scaled = precision === "s" ? ms * 1000 : ms;
    return Number.isSafeInteger(scaled) ? scaled : null;
  }
  const written = BigInt(line.slice(timeBegin, timeEnd));
  const unit = unitsAMs[precision];
  const scaled = precision === "s" ? written * 1000n : written;
  // BigInt division goes towards zero; a time before 1970 goes down.
  const ms = Number(scaled / unit - (scaled < 0n && scaled % unit !== 0n ? 1n : 0n));
  return Number.isSafeInteger(ms) ? ms : null;
}

function unescapeKey(text: string): string {
  return text.includes("\\") ? text.replace(/\\([,= ])/gu, "$1") : text;
}

function unescapeText(text: string): string {
  return text.includes("\\") ? text.replace(/\\(["\\])/gu, "$1") : text;
}

function jsonValue(value: InfluxValue): string | number | boolean {
  const plain = typeof value === "object" ? value.unsigned : value;
  if (typeof plain !== "bigint") return plain;
  const near = Number(plain);
  return Number.isSafeInteger(near) ? near : String(plain);
}
