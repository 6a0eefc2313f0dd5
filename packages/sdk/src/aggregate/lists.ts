// Aggregators whose result is several of the values: the heaviest, a sample, all different ones.

import type { Aggregator, Codec, KeyCodec, ValueOf } from "@millrace/data";
import * as data from "@millrace/data";
import {
  codecOfExpression,
  type ColumnAggregator,
  createColumnAggregator,
  isColumn,
  type PackValues,
  requireKind,
} from "../aggregation/column-aggregator.ts";
import type { AnySource, Over, SourceValue } from "../aggregation/over.ts";
import { withoutOptions } from "../codec/compound.ts";
import { type Expr, isExpr, type Kind } from "../expression/expr.ts";
import { type ItemSource, overColumn, refuseMixed } from "./over-sources.ts";

/** An item of `topK`. A `type`, for an interface has no index signature and `JsonValue` would refuse it. */
export type Weighted<T> = { readonly item: T; readonly weight: number };

/** Values of a source; of a column only those that are there. */
export type PresentValue<S> = S extends Expr<Kind> ? Exclude<SourceValue<S>, null> : ValueOf<S>;

/** What weighs an item: a column beside a column; a map function emits the weight with the item. */
export type WeightSource<S> = S extends Expr<Kind> ? readonly [weight: Expr<"number">] : readonly [];

/** The heaviest items of a group. */
export type Heaviest<S> = [S] extends [Expr<Kind>]
  ? ColumnAggregator<readonly Weighted<PresentValue<S>>[], never>
  : Aggregator<Weighted<ValueOf<S>>, readonly Weighted<ValueOf<S>>[]>;

/**
 * The `k` items of greatest weight, heaviest first, ties by the bytes of the item. Each emitted item, in an aggregation
 * each row, has its own weight: to add up weights of equal items, group by the item. In an aggregation
 * (`topK(10, log.path, log.bytes)`) a row with either missing is skipped.
 *
 * @param k - 1 to 10,000.
 * @throws {DataError} E_JOB_INVALID for another `k`; E_VALUE_INVALID for a weight that is NaN.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, { item: hit.path, weight: hit.bytes ?? 0 }),
 * reduce: topK(10, text()),
 * output: jsonLines(),
 * ```
 */
export function topK<S extends ItemSource>(k: number, item: S, ...weight: WeightSource<S>): Heaviest<S> {
  const [by]: readonly unknown[] = weight;
  const isItemColumn = isColumn("topK", item);
  if (isItemColumn !== isExpr(by)) throw refuseMixed("topK");
  if (!isItemColumn) return data.topK(k, withoutOptions(item) as Codec<unknown>) as unknown as Heaviest<S>;
  requireKind("topK", by as Expr<Kind>, "number");
  const aggregator = data.topK(k, codecOfExpression(item));
  return createColumnAggregator<readonly Weighted<unknown>[], never>({ name: "topK", aggregator, pack: packWeighted }, [
    item,
    by as Expr<Kind>,
  ]) as unknown as Heaviest<S>;
}

const packWeighted: PackValues = ([item, weight]) =>
  item === null || weight === null || Number.isNaN(weight) ? undefined : { item, weight };

/**
 * `k` of the values, each with the same chance, in random order; all of them when there are fewer. Chosen by where they
 * stand in the input: the same whenever the job runs over the same splits of the same files. In an aggregation missing
 * values are skipped.
 *
 * @param k - 1 to 10,000.
 * @throws {DataError} E_JOB_INVALID for another `k`.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.status, hit.path),
 * key: int(),
 * reduce: sample(5, text()),
 * output: jsonLines(),
 * ```
 */
export function sample<S extends ItemSource>(k: number, of: S): Over<S, readonly PresentValue<S>[], never> {
  type Result = Over<S, readonly PresentValue<S>[], never>;
  if (!isColumn("sample", of)) return data.sample(k, withoutOptions(of) as Codec<unknown>) as unknown as Result;
  return overColumn({ name: "sample", aggregator: data.sample(k, codecOfExpression(of)) }, of) as Result;
}

/**
 * The different values, in their order. One more than `max` of them fails the job: use `distinct()` to count many, or a
 * key of (group, value) to have them as records. In an aggregation missing values are skipped.
 *
 * @param options - `max`: 1 to 100,000; 1,000 when absent.
 * @throws {DataError} E_JOB_INVALID for another `max`; E_VALUE_INVALID, when the job runs, for a value too many.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, hit.method),
 * reduce: set(text(), { max: 20 }),
 * output: jsonLines(),
 * ```
 */
export function set<S extends AnySource>(
  of: S,
  options?: { readonly max?: number },
): Over<S, readonly PresentValue<S>[], never> {
  type Result = Over<S, readonly PresentValue<S>[], never>;
  if (!isColumn("set", of)) return data.set(withoutOptions(of) as KeyCodec<unknown>, options) as unknown as Result;
  return overColumn({ name: "set", aggregator: data.set(codecOfExpression(of), options) }, of) as Result;
}
