// Codecs of whole messages, written as one table each: the compiler refuses a table that forgets a field of core's
// type, and a test compares the tables with the schema.

import { FieldFault, addName, nameFault } from "./field-fault.ts";
import type { Codec, OptionalCodec } from "./field-codec.ts";
import { integer, text } from "./field-codec.ts";

type FieldCodec<T, K extends keyof T> = undefined extends T[K] ? OptionalCodec<Exclude<T[K], undefined>> : Codec<T[K]>;

/** One codec for each field of core's type. */
export type FieldTable<T> = { readonly [K in keyof T]-?: FieldCodec<T, K> };

/** A codec of a message, with its table for the test that compares it with the schema. */
export interface MessageCodec<T> extends Codec<T> {
  /** Names of the fields on the wire. */
  readonly wireFields: readonly string[];
}

interface Row {
  readonly name: string;
  readonly wire: string;
  readonly codec: Codec<unknown>;
}

/** Convert messages field by field. Fields that the table does not name are ignored on decoding, as protobuf has it. */
export function message<T extends object>(table: FieldTable<T>): MessageCodec<T> {
  const rows: Row[] = Object.entries<Codec<never>>(table as never).map(([name, codec]) => ({
    name,
    wire: codec.wire ?? name,
    codec: codec as unknown as Codec<unknown>,
  }));
  return {
    wireFields: rows.map((row) => row.wire),
    encode: (value) => encodeRows(rows, value as Readonly<Record<string, unknown>>),
    decode: (raw) => decodeRows(rows, raw) as T,
  };
}

function encodeRows(rows: readonly Row[], value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  let at = "";
  try {
    for (const { name, wire, codec } of rows) {
      at = name;
      const field = value[name];
      if (field !== undefined) out[wire] = codec.encode(field);
      else if (codec.optional !== true) throw new FieldFault("is missing");
    }
  } catch (thrown) {
    throw addName(thrown, at);
  }
  return out;
}

function decodeRows(rows: readonly Row[], raw: unknown): Record<string, unknown> {
  if (typeof raw !== "object" || raw === null) throw new FieldFault("is missing");
  const out: Record<string, unknown> = {};
  let at = "";
  try {
    for (const { name, wire, codec } of rows) {
      at = name;
      const field = (raw as Readonly<Record<string, unknown>>)[wire];
      if (field !== undefined && field !== null) {
        const decoded = codec.decode(field);
        if (decoded !== undefined) out[name] = decoded;
      } else if (codec.optional !== true) throw new FieldFault("is missing");
    }
  } catch (thrown) {
    throw addName(thrown, at);
  }
  return out;
}

/** One codec for each kind of a discriminated union. */
export type KindTable<T extends { readonly kind: string }> = {
  readonly [K in T["kind"]]: MessageCodec<Omit<Extract<T, { readonly kind: K }>, "kind">>;
};

/** Convert a union on `kind` to a `oneof kind`, whose fields are the kinds in camel case. */
export function union<T extends { readonly kind: string }>(table: KindTable<T>): MessageCodec<T> {
  const codecs = new Map<string, Codec<object>>(Object.entries(table));
  const kinds = new Map([...codecs.keys()].map((kind) => [camelCase(kind), kind]));
  return {
    wireFields: [...kinds.keys()],
    encode: (value) => {
      const codec = codecs.get(value.kind);
      if (codec === undefined) throw new FieldFault(`is not a known kind, ${JSON.stringify(value.kind)}`);
      try {
        return { [camelCase(value.kind)]: codec.encode(value) };
      } catch (thrown) {
        throw addName(thrown, camelCase(value.kind));
      }
    },
    decode: (raw) => {
      const fields = raw as Readonly<Record<string, unknown>> | null;
      const wire =
        typeof fields === "object" && fields !== null && typeof fields["kind"] === "string" ? fields["kind"] : "kind";
      const kind = kinds.get(wire);
      const codec = kind === undefined ? undefined : codecs.get(kind);
      try {
        if (codec === undefined) throw new FieldFault("is missing or not known");
        return { kind, ...codec.decode(fields?.[wire]) } as unknown as T;
      } catch (thrown) {
        throw addName(thrown, wire);
      }
    },
  };
}

function camelCase(kind: string): string {
  return kind.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

interface NamedValue<V> {
  readonly name: string;
  readonly value: V;
}

/** A record of values by name, a list of pairs on the wire, so that any name survives. Names must differ. */
export function record<V>(
  value: Codec<V>,
  bounds: { readonly namesMax: number; readonly nameCharactersMax: number },
): Codec<Readonly<Record<string, V>>> {
  const name = text(bounds.nameCharactersMax, 1);
  const item = message<NamedValue<V>>({ name, value } as never);
  return {
    encode: (values) => {
      const names = Object.keys(values);
      if (names.length > bounds.namesMax)
        throw new FieldFault(`has more than ${bounds.namesMax} names, ${names.length}`);
      return names.map((key) => inItem(key, () => item.encode({ name: key, value: values[key] as V })));
    },
    decode: (raw) => {
      if (!Array.isArray(raw)) throw new FieldFault("is not a list");
      if (raw.length > bounds.namesMax) throw new FieldFault(`has more than ${bounds.namesMax} names, ${raw.length}`);
      const pairs = raw.map((one, index) => inItem(String(index), () => item.decode(one)));
      const seen = new Set(pairs.map((pair) => pair.name));
      if (seen.size !== pairs.length) throw new FieldFault("has a name twice");
      return Object.fromEntries(pairs.map((pair) => [pair.name, pair.value]));
    },
  };
}

function inItem<T>(name: string, convert: () => T): T {
  try {
    return convert();
  } catch (thrown) {
    throw addName(thrown, `[${name}]`);
  }
}

/** A record of counts. */
export function counts(bounds: {
  readonly namesMax: number;
  readonly nameCharactersMax: number;
}): Codec<Readonly<Record<string, number>>> {
  return record(integer(), bounds);
}

/** Convert to a message. @throws {MillraceError} E_MESSAGE that names the field. */
export function encodeMessage<T>(codec: Codec<T>, value: T, what: string): object {
  try {
    return codec.encode(value) as object;
  } catch (thrown) {
    throw nameFault(thrown, what);
  }
}

/** Convert from a message. @throws {MillraceError} E_MESSAGE that names the field. */
export function decodeMessage<T>(codec: Codec<T>, raw: unknown, what: string): T {
  try {
    return codec.decode(raw);
  } catch (thrown) {
    throw nameFault(thrown, what);
  }
}
