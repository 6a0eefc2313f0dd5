// Checks one grouping of an aggregation and puts it in order.

import { didYouMean, quote } from "@millrace/core";
import {
  type ExpressionNode,
  type KeyCodec,
  type StatePart,
  type WordsNode,
  isOptionalExpression,
  optionalCodec,
  topCountMax,
  wireOfExpression,
} from "@millrace/data";
import { nullOfNothing } from "../aggregate/fields.ts";
import { isParam } from "../expression/operand.ts";
import { scalarCodec } from "../expression/table.ts";
import { checkOutputName } from "../job/check-outputs.ts";
import {
  type DefinitionLike,
  type Refuse,
  checkOutput,
  checkProperties,
  isAggregator,
} from "../job/definition-checks.ts";
import { kindOf } from "../job/kind-of.ts";
import type { OutputFormat } from "../format/format.ts";
import { recordMisfit } from "../program/record-misfit.ts";
import type { GroupColumn, Grouping, TopRule } from "./aggregation-plan.ts";
import { checkHaving } from "./check-having.ts";
import { type ColumnAggregatorBody, columnAggregatorBody, isColumnAggregator } from "./column-aggregator.ts";
import { type LoneMeasure, shareStates } from "./share-states.ts";
import { type ExpressionRules, checkCondition, checkExpression, wordsOf } from "./expression-rules.ts";

const properties = ["where", "groupBy", "reduce", "having", "top", "output"];

/** A measure, and how its result looks in the row. */
export interface CheckedMeasure extends LoneMeasure {
  readonly result: ColumnAggregatorBody<unknown, unknown>["result"];
}

/** Check a grouping. */
export function checkGrouping(
  given: DefinitionLike,
  place: { readonly name: string; readonly ordinal: number },
  outer: ExpressionRules,
): Grouping {
  const { name, ordinal } = place;
  checkOutputName(name, outer.refuse);
  const refuse: Refuse = (reason) => outer.refuse(`in the aggregation ${quote(name)}, ${reason}`);
  const rules: ExpressionRules = { ...outer, refuse };
  checkProperties("it", given, properties, refuse);
  const where = given["where"] === undefined ? undefined : checkCondition(given["where"], "where", rules).node;
  const keys = checkKeys(given["groupBy"], rules);
  const measures = checkMeasures(given["reduce"], keys, rules);
  const words = oneText(
    [
      ...(where === undefined ? [] : [where]),
      ...keys.map(({ node }) => node),
      ...measures.flatMap(({ columns }) => columns),
    ],
    refuse,
  );
  const having = checkHaving(given["having"], { name, keys, measures }, rules);
  const shared = shareStates(measures);
  const top = checkTop(given["top"], measures, rules);
  const output = checkOutput(given["output"], "output", refuse);
  checkRow(output, keys, measures, refuse);
  return {
    name,
    ordinal,
    ...(where === undefined ? {} : { where }),
    ...(words === undefined ? {} : { words }),
    keys,
    ...shared,
    ...(having === undefined ? {} : { having }),
    ...(top === undefined ? {} : { top: { ...top, result: shared.measures[top.result]?.result ?? 0 } }),
    output,
  };
}

function oneText(nodes: readonly ExpressionNode[], refuse: Refuse): WordsNode | undefined {
  return wordsOf(nodes, (reason) => refuse(`it ${reason}`));
}

function checkKeys(given: unknown, rules: ExpressionRules): readonly GroupColumn[] {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return rules.refuse(`"groupBy" is ${kindOf(given)}; give an object of columns by name, {} for one group of all`);
  return Object.entries(given).map(([name, value]) => {
    checkColumnName(name, rules.refuse);
    const { node } = checkExpression(value, `groupBy.${name}`, rules);
    return { name, node, codec: codecOf(node) };
  });
}

function codecOf(node: ExpressionNode): KeyCodec<unknown> {
  const codec = scalarCodec(wireOfExpression(node));
  return isOptionalExpression(node) ? (optionalCodec(codec) as KeyCodec<unknown>) : codec;
}

