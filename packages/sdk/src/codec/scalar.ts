// One word for a key, a value and a parameter: `text()`, `int()`, … Each is a codec of the data plane that also parses
// the text of a command line.

import { MillraceError, quote } from "@millrace/core";
import { type KeyCodec, booleanCodec, bytesCodec, doubleCodec, intCodec, textCodec, timeCodec } from "@millrace/data";
import { parseTime } from "../param/parse-time.ts";
import type { Param, ParamDescription } from "../param/param.ts";

/** A key, a value or a parameter. With options it is a parameter only. */
export interface Scalar<in out T, out W> extends KeyCodec<T, W>, Param<T> {}

// The options are not generic (`text({ default })` could then be refused as a key by its type): a type parameter would
// lose the check for misspelt options. `defineJob` refuses options outside `params`.

/** Options of a parameter of text. */
export interface TextOptions {
  readonly default?: string;
  /** One line for people, shown by `millrace jobs`. */
  readonly about?: string;
}
/** Options of a parameter that is a number; the bounds are included. */
export interface NumberOptions {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
  readonly about?: string;
}
/** Options of a parameter that is true or false. */
export interface BooleanOptions {
  readonly default?: boolean;
  readonly about?: string;
}
/** Options of a parameter that is a time; `default` is ISO 8601 text. */
export interface TimeOptions {
  readonly default?: string;
  readonly about?: string;
}

/**
 * Text: any well-formed string, ordered by its UTF-8 bytes (by code point).
 *
 * @example
 * ```ts
 * params: { pattern: text({ default: "GET" }) },
 * key: text(),
 * ```
 */
export function text(options?: TextOptions): Scalar<string, "text"> {
  return scalar(textCodec, { type: "text", ...stated(options) }, (given) => {
    if (!given.isWellFormed()) throw refused(given, "well-formed text");
    return given;
  });
}

/**
 * A whole number from -(2^53 - 1) to 2^53 - 1.
 *
 * @throws {MillraceError} E_JOB_INVALID when the default lies outside the bounds.
 * @example
 * ```ts
 * params: { top: int({ default: 10, min: 1 }) },
 * key: int(),
 * ```
 */
export function int(options?: NumberOptions): Scalar<number, "int"> {
  return numeric(
    intCodec,
    { type: "int", form: /^[+-]?\d+$/u, what: "a whole number", fits: Number.isSafeInteger },
    options,
  );
}

/**
 * The same as {@link int}, under the name that some look for.
 *
 * @example
 * ```ts
 * params: { top: integer({ min: 1 }) },
 * ```
 */
export function integer(options?: NumberOptions): Scalar<number, "int"> {
  return int(options);
}

/**
 * A number with a fraction. As a key NaN is one group above all others, and −0 is 0. A parameter is finite.
 *
 * @throws {MillraceError} E_JOB_INVALID when the default lies outside the bounds.
 * @example
 * ```ts
 * params: { share: double({ default: 0.5, min: 0, max: 1 }) },
 * ```
 */
export function double(options?: NumberOptions): Scalar<number, "double"> {
  return numeric(
    doubleCodec,
    { type: "double", form: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu, what: "a number", fits: Number.isFinite },
    options,
  );
}

/**
 * True or false; false sorts first. As a parameter `true` or `false`.
 *
 * @example
 * ```ts
 * params: { invert: boolean({ default: false }) },
 * ```
 */
export function boolean(options?: BooleanOptions): Scalar<boolean, "boolean"> {
  return scalar(booleanCodec, { type: "boolean", ...stated(options) }, (given) => {
    if (given !== "true" && given !== "false") throw refused(given, "true or false");
    return given === "true";
  });
}

/**
 * A time as whole milliseconds since 1970: a `Date` a record would cost too much. As a parameter ISO 8601, a date or a
 * date with a time; UTC where no offset is given.
 *
 * @throws {MillraceError} E_JOB_INVALID when the default is no time.
 * @example
 * ```ts
 * params: { since: time({ default: "2026-01-01" }) },
 * key: object({ status: int(), minute: time() }),
 * ```
 */
export function time(options?: TimeOptions): Scalar<number, "time"> {
  const parse = (given: string): number => {
    const milliseconds = parseTime(given);
    if (milliseconds === undefined) throw refused(given, "a time such as 2026-01-31 or 2026-01-31T12:00:00Z");
    return milliseconds;
  };
  if (options?.default !== undefined && parseTime(options.default) === undefined)
    throw badDefault("time", options.default);
  return scalar(timeCodec, { type: "time", ...stated(options) }, parse);
}

/**
 * Bytes as they are, in unsigned byte order. A key or a value, no parameter.
 *
 * @example
 * ```ts
 * value: bytes(),
 * ```
 */
export function bytes(): KeyCodec<Uint8Array, "bytes"> {
  return bytesCodec;
}

/** Whether a codec was made with options, which only a parameter has. */
export function hasParamOptions(codec: object): boolean {
  return "description" in codec && Object.keys(codec.description as ParamDescription).length > 1;
}

function scalar<T, W>(codec: KeyCodec<T, W>, description: ParamDescription, parse: (text: string) => T): Scalar<T, W> {
  return { ...codec, description, parse };
}

/** How a number is written. */
interface NumberForm {
  readonly type: "int" | "double";
  readonly form: RegExp;
  readonly what: string;
  readonly fits: (value: number) => boolean;
}

function numeric<W>(codec: KeyCodec<number, W>, number: NumberForm, options: NumberOptions = {}): Scalar<number, W> {
  const { min, max } = options;
  const parse = (given: string): number => {
    const value = number.form.test(given) ? Number(given) + 0 : Number.NaN;
    if (!number.fits(value) || value < (min ?? value) || value > (max ?? value))
      throw refused(given, `${number.what}${boundsText(min, max)}`);
    return value;
  };
  const initial = options.default;
  if (initial !== undefined && (!number.fits(initial) || initial < (min ?? initial) || initial > (max ?? initial))) {
    throw badDefault(number.type, String(initial));
  }
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return scalar(codec, { type: number.type, ...stated(options), ...bounds }, parse);
}

function stated(
  options: { readonly default?: string | number | boolean; readonly about?: string } = {},
): Pick<ParamDescription, "default" | "about"> {
  return {
    ...(options.default === undefined ? {} : { default: String(options.default) }),
    ...(options.about === undefined ? {} : { about: options.about }),
  };
}

function boundsText(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of ${min} or more`;
  return max === undefined ? "" : ` of ${max} or less`;
}

function refused(given: string, wanted: string): MillraceError {
  return new MillraceError("E_PARAMETER", `${quote(given)} is not ${wanted}`);
}

function badDefault(type: string, given: string): MillraceError {
  return new MillraceError(
    "E_JOB_INVALID",
    `Cannot use ${quote(given)} as default of ${type}(): it is not a value of the parameter; change it or the bounds`,
  );
}
