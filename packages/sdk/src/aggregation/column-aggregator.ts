// An aggregator that reads columns: one of the data plane, and the expressions that feed it. `sum(log.bytes)` is one,
// `sum()` is not. What an aggregation's `reduce` is made of.

import { MillraceError } from "@millrace/core";
import {
  type Aggregator,
  type ExpressionValue,
  type KeyCodec,
  type ScalarWire,
  showExpression,
  wireOfExpression,
} from "@millrace/data";
import { type Expr, type Kind, isExpr, kindOfWire, nodeOf } from "../expression/expr.ts";
import { scalarCodec } from "../expression/table.ts";

/** Key of the engine's side of a column aggregator. Global, so that two copies of this module agree. */
export const columnAggregatorSymbol: unique symbol = Symbol.for("millrace.columnAggregator");

/**
 * An aggregator that reads columns and gives one `A` for each group. `E` stands for its result in `having` and `top`;
 * `never` when that has no order.
 */
export interface ColumnAggregator<out A, out E> {
  /** The expressions that feed it. */
  readonly columns: readonly Expr<Kind>[];
  readonly [columnAggregatorSymbol]: ColumnAggregatorBody<A, E>;
}

/** Makes a value for the aggregator of the columns' values; undefined skips the row. The array is used again: keep nothing of it. */
export type PackValues = (values: readonly ExpressionValue[]) => unknown;

/** Engine's side of a column aggregator. */
export interface ColumnAggregatorBody<out A, out E> {
  /** Name of the function that made it, for messages: `sum`. */
  readonly name: string;
  readonly aggregator: Aggregator<never, A>;
  /**
   * What a row adds. Without columns: nothing, but each row is added. With one and no `pack`: its value, a missing one is
   * skipped. Else what `pack` makes of the values.
   */
  readonly pack?: PackValues;
  /** What a group without any value has, in place of what the aggregator presents. */
  readonly ofNothing?: null;
  /** How the result looks in `having` and `top`: absent when it has no order. */
  readonly result?: { readonly wire: ScalarWire; readonly optional: boolean };
  /** Never there: carries the type. */
  readonly expression?: E;
}

/**
 * Make a column aggregator.
 *
 * @param body - its engine's side.
 * @param columns - none when each row counts, whatever it holds.
 */
export function createColumnAggregator<A, E>(
  body: ColumnAggregatorBody<A, E>,
  columns: readonly Expr<Kind>[],
): ColumnAggregator<A, E> {
  return { columns, [columnAggregatorSymbol]: body };
}

/** Whether something is a column aggregator. */
export function isColumnAggregator(value: unknown): value is ColumnAggregator<unknown, unknown> {
  return typeof value === "object" && value !== null && columnAggregatorSymbol in value;
}

/** Take the engine's side of a column aggregator. */
export function columnAggregatorBody<A, E>(aggregator: ColumnAggregator<A, E>): ColumnAggregatorBody<A, E> {
  return aggregator[columnAggregatorSymbol];
}

/** The key codec of an expression's values; missing ones are the caller's. */
export function codecOfExpression(expression: Expr<Kind>): KeyCodec<unknown> {
  return scalarCodec(wireOfExpression(nodeOf(expression)));
}

/**
 * Refuse an expression of a kind that an aggregator cannot take.
 *
 * @throws {MillraceError} E_JOB_INVALID that names the expression, its kind, and the aggregator.
 */
export function requireKind(name: string, expression: Expr<Kind>, kind: Kind): void {
  const node = nodeOf(expression);
  const given = kindOfWire(wireOfExpression(node));
  if (given === kind) return;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use ${name}() on ${showExpression(node)}: it is a ${given}, not a ${kind}; name a column that is one`,
  );
}

/** Tell a column from a codec. @throws {MillraceError} E_JOB_INVALID for what is neither. */
export function isColumn(name: string, of: unknown): of is Expr<Kind> {
  if (isExpr(of)) return true;
  if (typeof of === "object" && of !== null && "encodeTo" in of) return false;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use ${name}() on ${of === undefined || of === null ? "nothing" : `a ${typeof of}`}: that is neither a codec nor a column; write ${name}(log.bytes), or ${name}(int()) in a job with a map function`,
  );
}
