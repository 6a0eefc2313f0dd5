// Counts, sums, and what is made of sums: numbers that are exact inside and rounded once, when they are read.

import type { Aggregator, Codec, VarianceOptions } from "@millrace/data";
import * as data from "@millrace/data";
import { type ColumnAggregator, columnAggregatorSymbol } from "../aggregation/column-aggregator.ts";
import type { ChoosingOver, MissingOf, NumberSource, Over } from "../aggregation/over.ts";
import type { Expr } from "../expression/expr.ts";
import { overNumbers } from "./over-sources.ts";

/** Both forms: with `void` as its value an author writes `emit(word)`. */
export interface Count extends Aggregator<void, number>, ColumnAggregator<number, Expr<"number">> {}

/**
 * Count the values of a key; a map emits the key alone. In an aggregation it counts rows.
 *
 * @example
 * ```ts
 * map: (line, emit) => emit(line),
 * reduce: count(),
 * ```
 */
export function count(): Count {
  const aggregator = data.count();
  const body = { name: "count", aggregator, result: { wire: "int", optional: false } } as const;
  return { ...aggregator, columns: [], [columnAggregatorSymbol]: body };
}

/**
 * Sum numbers: exact inside, rounded once at the end. With `int()` a value that is no whole number is refused.
 *
 * @example
 * ```ts
 * map: (line, emit) => emit(line, 1),
 * reduce: sum(),
 * ```
 */
export function sum<S extends NumberSource = Codec<number>>(of?: S): Over<S, number, Expr<"number">> {
  return overNumbers({ name: "sum", aggregator: data.sum() }, of) as Over<S, number, Expr<"number">>;
}

/**
 * The arithmetic mean: exact inside, rounded once at the end, and finite where all values are.
 *
 * @example
 * ```ts
 * reduce: mean(),
 * ```
 */
export function mean<S extends NumberSource = Codec<number>>(
  of?: S,
): ChoosingOver<S, number | MissingOf<S>, Expr<"number">> {
  type Result = ChoosingOver<S, number | MissingOf<S>, Expr<"number">>;
  return overNumbers({ name: "mean", aggregator: data.mean(), ofNothing: null }, of) as Result;
}

/**
 * The variance: exact inside, rounded once at the end. Of a sample, as SQL's `variance`; with `population` of all there
 * is, divided by n and not by n − 1. `null` of fewer than two values of a sample, NaN when one of them is not finite.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, hit.bytes ?? 0),
 * reduce: variance(double(), { population: true }),
 * output: jsonLines(),
 * ```
 */
export function variance<S extends NumberSource = Codec<number>>(
  of?: S,
  options?: VarianceOptions,
): Over<S, number | null, Expr<"number">> {
  type Result = Over<S, number | null, Expr<"number">>;
  return overNumbers({ name: "variance", aggregator: data.variance(options), canBeNull: true }, of) as Result;
}

/**
 * The square root of the {@link variance}.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, hit.bytes ?? 0),
 * reduce: standardDeviation(),
 * output: jsonLines(),
 * ```
 */
export function standardDeviation<S extends NumberSource = Codec<number>>(
  of?: S,
  options?: VarianceOptions,
): Over<S, number | null, Expr<"number">> {
  type Result = Over<S, number | null, Expr<"number">>;
  const aggregator = data.standardDeviation(options);
  return overNumbers({ name: "standardDeviation", aggregator, canBeNull: true }, of) as Result;
}
