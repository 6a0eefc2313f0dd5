// What the aggregators of authors are made with: one function for both forms, a codec or columns.
//
// Each takes a codec (it aggregates the pairs of `defineJob`) or columns (those of `defineAggregation`). To add one:
// - its type: `f<S extends NumberSource | AnySource>(of: S, …): Over<S, A, E>`, or `ChoosingOver` when it has no result
//   without values; `E` is `Expr<"number">`, `ResultExpr<S>`, or `never` when the result has no order (sets, objects);
// - in it: `isColumn(name, of)` tells which, `requireKind` refuses other kinds, `codecOfExpression(of)` is the key codec
//   of a column's values, and `overColumn` wraps the aggregator of the data plane with the column that feeds it;
// - several columns: `pack` makes the aggregator's value of their values (undefined skips the row), see `distinct`.

import { MillraceError } from "@millrace/core";
import {
  type Aggregator,
  type Codec,
  DataError,
  type KeyCodec,
  type ScalarWire,
  keepKernelState,
  kernelStateOf,
  wireOfExpression,
} from "@millrace/data";
import {
  type ColumnAggregatorBody,
  codecOfExpression,
  createColumnAggregator,
  isColumn,
  requireKind,
} from "../aggregation/column-aggregator.ts";
import type { ChoosingAggregator, NumberSource } from "../aggregation/over.ts";
import { type AnyCodec, withoutOptions } from "../codec/compound.ts";
import { type Expr, type Kind, nodeOf } from "../expression/expr.ts";

/** A column, or any codec: of values that are kept as they are and not compared. */
export type ItemSource = AnyCodec | Expr<Kind>;

/** Feed an aggregator with one column: its missing values are skipped. The caller says its type. */
export function overColumn<A>(body: ColumnAggregatorBody<A, never>, column: Expr<Kind>): unknown {
  return createColumnAggregator<A, never>(body, [column]);
}

/** An aggregator of numbers whose result is a number; one that presents `null` of too few values `canBeNull`. */
export interface NumberBody {
  readonly name: string;
  readonly aggregator: Aggregator<number, number | null>;
  readonly ofNothing?: null;
  readonly canBeNull?: boolean;
}

/** Feed an aggregator of numbers. The caller says its type. */
export function overNumbers({ canBeNull, ...body }: NumberBody, of: NumberSource | undefined): unknown {
  if (of !== undefined && isColumn(body.name, of)) {
    requireKind(body.name, of, "number");
    const optional = canBeNull === true || body.ofNothing === null;
    return overColumn({ ...body, result: { wire: "double", optional } }, of);
  }
  const aggregator = numbersOf(of, body.aggregator);
  return body.ofNothing === null ? choosing(aggregator) : aggregator;
}

/** An aggregator whose result is one of the values. */
export function overValues(
  name: "min" | "max" | "first" | "last",
  make: (of: KeyCodec<unknown>) => Aggregator<unknown, unknown>,
  of: ItemSource,
): unknown {
  if (!isColumn(name, of)) return choosing(make(withoutOptions(of) as KeyCodec<unknown>));
  const aggregator = make(codecOfExpression(of)) as Aggregator<never, unknown>;
  return overColumn({ name, aggregator, ofNothing: null, result: resultOf(of) }, of);
}

/** The form of a result that is a value of the column, or missing. */
export function resultOf(of: Expr<Kind>): { readonly wire: ScalarWire; readonly optional: boolean } {
  return { wire: wireOfExpression(nodeOf(of)), optional: true };
}

/** The error of a column where a codec stands, or the other way. */
export function refuseMixed(name: string): MillraceError {
  return new MillraceError(
    "E_JOB_INVALID",
    `Cannot use ${name}() on a codec and a column: one is of a job with a map function, the other of an aggregation; give two of a kind`,
  );
}

/** Say that an aggregator has no result without values. */
export function choosing<V, A>(aggregator: Aggregator<V, A>): ChoosingAggregator<V, A> {
  return { ...aggregator, ofNothing: null };
}

/** Refuse fractions where a codec of whole numbers was named; the state is the same. */
export function numbersOf<A>(of: Codec<number> | undefined, aggregator: Aggregator<number, A>): Aggregator<number, A> {
  if (of === undefined) return aggregator;
  const { wire } = withoutOptions(of);
  if (wire !== "int" && wire !== "time") return aggregator;
  const whole: Aggregator<number, A> = {
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
  // What kernels add are safe integers.
  return kernelStateOf(aggregator) === undefined ? whole : keepKernelState(whole);
}
