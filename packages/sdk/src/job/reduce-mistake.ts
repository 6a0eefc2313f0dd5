// What a reduce is that looks like one and is none: mistakes that the compiler tells those who have it.

import * as choices from "../aggregate/choices.ts";
import * as distributions from "../aggregate/distributions.ts";
import * as lists from "../aggregate/lists.ts";
import * as totals from "../aggregate/totals.ts";
import { type ColumnAggregator, columnAggregatorSymbol } from "../aggregation/column-aggregator.ts";
import { isAggregator } from "./definition-checks.ts";

const makers: ReadonlyMap<unknown, string> = new Map(
  [totals, choices, lists, distributions].flatMap((module) =>
    Object.entries(module).map(([name, maker]): [unknown, string] => [maker, name]),
  ),
);

/** Say what is wrong with a reduce: a maker of aggregators that was not called, or an aggregator over a column. */
export function reduceMistake(reduce: unknown): string | undefined {
  const maker = makers.get(reduce);
  if (maker !== undefined) return `"reduce" is the function ${maker} itself; call it, as in ${maker}()`;
  if (isAggregator(reduce) || !isColumnAggregator(reduce)) return undefined;
  const { name } = reduce[columnAggregatorSymbol];
  return `"reduce" is ${name}() over a column, which is for defineAggregation; give ${name}() a codec, or nothing, and let map emit the values`;
}

function isColumnAggregator(value: unknown): value is ColumnAggregator<unknown, unknown> {
  return typeof value === "object" && value !== null && columnAggregatorSymbol in value;
}
