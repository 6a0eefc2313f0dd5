// The usual kinds of joins, as loops over the values that the reduce of a `defineJoin` is given. Each reads the last
// input once, outside, and the others again for each of its values: the order of rows is that of the last input, then
// that of the first, and so on.

import { MillraceError, nearestName, quote } from "@millrace/core";
import type { Values } from "../job/context.ts";

/** The values of each input for a key, as a join's reduce gets them. */
export type Sides = Readonly<Record<string, Values<unknown>>>;
type ValueAt<T, N extends keyof T> = T[N] extends Values<infer V> ? V : never;
/** One value of each input. */
export type InnerRow<T> = { readonly [N in keyof T]: ValueAt<T, N> } & {};
/** One value of the input `K`, and of each other one or `null`. */
export type LeftRow<T, K> = { readonly [N in keyof T]: N extends K ? ValueAt<T, N> : ValueAt<T, N> | null } & {};
/** One value of each input, or `null`. */
export type FullRow<T> = { readonly [N in keyof T]: ValueAt<T, N> | null } & {};

/**
 * Every combination of one value of each input: nothing for a key that an input does not have.
 *
 * @example
 * ```ts
 * reduce: (key, sides, emit) => {
 *   for (const { users, hits } of innerJoin(sides)) emit({ key, country: users, bytes: hits });
 * },
 * ```
 */
export function innerJoin<T extends Sides>(sides: T): Iterable<InnerRow<T>> {
  return combine(sides, () => false) as Iterable<InnerRow<T>>;
}

/**
 * Every value of the input `keep`, with the values of the others, or `null` for an input that does not have the key.
 *
 * @throws {MillraceError} E_USER_CODE when no input is called so.
 * @example
 * ```ts
 * reduce: (key, sides, emit) => {
 *   for (const { users, hits } of leftJoin(sides, "hits")) emit({ key, country: users ?? "unknown", bytes: hits });
 * },
 * ```
 */
export function leftJoin<T extends Sides, const K extends keyof T>(sides: T, keep: K): Iterable<LeftRow<T, K>> {
  sideOf(sides, keep);
  return combine(sides, (name) => name !== keep) as Iterable<LeftRow<T, K>>;
}

/**
 * Every combination of one value of each input, with `null` for an input that does not have the key: a full outer join,
 * in which every value of every input is in a row.
 *
 * @example
 * ```ts
 * reduce: (key, sides, emit) => {
 *   for (const { users, hits } of fullJoin(sides)) emit({ key, country: users ?? "unknown", bytes: hits ?? 0 });
 * },
 * ```
 */
export function fullJoin<T extends Sides>(sides: T): Iterable<FullRow<T>> {
  return combine(sides, () => true) as Iterable<FullRow<T>>;
}

/**
 * The values of the input `of` for a key that every other input has.
 *
 * @throws {MillraceError} E_USER_CODE when no input is called so.
 * @example
 * ```ts
 * reduce: (key, sides, emit) => {
 *   for (const bytes of semiJoin(sides, "hits")) emit({ key, bytes });
 * },
 * ```
 */
export function semiJoin<T extends Sides, const K extends keyof T>(sides: T, of: K): Iterable<ValueAt<T, K>> {
  const values = sideOf(sides, of) as Values<ValueAt<T, K>>;
  return others(sides, of).every((side) => !isEmpty(side)) ? values : [];
}

/**
 * The values of the input `of` for a key that no other input has.
 *
 * @throws {MillraceError} E_USER_CODE when no input is called so.
 * @example
 * ```ts
 * reduce: (key, sides, emit) => {
 *   for (const bytes of antiJoin(sides, "hits")) emit({ key, bytes });
 * },
 * ```
 */
export function antiJoin<T extends Sides, const K extends keyof T>(sides: T, of: K): Iterable<ValueAt<T, K>> {
  const values = sideOf(sides, of) as Values<ValueAt<T, K>>;
  return others(sides, of).every((side) => isEmpty(side)) ? values : [];
}

function sideOf<T extends Sides>(sides: T, name: keyof T): Values<unknown> {
  if (Object.hasOwn(sides, name)) return sides[name] as Values<unknown>;
  const names = Object.keys(sides);
  const nearest = nearestName(String(name), names);
  throw new MillraceError(
    "E_USER_CODE",
    `Cannot join by the input ${quote(String(name))}: there is none of that name; ${nearest === undefined ? `there are ${names.map((each) => quote(each)).join(", ")}` : `did you mean ${quote(nearest)}?`}`,
  );
}

function others<T extends Sides>(sides: T, name: keyof T): readonly Values<unknown>[] {
  return Object.entries(sides).flatMap(([each, values]) => (each === name ? [] : [values]));
}

function isEmpty(values: Values<unknown>): boolean {
  return values[Symbol.iterator]().next().done === true;
}

/** Every combination, the last input outside; an input without values gives one `null` where it may be missing. */
function* combine(sides: Sides, mayMiss: (name: string) => boolean): Generator<Readonly<Record<string, unknown>>> {
  const names = Object.keys(sides);
  const last = names.pop() ?? "";
  const inner = names.map((name) => ({ name, values: valuesOf(sides, name, mayMiss) }));
  // Known before the last is read: without a value of one of these no row comes of it.
  if (inner.some(({ values }) => values.length === 0)) return;
  const rows = combinations(inner);
  let any = false;
  for (const value of sides[last] as Values<unknown>) {
    any = true;
    for (const row of rows) yield { ...row, [last]: value };
  }
  if (!any && mayMiss(last)) for (const row of rows) yield { ...row, [last]: null };
}

function valuesOf(sides: Sides, name: string, mayMiss: (name: string) => boolean): readonly unknown[] {
  const values = [...(sides[name] as Values<unknown>)];
  return values.length === 0 && mayMiss(name) ? [null] : values;
}

type Row = Readonly<Record<string, unknown>>;

/** Rows of one value of each, the first changing slowest. Iterable again and again, and never all in memory. */
function combinations(inner: readonly { readonly name: string; readonly values: readonly unknown[] }[]): Iterable<Row> {
  const [first, ...rest] = inner;
  if (first === undefined) return [{}];
  const { name, values } = first;
  if (rest.length === 0) return { [Symbol.iterator]: () => values.values().map((value) => ({ [name]: value })) };
  const below = combinations(rest);
  return {
    *[Symbol.iterator]() {
      for (const value of values) for (const row of below) yield { [name]: value, ...row };
    },
  };
}
