// Codecs of single fields between core's values and what proto-loader hands out. Both directions check: a value that
// the protocol cannot carry faithfully is refused where it is made, not where it arrives.

import { FieldFault, addName } from "./field-fault.ts";

/** Convert one kind of value. Both functions are pure and throw {@link FieldFault} for what is not valid. */
export interface Codec<T> {
  readonly encode: (value: T) => unknown;
  readonly decode: (raw: unknown) => T;
  /** Name of the field on the wire where it differs from core's. */
  readonly wire?: string;
  /** Whether the field may be absent; set by {@link optional} alone. */
  readonly optional?: true;
}

/** A codec of a field that may be absent. */
export interface OptionalCodec<T> extends Codec<T> {
  readonly optional: true;
}

/** Use another name on the wire. */
export function named<T>(wire: string, codec: Codec<T>): Codec<T> {
  return { ...codec, wire };
}

/** Let the field be absent: `undefined` in core, `null` or unset on the wire. */
export function optional<T>(codec: Codec<T>): OptionalCodec<T> {
  return { ...codec, optional: true };
}

function integerIn(raw: unknown, min: number, max: number): number {
  if (typeof raw !== "number" || !Number.isSafeInteger(raw))
    throw new FieldFault(`is not a safe integer, ${printed(raw)}`);
  if (raw < min || raw > max) throw new FieldFault(`is not in ${min} to ${max}, ${printed(raw)}`);
  return raw;
}

/** A whole number in a range; the default range is that of sizes and counts, 0 to 2^53-1. */
export function integer<T extends number = number>(min = 0, max = Number.MAX_SAFE_INTEGER): Codec<T> {
  const check = (raw: unknown): T => integerIn(raw, min, max) as T;
  return { encode: check, decode: check };
}

/** A whole number, or "auto", which is 0 on the wire. */
export function integerOrAuto(min: number, max: number): Codec<number | "auto"> {
  return {
    encode: (value) => (value === "auto" ? 0 : integerIn(value, min, max)),
    decode: (raw) => (raw === 0 ? "auto" : integerIn(raw, min, max)),
  };
}

/** A finite number in a range. */
export function real(min: number, max: number): Codec<number> {
  const check = (raw: unknown): number => {
    if (typeof raw !== "number" || !(raw >= min && raw <= max)) {
      throw new FieldFault(`is not a number from ${min} to ${max}, ${printed(raw)}`);
    }
    return raw;
  };
  return { encode: check, decode: check };
}

/** True or false. */
export const flag: Codec<boolean> = { encode: checkFlag, decode: checkFlag };

function checkFlag(raw: unknown): boolean {
  if (typeof raw !== "boolean") throw new FieldFault(`is not true or false, ${printed(raw)}`);
  return raw;
}

/** Text of at most `max` UTF-16 units, at least `min`. Lone surrogates do not survive UTF-8 and are refused. */
export function text(max: number, min = 0): Codec<string> {
  const check = (raw: unknown): string => {
    if (typeof raw !== "string") throw new FieldFault(`is not text, ${printed(raw)}`);
    if (raw.length < min || raw.length > max)
      throw new FieldFault(`has not ${min} to ${max} characters, ${raw.length}`);
    if (!raw.isWellFormed()) throw new FieldFault("has a lone surrogate");
    return raw;
  };
  return { encode: check, decode: check };
}

/** Text that a parser understands. */
export function parsed<T extends string>(what: string, parse: (text: string) => T | undefined): Codec<T> {
  const check = (raw: unknown): T => {
    const value = typeof raw === "string" ? parse(raw) : undefined;
    if (value === undefined) throw new FieldFault(`is not ${what}, ${printed(raw)}`);
    return value;
  };
  return { encode: check, decode: check };
}

/** Text that matches a pattern from end to end. */
export function pattern(what: string, expression: RegExp): Codec<string> {
  return parsed(what, (value) => (expression.test(value) ? value : undefined));
}

const hexDigits = /^(?:[0-9a-f]{2})*$/;

/** Lower-case hexadecimal digits in core, bytes on the wire; `bytes` of them. */
export function hex(bytes: number): Codec<string> {
  return {
    encode: (value) => {
      if (value.length !== bytes * 2 || !hexDigits.test(value))
        throw new FieldFault(`is not ${bytes * 2} hexadecimal digits, ${printed(value)}`);
      return Buffer.from(value, "hex");
    },
    decode: (raw) => {
      if (!(raw instanceof Uint8Array) || raw.length !== bytes)
        throw new FieldFault(`is not ${bytes} bytes, ${printed(raw)}`);
      return Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("hex");
    },
  };
}

/** Lower-case hexadecimal digits of at most `max` bytes in core, bytes on the wire. */
export function hexUpTo(max: number): Codec<string> {
  return {
    encode: (value) => {
      if (value.length > max * 2 || !hexDigits.test(value))
        throw new FieldFault(`is not hexadecimal digits of at most ${max} bytes, ${printed(value)}`);
      return Buffer.from(value, "hex");
    },
    decode: (raw) => {
      if (!(raw instanceof Uint8Array) || raw.length > max)
        throw new FieldFault(`is not at most ${max} bytes, ${printed(raw)}`);
      return Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("hex");
    },
  };
}

/** One of a set of words: a name of an enum on the wire. */
export function words<T extends string>(names: Readonly<Record<T, string>>): Codec<T> {
  const back = new Map<unknown, T>(Object.entries(names).map(([word, name]) => [name, word as T]));
  return {
    encode: (value) => {
      if (!Object.hasOwn(names, value)) throw new FieldFault(`is not a known word, ${printed(value)}`);
      return names[value];
    },
    decode: (raw) => {
      const word = back.get(raw);
      if (word === undefined) throw new FieldFault(`is not a known value, ${printed(raw)}`);
      return word;
    },
  };
}

/** A list of at most `max` items. The result is new; the caller owns it. */
export function list<T>(item: Codec<T>, max: number): Codec<readonly T[]> {
  const convert = (raw: unknown, one: (value: never) => unknown): unknown[] => {
    if (!Array.isArray(raw)) throw new FieldFault(`is not a list, ${printed(raw)}`);
    if (raw.length > max) throw new FieldFault(`has more than ${max} items, ${raw.length}`);
    const out: unknown[] = [];
    try {
      for (const value of raw) out.push(one(value as never));
    } catch (thrown) {
      throw addName(thrown, `[${out.length}]`);
    }
    return out;
  };
  return { encode: (value) => convert(value, item.encode), decode: (raw) => convert(raw, item.decode) as T[] };
}

/** A list that core leaves out when it is empty: nothing on the wire is absent in core. */
export function listOrAbsent<T>(item: Codec<T>, max: number): OptionalCodec<readonly T[]> {
  const { encode, decode } = list(item, max);
  const present = (raw: unknown): readonly T[] | undefined => {
    const items = decode(raw);
    return items.length === 0 ? undefined : items;
  };
  // A decoder that gives undefined leaves its field out, as an optional field may be.
  return { encode, decode: present as (raw: unknown) => readonly T[], optional: true };
}

/** Print a bad value for an error: short, and without calling into it. */
function printed(raw: unknown): string {
  if (typeof raw === "string") return raw.length > 80 ? `text of ${raw.length} characters` : JSON.stringify(raw);
  if (typeof raw === "number" || typeof raw === "boolean" || raw === null || raw === undefined) return String(raw);
  if (raw instanceof Uint8Array) return `${raw.length} bytes`;
  return Array.isArray(raw) ? "a list" : `a ${typeof raw}`;
}
