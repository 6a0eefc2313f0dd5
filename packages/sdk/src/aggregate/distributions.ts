// How values are spread: quantiles, histograms, how many are different.

import type { KeyCodec } from "@millrace/data";
import * as data from "@millrace/data";
import { codecOfExpression, createColumnAggregator, isColumn, requireKind } from "../aggregation/column-aggregator.ts";
import type { AnySource, ChoosingOver, MissingOf, NumberSource, Over } from "../aggregation/over.ts";
import { withoutOptions } from "../codec/compound.ts";
import type { Expr, Kind } from "../expression/expr.ts";
import { numbersOf, overColumn, overNumbers } from "./over-sources.ts";

/** A bucket of a histogram: values above the bound before and up to `atMost`; the last has no bound, `null`. */
export type Bucket = { readonly atMost: number | null; readonly count: number };

/**
 * The value below which a share `q` of the values lies, within 1 % of it (DDSketch).
 *
 * @param q - 0 to 1.
 * @throws {DataError} E_JOB_INVALID for another `q`.
 * @example
 * ```ts
 * reduce: quantile(double(), 0.99),
 * ```
 */
export function quantile<S extends NumberSource>(
  of: S,
  q: number,
): ChoosingOver<S, number | MissingOf<S>, Expr<"number">> {
  type Result = ChoosingOver<S, number | MissingOf<S>, Expr<"number">>;
  return overNumbers({ name: "quantile", aggregator: data.quantile(q), ofNothing: null }, of) as Result;
}

/**
 * How many values lie in each bucket: above the bound before it and up to its own bound, which is included; the last
 * bucket has what lies above all bounds, NaN too. `linearBounds` and `exponentialBounds` make bounds.
 *
 * @param bounds - 1 to 1,000 finite numbers, ascending.
 * @throws {DataError} E_JOB_INVALID for other bounds.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, hit.bytes ?? 0),
 * reduce: histogram(double(), [100, 1_000, 10_000]),
 * output: jsonLines(),
 * ```
 */
export function histogram<S extends NumberSource>(of: S, bounds: readonly number[]): Over<S, readonly Bucket[], never> {
  type Result = Over<S, readonly Bucket[], never>;
  const aggregator = data.histogram(bounds);
  if (!isColumn("histogram", of)) return numbersOf(of, aggregator) as unknown as Result;
  requireKind("histogram", of, "number");
  return overColumn({ name: "histogram", aggregator }, of) as Result;
}

/**
 * Bounds at equal distances, for {@link histogram}.
 *
 * @param start - the first.
 * @param width - what each is above the one before.
 * @param count - how many; 1 to 1,000.
 * @throws {DataError} E_JOB_INVALID when they do not ascend.
 * @example
 * ```ts
 * reduce: histogram(double(), linearBounds(0, 5, 4)),   // 0, 5, 10, 15
 * output: jsonLines(),
 * ```
 */
export function linearBounds(start: number, width: number, count: number): readonly number[] {
  return data.linearBounds(start, width, count);
}

/**
 * Bounds at equal ratios, for a {@link histogram} of values of many sizes.
 *
 * @param start - the first, above 0.
 * @param factor - what each is of the one before, above 1.
 * @param count - how many; 1 to 1,000.
 * @throws {DataError} E_JOB_INVALID when they do not ascend.
 * @example
 * ```ts
 * reduce: histogram(double(), exponentialBounds(1, 10, 6)),   // 1, 10, 100, …, 100,000
 * output: jsonLines(),
 * ```
 */
export function exponentialBounds(start: number, factor: number, count: number): readonly number[] {
  return data.exponentialBounds(start, factor, count);
}

/**
 * How many different values a key has: exact up to 1,024, beyond that HyperLogLog++ with a standard error of 0.81 %.
 * Of several columns it counts combinations: a missing value is one of its own there, and only a row without any is
 * skipped.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, hit.host),
 * reduce: distinct(text()),
 * ```
 */
export function distinct<S extends AnySource>(of: S, ...more: readonly Expr<Kind>[]): Over<S, number, Expr<"number">> {
  type Result = Over<S, number, Expr<"number">>;
  if (!isColumn("distinct", of)) return data.distinct(withoutOptions(of) as KeyCodec<unknown>) as unknown as Result;
  const columns = [of, ...more.filter((each) => isColumn("distinct", each))];
  const result = { wire: "int", optional: false } as const;
  if (columns.length === 1)
    return overColumn({ name: "distinct", aggregator: data.distinct(codecOfExpression(of)), result }, of) as Result;
  const codec = data.tupleCodec(...columns.map((each) => data.optionalCodec(codecOfExpression(each))));
  const pack = (values: readonly unknown[]): unknown => (values.every((each) => each === null) ? undefined : values);
  return createColumnAggregator(
    { name: "distinct", aggregator: data.distinct(codec), pack, result },
    columns,
  ) as Result;
}
