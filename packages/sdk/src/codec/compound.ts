// Codecs made of codecs, with the names that authors use. The work is done in the data plane.

import { MillraceError, quote } from "@millrace/core";
import {
  type Codec,
  type KeyCodec,
  type ValueOf,
  type WireOf,
  isKeyCodec,
  jsonCodec,
  listCodec,
  objectCodec,
  optionalCodec,
  tupleCodec,
} from "@millrace/data";
import type { Fixed, Plain } from "../job/infer.ts";
import { kindOf } from "../job/kind-of.ts";
import { hasParamOptions } from "./scalar.ts";

/** What a `jsonLines()` without codec gives. An `interface` of the author is not assignable (it has no index signature): use a `type`, or `jsonLines<T>()`. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

// The codecs of a tuple or an object have values of any types; only `any` is both in and out.
// eslint-disable-next-line typescript/no-explicit-any
export type AnyCodec = Codec<any>;
// eslint-disable-next-line typescript/no-explicit-any
export type AnyKeyCodec = KeyCodec<any>;
/** Codecs by field name. */
export type Fields = Readonly<Record<string, AnyCodec>>;
/** The object that fields describe. */
export type ObjectOf<F> = Plain<{ [N in keyof F]: ValueOf<F[N]> }>;
/** Wire forms of fields. */
export type WiresOf<F> = Plain<{ [N in keyof F]: WireOf<F[N]> }>;

/**
 * Any JSON value, as a value only: JSON text has no useful order. What JSON would change (NaN, infinities) is refused.
 *
 * @example
 * ```ts
 * value: json<string[]>(),
 * ```
 */
export function json<T = JsonValue>(): Codec<Fixed<T>, "json"> {
  return jsonCodec<Fixed<T>>();
}

/**
 * A value that may be missing: `null`, which sorts first.
 *
 * @example
 * ```ts
 * key: optional(text()),
 * ```
 */
export function optional<T, W>(codec: KeyCodec<T, W>): KeyCodec<T | null, { readonly optional: W }> {
  return optionalCodec(requireKeyCodec(codec, "optional()"));
}

/**
 * Any number of values of one codec, as a value only.
 *
 * @example
 * ```ts
 * value: list(text()),
 * ```
 */
export function list<T, W>(item: Codec<T, W>): Codec<readonly T[], readonly W[]> {
  return listCodec(withoutOptions(item));
}

/**
 * Several keys as one, ordered by the first, then the second, and so on.
 *
 * @example
 * ```ts
 * key: tuple(text(), int()),   // emit([hit.host, hit.status], 1)
 * ```
 */
export function tuple<const C extends readonly AnyKeyCodec[]>(
  ...parts: C
): KeyCodec<{ readonly [I in keyof C]: ValueOf<C[I]> }, { readonly [I in keyof C]: WireOf<C[I]> }> {
  for (const part of parts) requireKeyCodec(part, "tuple()");
  return tupleCodec(...parts) as unknown as KeyCodec<
    { readonly [I in keyof C]: ValueOf<C[I]> },
    { readonly [I in keyof C]: WireOf<C[I]> }
  >;
}

/**
 * Named fields, in the order in which they are written. A key codec when each field has one.
 *
 * @example
 * ```ts
 * key: object({ status: int(), minute: time() }),
 * ```
 */
export function object<const F extends Fields>(
  fields: F,
): F extends Readonly<Record<string, AnyKeyCodec>>
  ? KeyCodec<ObjectOf<F>, WiresOf<F>>
  : Codec<ObjectOf<F>, WiresOf<F>> {
  if (typeof fields !== "object" || fields === null || isCodec(fields))
    throw new MillraceError(
      "E_JOB_INVALID",
      "Cannot make an object(): it is given no fields; give an object of codecs by name, as in object({ id: text() })",
    );
  for (const [name, field] of Object.entries(fields)) withoutOptions(field, `the field ${quote(name)} of object()`);
  return objectCodec(fields);
}

/**
 * Refuse what is no codec, and a codec that was made with a parameter's options.
 *
 * @param what - the place that it is given to, in messages.
 * @throws {MillraceError} E_JOB_INVALID.
 */
export function withoutOptions<C extends AnyCodec>(codec: C, what?: string): C {
  if (!isCodec(codec)) {
    const given = codec as unknown;
    const hint =
      typeof given === "function"
        ? "call it, as in text()"
        : isFields(given)
          ? "write object({ … }) around the fields"
          : "give one such as text()";
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot use ${given === undefined ? "nothing" : kindOf(given)} as a codec${what === undefined ? "" : `, as ${what}`}; ${hint}`,
    );
  }
  if (!hasParamOptions(codec)) return codec;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use a codec with options (${JSON.stringify(codec.wire)}): default, min, max and about belong to parameters; write it without options`,
  );
}

function requireKeyCodec<C extends AnyKeyCodec>(codec: C, what: string): C {
  const checked = withoutOptions(codec, `part of ${what}`);
  if (isKeyCodec(checked)) return checked;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use the codec ${JSON.stringify((checked as AnyCodec).wire)} in ${what}: it has no order; use a codec such as text(), int() or a tuple() of them`,
  );
}

/** Tell whether a value is a codec. */
export function isCodec(value: unknown): value is Codec<unknown> {
  return typeof value === "object" && value !== null && "encodeTo" in value && "decodeFrom" in value && "wire" in value;
}

function isFields(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.values(value).some((field) => isCodec(field));
}