function checkMeasures(
  given: unknown,
  keys: readonly GroupColumn[],
  rules: ExpressionRules,
): readonly CheckedMeasure[] {
  const { refuse } = rules;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return refuse(`"reduce" is ${kindOf(given)}; give an object of aggregators by name, such as { hits: count() }`);
  if (Object.keys(given).length === 0) refuse('"reduce" has no aggregator; add one, such as rows: count()');
  return Object.entries(given).map(([name, value]: readonly [string, unknown]) => {
    checkColumnName(name, refuse);
    if (keys.some((key) => key.name === name))
      refuse(`the name ${quote(name)} is in "groupBy" and in "reduce"; give one of them another`);
    if (!isColumnAggregator(value)) return refuse(`"reduce.${name}" ${notOne(value)}`);
    const body = columnAggregatorBody(value);
    const columns = value.columns.map((column) => checkExpression(column, `reduce.${name}`, rules).node);
    // What it takes is what its columns, or `pack`, give.
    const own = body.aggregator as StatePart["aggregator"];
    const aggregator = body.ofNothing === null ? nullOfNothing(own) : own;
    return {
      name,
      aggregator,
      columns,
      pack: body.pack,
      result: body.result,
    };
  });
}

function notOne(value: unknown): string {
  if (isAggregator(value)) return "is an aggregator without a column; name one, such as sum(log.bytes)";
  if (typeof value === "function") return "is a function; call it, as in count()";
  return `is ${kindOf(value)}, no aggregator; give one such as count() or sum(log.bytes)`;
}

function checkColumnName(name: string, refuse: Refuse): void {
  if (name === "" || name === "__proto__") refuse(`a column of its rows is named ${quote(name)}; give it another name`);
}

/** `result` is the place among the measures. */
function checkTop(
  given: unknown,
  measures: readonly CheckedMeasure[],
  { refuse, paramNames }: ExpressionRules,
): TopRule | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null) return refuse(`"top" is ${kindOf(given)}; give { by, count }`);
  const { by, count } = given as { readonly by?: unknown; readonly count?: unknown };
  checkProperties('its "top"', given as DefinitionLike, ["by", "count"], refuse);
  const index = measures.findIndex(({ name }) => name === by);
  const ranked = measures.filter(({ result }) => result !== undefined).map(({ name }) => name);
  const { result } = measures[index] ?? { result: undefined };
  const instead =
    ranked.length === 0
      ? "add one that has, such as count()"
      : `rank by ${ranked.map((each) => quote(each)).join(" or ")}`;
  if (index < 0)
    return refuse(
      `"top.by" is ${typeof by === "string" ? quote(by) : kindOf(by)}, none of "reduce"${didYouMean(String(by), ranked)}; ${instead}`,
    );
  if (result === undefined) return refuse(`"top.by" is ${quote(String(by))}, whose results have no order; ${instead}`);
  const codec = scalarCodec(result.wire);
  if (isParam(count)) {
    if (!paramNames.has(count))
      return refuse('"top.count" is a parameter that "params" does not declare; put it there under a name');
    if (count.description.type !== "int")
      return refuse(`"top.count" is a parameter that is a ${count.description.type}; declare it with int({ min: 1 })`);
    return { result: index, codec, count };
  }
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > topCountMax)
    return refuse(
      `"top.count" is ${typeof count === "number" ? count : kindOf(count)}; give 1 to ${topCountMax}, or a parameter`,
    );
  return { result: index, codec, count };
}

/** Hold the rows against what the output says of itself. */
function checkRow(
  output: OutputFormat<unknown>,
  keys: readonly GroupColumn[],
  measures: readonly CheckedMeasure[],
  refuse: Refuse,
): void {
  const row: Record<string, unknown> = {};
  for (const { name, codec } of keys) row[name] = codec.wire;
  // What a result is like when it has no order is not known here.
  for (const { name, result } of measures) row[name] = result?.wire;
  const misfit = recordMisfit(row, output.wire);
  if (misfit !== undefined)
    refuse(`its rows do not fit its output ${quote(output.name)}: ${misfit}; change the one or the other`);
}
