// Aggregators whose result is one of the values: the least, the greatest, the first, the last.

import type { Aggregator, Codec, KeyCodec, Ordered as OrderedItem, ValueOf } from "@millrace/data";
import * as data from "@millrace/data";
import {
  codecOfExpression,
  type ColumnAggregator,
  createColumnAggregator,
  isColumn,
  type PackValues,
} from "../aggregation/column-aggregator.ts";
import type {
  AnySource,
  ChoosingAggregator,
  ChoosingOver,
  MissingOf,
  ResultExpr,
  SourceValue,
} from "../aggregation/over.ts";
import { type AnyKeyCodec, withoutOptions } from "../codec/compound.ts";
import type { Expr, Kind } from "../expression/expr.ts";
import { choosing, type ItemSource, overValues, refuseMixed, resultOf } from "./over-sources.ts";

/** A value of `minBy` and `maxBy`: an item, and what it is chosen by. */
export type Ordered<T, B> = { readonly item: T; readonly by: B };

/** What an item is chosen by: of the same form as the item, a codec or a column. */
export type OrderSource<S> = S extends Expr<Kind> ? Expr<Kind> : AnyKeyCodec;

/** The item of a group, chosen by `B`: of a job with a map function, or of an aggregation. */
export type ChosenBy<S, B> = [S] extends [Expr<Kind>]
  ? ColumnAggregator<SourceValue<S> | MissingOf<B>, ResultExpr<S>>
  : ChoosingAggregator<Ordered<ValueOf<S>, ValueOf<B>>, ValueOf<S>>;

/**
 * The least value in the codec's order.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, hit.time),
 * reduce: min(time()),
 * ```
 */
export function min<S extends AnySource>(of: S): ChoosingOver<S, SourceValue<S>, ResultExpr<S>> {
  return overValues("min", data.min, of) as ChoosingOver<S, SourceValue<S>, ResultExpr<S>>;
}

/**
 * The greatest value in the codec's order.
 *
 * @example
 * ```ts
 * reduce: max(time()),
 * ```
 */
export function max<S extends AnySource>(of: S): ChoosingOver<S, SourceValue<S>, ResultExpr<S>> {
  return overValues("max", data.max, of) as ChoosingOver<S, SourceValue<S>, ResultExpr<S>>;
}

/**
 * The item of the least order value, ties by the bytes of the item. In an aggregation a row with either missing is
 * skipped.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, { item: hit.path, by: hit.time }),
 * reduce: minBy(text(), time()),
 * ```
 */
export function minBy<S extends ItemSource, B extends OrderSource<S>>(item: S, by: B): ChosenBy<S, B> {
  return chosenBy("minBy", data.minBy, [item, by]) as ChosenBy<S, B>;
}

/**
 * The item of the greatest order value, ties by the bytes of the item: the least bytes win. In an aggregation a row with
 * either missing is skipped.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, { item: hit.path, by: hit.bytes ?? 0 }),
 * reduce: maxBy(text(), int()),
 * ```
 */
export function maxBy<S extends ItemSource, B extends OrderSource<S>>(item: S, by: B): ChosenBy<S, B> {
  return chosenBy("maxBy", data.maxBy, [item, by]) as ChosenBy<S, B>;
}

/**
 * The value that comes first in the input: of the first split that has one, and there of what was emitted first. In a
 * later job of a chain the reducers of the one before stand for splits. For the first by a time or a number of the record
 * see {@link minBy}. In an aggregation missing values are skipped.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, hit.path),
 * reduce: first(text()),
 * ```
 */
export function first<S extends ItemSource>(of: S): ChoosingOver<S, SourceValue<S>, ResultExpr<S>> {
  return overValues("first", data.first, of) as ChoosingOver<S, SourceValue<S>, ResultExpr<S>>;
}

/**
 * The value that comes last in the input: as {@link first}, from the other end. For the last by a time or a number of the
 * record see {@link maxBy}.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, hit.path),
 * reduce: last(text()),
 * ```
 */
export function last<S extends ItemSource>(of: S): ChoosingOver<S, SourceValue<S>, ResultExpr<S>> {
  return overValues("last", data.last, of) as ChoosingOver<S, SourceValue<S>, ResultExpr<S>>;
}

type MakeBy = (item: Codec<unknown>, by: KeyCodec<unknown>) => Aggregator<OrderedItem<unknown, unknown>, unknown>;

const packOrdered: PackValues = ([item, by]) => (item === null || by === null ? undefined : { item, by });

function chosenBy(name: "minBy" | "maxBy", make: MakeBy, [item, by]: readonly [ItemSource, AnySource]): unknown {
  const isItemColumn = isColumn(name, item);
  const isByColumn = isColumn(name, by);
  if (isItemColumn && isByColumn) {
    const aggregator = make(codecOfExpression(item), codecOfExpression(by));
    return createColumnAggregator<unknown, never>(
      { name, aggregator, pack: packOrdered, ofNothing: null, result: resultOf(item) },
      [item, by],
    );
  }
  if (!isItemColumn && !isByColumn) return choosing(make(withoutOptions(item), withoutOptions(by)));
  throw refuseMixed(name);
}
