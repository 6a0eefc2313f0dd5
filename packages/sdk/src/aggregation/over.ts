// One rule for both forms of an aggregator, without overloads: given a codec it aggregates the pairs of a function job,
// given an expression the columns of an aggregation. Types alone.

import type { Aggregator, Codec, ValueOf } from "@millrace/data";
import type { AnyKeyCodec } from "../codec/compound.ts";
import type { Expr, ExprValue, Kind } from "../expression/expr.ts";
import type { ColumnAggregator } from "./column-aggregator.ts";

/** What `sum` and its like take. */
export type NumberSource = Codec<number> | Expr<"number">;
/** What `min`, `distinct` and their like take. */
export type AnySource = AnyKeyCodec | Expr<Kind>;
/** The values of a source. */
export type SourceValue<S> = S extends Expr<Kind> ? ExprValue<S> : ValueOf<S>;
/** `null` where the source is an expression that may be missing. */
export type MissingOf<S> = S extends Expr<Kind, infer M> ? M : never;
/** What stands for a result of the source's own kind in `having` and `top`. */
export type ResultExpr<S> = S extends Expr<infer K> ? Expr<K> : never;

/** An aggregator that has no result where it was given no value: in `fields` its result may be `null`. */
export interface ChoosingAggregator<in V, out A> extends Aggregator<V, A> {
  readonly ofNothing: null;
}

/**
 * The aggregator over source `S` with result `A`, which `E` stands for. The last branch is what a wrong argument leaves
 * (`S` falls back to its constraint): being both, it adds no second message to the one at the argument.
 */
export type Over<S, A, E> = [S] extends [Expr<Kind>]
  ? ColumnAggregator<A, E>
  : [S] extends [Codec<infer V>]
    ? Aggregator<V, A>
    : // eslint-disable-next-line typescript/no-explicit-any
      Aggregator<any, A> & ColumnAggregator<A, E>;

/** As {@link Over}, of an aggregator that has no result without values. */
export type ChoosingOver<S, A, E> = [S] extends [Expr<Kind>]
  ? ColumnAggregator<A, E>
  : [S] extends [Codec<infer V>]
    ? ChoosingAggregator<V, A>
    : // eslint-disable-next-line typescript/no-explicit-any
      ChoosingAggregator<any, A> & ColumnAggregator<A, E>;
