// Aggregators with the names that authors use. Their states and laws are in the data plane: a result depends on the
// values alone, to the last bit, never on order, workers or retries.
//
// Each takes a codec (it aggregates the pairs of `defineJob`) or columns (those of `defineAggregation`). To add one:
// - its type: `f<S extends NumberSource | AnySource>(of: S, …): Over<S, A, E>`, or `ChoosingOver` when it has no result
//   without values; `E` is `Expr<"number">`, `ResultExpr<S>`, or `never` when the result has no order (sets, objects);
// - in it: `isColumn(name, of)` tells which, `requireKind` refuses other kinds, `codecOfExpression(of)` is the key codec
//   of a column's values, and `overColumns` wraps the aggregator of the data plane with the columns that feed it;
// - several columns: `pack` makes the aggregator's value of their values (undefined skips the row), see `distinct`.

import {
  type Aggregator,
  type AggregatorFields,
  type Codec,
  DataError,
  type FieldValues,
  type KeyCodec,
} from "@millrace/data";
import * as data from "@millrace/data";
import {
  type ColumnAggregator,
  type ColumnAggregatorBody,
  codecOfExpression,
  columnAggregatorSymbol,
  createColumnAggregator,
  isColumn,
  requireKind,
} from "../aggregation/column-aggregator.ts";
import type {
  AnySource,
  ChoosingAggregator,
  ChoosingOver,
  MissingOf,
  NumberSource,
  Over,
  ResultExpr,
  SourceValue,
} from "../aggregation/over.ts";
import { withoutOptions } from "../codec/compound.ts";
import { type Expr, type Kind, nodeOf } from "../expression/expr.ts";
import type { Plain } from "../job/infer.ts";

/** An item of `topK`. A `type`, for an interface has no index signature and `JsonValue` would refuse it. */
export type Weighted<T> = { readonly item: T; readonly weight: number };

/** Both forms: with `void` as its value an author writes `emit(word)`. */
export interface Count extends Aggregator<void, number>, ColumnAggregator<number, Expr<"number">> {}

/** What `fields` gives: the results by name. */
export type FieldResults<F> = Plain<{
  [N in keyof F]: F[N] extends Aggregator<never, infer A>
    ? F[N] extends { readonly ofNothing: null }
      ? A | null
      : A
    : never;
}>;

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
 * The arithmetic mean: the exact sum, rounded once, divided by the count.
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
 * The least value in the codec's order.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, hit.time),
 * reduce: min(time()),
 * ```
 */
export function min<S extends AnySource>(of: S): ChoosingOver<S, SourceValue<S>, ResultExpr<S>> {
  return extreme("min", data.min, of) as ChoosingOver<S, SourceValue<S>, ResultExpr<S>>;
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
  return extreme("max", data.max, of) as ChoosingOver<S, SourceValue<S>, ResultExpr<S>>;
}

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
    return overColumns({ name: "distinct", aggregator: data.distinct(codecOfExpression(of)), result }, of) as Result;
  const codec = data.tupleCodec(...columns.map((each) => data.optionalCodec(codecOfExpression(each))));
  const pack = (values: readonly unknown[]): unknown => (values.every((each) => each === null) ? undefined : values);
  return createColumnAggregator(
    { name: "distinct", aggregator: data.distinct(codec), pack, result },
    columns,
  ) as Result;
}

/**
 * The `k` items of greatest weight, heaviest first, ties by the bytes of the item.
 *
 * @param k - 1 to 10,000.
 * @throws {DataError} E_JOB_INVALID for another `k`.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, { item: hit.path, weight: hit.bytes ?? 0 }),
 * reduce: topK(10, text()),
 * output: jsonLines(),
 * ```
 */
export function topK<T>(k: number, item: Codec<T>): Aggregator<Weighted<T>, readonly Weighted<T>[]> {
  return data.topK(k, withoutOptions(item));
}

/**
 * Several aggregators over one key. A map emits an object of their values; one that is left out or `null` is skipped,
 * but `count()` counts every object. The result is an object of the same names; of no value at all a mean, quantile,
 * least or greatest is `null`.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, { bytes: hit.bytes, hosts: hit.host }),
 * reduce: fields({ hits: count(), bytes: sum(), hosts: distinct(text()) }),
 * output: jsonLines(),
 * ```
 */
export function fields<const F extends AggregatorFields>(aggregators: F): Aggregator<FieldValues<F>, FieldResults<F>> {
  const parts = Object.entries(aggregators).map(
    ([name, part]) => [name, "ofNothing" in part ? nullOfNothing(part) : part] as const,
  );
  return data.aggregateFields(Object.fromEntries(parts)) as unknown as Aggregator<FieldValues<F>, FieldResults<F>>;
}

type AnyPart = AggregatorFields[string];

/** Present the empty state, `stateBytes` zero bytes, as `null`. */
function nullOfNothing(part: AnyPart): AnyPart {
  return {
    ...part,
    present: (cell) => {
      const { bytes, offset, length } = cell;
      const empty = length === part.stateBytes && bytes.subarray(offset, offset + length).every((byte) => byte === 0);
      return empty ? null : (part.present(cell) as unknown);
    },
  };
}

/** What a column aggregator needs beside its columns. */
type Body<A> = Omit<ColumnAggregatorBody<A, never>, "pack">;

/** Feed an aggregator with one column: its missing values are skipped. The caller says its type. */
function overColumns<A>(body: Body<A>, column: Expr<Kind>): unknown {
  return createColumnAggregator<A, never>(body, [column]);
}

/** An aggregator of numbers whose result is a number. */
function overNumbers(body: Body<number>, of: NumberSource | undefined): unknown {
  if (of !== undefined && isColumn(body.name, of)) {
    requireKind(body.name, of, "number");
    return overColumns({ ...body, result: { wire: "double", optional: body.ofNothing === null } }, of);
  }
  const aggregator = numbersOf(of, body.aggregator as Aggregator<number, number>);
  return body.ofNothing === null ? choosing(aggregator) : aggregator;
}

/** An aggregator whose result is one of the values. */
function extreme(name: string, make: <T>(of: KeyCodec<T>) => Aggregator<T, T>, of: AnySource): unknown {
  if (!isColumn(name, of)) return choosing(make(withoutOptions(of)));
  const aggregator = make(codecOfExpression(of));
  const result = { wire: data.wireOfExpression(nodeOf(of)), optional: true };
  return overColumns({ name, aggregator, ofNothing: null, result }, of);
}

function choosing<V, A>(aggregator: Aggregator<V, A>): ChoosingAggregator<V, A> {
  return { ...aggregator, ofNothing: null };
}

/** Refuse fractions where a codec of whole numbers was named; the state is the same. */
function numbersOf(of: Codec<number> | undefined, aggregator: Aggregator<number, number>): Aggregator<number, number> {
  if (of === undefined) return aggregator;
  const { wire } = withoutOptions(of);
  if (wire !== "int" && wire !== "time") return aggregator;
  return {
    ...aggregator,
    add: (cell, value, place) => {
      if (!Number.isSafeInteger(value))
        throw new DataError(
          "E_VALUE_INVALID",
          `Cannot aggregate ${String(value)}: no whole number up to 2^53; emit one, or name double()`,
        );
      return aggregator.add(cell, value, place);
    },
  };
}
