// `defineAggregation`: groups of a log or a table, told and not programmed. Read the "why" comments before changing a
// signature: most of the odd lines are there for one message or one hover.

import type { Condition, Expr, ExprValue, Kind } from "../expression/expr.ts";
import type { Input, Output } from "../format/format.ts";
import type { Fixed, NoMainOutput, Plain } from "../job/infer.ts";
import { type Job, createJob } from "../job/job.ts";
import type { Param, Params } from "../param/param.ts";
import { aggregationProgram } from "./aggregation-program.ts";
import { checkAggregation } from "./check-aggregation.ts";
import type { ColumnAggregator } from "./column-aggregator.ts";

type GroupValues<G> = { [N in keyof G]: ExprValue<G[N]> };
type MeasureValues<M> = { [N in keyof M]: M[N] extends ColumnAggregator<infer A, unknown> ? A : never };
/** The rows of a grouping: what it groups by, then its results. */
export type Row<G, M> = Plain<GroupValues<G> & MeasureValues<M>>;
type ResultOf<C> = C extends ColumnAggregator<unknown, infer E> ? E : never;
/** The results that have an order, as columns of the row. */
export type RankedExprs<M> = {
  readonly [N in keyof M as [ResultOf<M[N]>] extends [never] ? never : N]: ResultOf<M[N]>;
};
/** `T[N]`, where it is known. */
export type At<T, N> = N extends keyof T ? T[N] : never;

/** One grouping, less its `groupBy`, which is `G`. */
export interface GroupingDefinition<G, M> {
  /** Which records it takes, of those that the job's own `where` leaves. */
  readonly where?: Condition;
  /** What each group comes to. */
  readonly reduce: M & { readonly [X in keyof M]: ColumnAggregator<unknown, unknown> } & {
    readonly [X in keyof G]?: "This name is already taken in `groupBy`";
  };
  /** Which groups are kept: a condition over the row. */
  readonly having?: (row: Plain<G & RankedExprs<Fixed<M>>>) => Condition;
  /**
   * Keeps the groups of highest `by` of all, in that order; of two of one rank the lesser in `groupBy` comes first.
   * `count` is 1 to 10,000, or a parameter.
   */
  readonly top?: { readonly by: keyof RankedExprs<M>; readonly count: number | Param<number> };
  readonly output: Output<Row<G, M>>;
}

/**
 * Define a job that groups records and aggregates their columns: several groupings of one scan, each with an output of
 * its own, the folder of its name below the job's output.
 *
 * A missing value compares as false, is one group that sorts first, and is skipped by aggregators; `count()` counts rows.
 * `groupBy: {}` makes one group of all, and so one row; of no records at all it makes none. With `words` in it a grouping
 * has a row for each word. The properties of a row stand in the order of `groupBy`, then of `reduce`. Rows of a part file
 * are in the order of `groupBy`; those of a top list by rank, in one file.
 *
 * @throws {MillraceError} E_JOB_INVALID for what the types refuse too: unknown columns with the nearest name, texts
 * beside numbers, aggregators without a column.
 * @example
 * ```ts
 * import { combinedLog, count, defineAggregation, floorTime, jsonLines, quantile, sum } from "millrace";
 *
 * const log = combinedLog();
 *
 * export default defineAggregation({
 *   name: "traffic",
 *   input: log,
 *   aggregations: {
 *     minutes: {
 *       groupBy: { status: log.status, minute: floorTime(log.time, "1m") },
 *       reduce: { hits: count(), bytes: sum(log.bytes), p99: quantile(log.bytes, 0.99) },
 *       output: jsonLines(),
 *     },
 *     paths: {
 *       groupBy: { path: log.path },
 *       reduce: { hits: count(), bytes: sum(log.bytes) },
 *       top: { by: "bytes", count: 100 },
 *       output: jsonLines(),
 *     },
 *   },
 * });
 * ```
 */
// Two mapped types, so that one literal infers both `G` and `M`, by name. `G` and `M` have no constraint on purpose:
// with one, a mistake in one aggregation makes all of them fall back to it, and each reports an error.
export function defineAggregation<R, G, M>(definition: {
  readonly name: string;
  readonly params?: Params;
  readonly input: Input<R>;
  readonly where?: Condition;
  /** Counters of the job by name, each of the records for which a condition holds, whatever `where` says of them. */
  readonly counters?: Readonly<Record<string, Condition>>;
  readonly aggregations: {
    readonly [N in keyof G]: { readonly groupBy: G[N] & { readonly [X in keyof G[N]]: Expr<Kind> } };
  } & {
    readonly [N in keyof M]: GroupingDefinition<At<G, N>, M[N]>;
  };
}): Job<R, NoMainOutput, { readonly [N in keyof G]: Row<G[N], At<M, N>> }> {
  return createJob(aggregationProgram(checkAggregation(definition)));
}
