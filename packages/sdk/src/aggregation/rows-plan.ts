// Which groupings of an aggregation kernels do, and how: those whose keys are columns or times floored in UTC, and whose
// states kernels know. The others go by the map, record by record; so does everything when a state goes by the places of
// values, which kernels do not keep.

import {
  type ColumnContent,
  type ColumnKey,
  type ExpressionNode,
  type RowCondition,
  type RowGrouping,
  type RowKey,
  type RowPart,
  type RowProgram,
  chosenExpression,
  isOptionalExpression,
  kernelGroupingsMax,
  kernelStateOf,
  rowKeysMax,
  showExpression,
  widthMs,
  wireOfExpression,
} from "@millrace/data";
import type { RowsChoice } from "../program/batch-plan.ts";
import type { ParamValues } from "../program/user-functions.ts";
import type { AggregationPlan, GroupColumn, GroupPart, Grouping } from "./aggregation-plan.ts";
import { type RowContext, ColumnFinder, columnOf, conditionsOf } from "./row-conditions.ts";

/** Choose for an input in which kernels find `columns`. */
export function chooseRows(
  plan: AggregationPlan,
  columns: ReadonlyMap<string, ColumnContent>,
  params: ParamValues,
): RowsChoice {
  const context: RowContext = {
    find: new ColumnFinder(columns),
    parameter: (mark) => params[plan.paramNames.get(mark) ?? ""],
  };
  const hindrance = hindranceOf(plan, context);
  const done: RowGrouping[] = [];
  const left: { readonly name: string; readonly reason: string }[] = [];
  for (const grouping of plan.groupings) {
    const made = hindrance ?? rowGrouping(plan, grouping, context);
    if (typeof made === "string") left.push({ name: grouping.name, reason: made });
    else done.push(made);
  }
  if (done.length === 0) return { done: [], left };
  const ofKernels = new Set(done.map(({ ordinal }) => ordinal));
  const byRecord = plan.groupings.reduce(
    (bits, { ordinal }) => (ofKernels.has(ordinal) ? bits : bits | (1 << ordinal)),
    0,
  );
  const counters = plan.counters.map(({ name, condition }) => ({ name, conditions: countedBy(condition, context) }));
  const program: RowProgram = { groupings: done, counters, byRecord, isSeveral: plan.groupings.length > 1 };
  return { program, done: done.map(({ ordinal }) => plan.groupings[ordinal]?.name ?? ""), left };
}

/** Why kernels can do nothing at all. */
function hindranceOf(plan: AggregationPlan, context: RowContext): string | undefined {
  if (plan.groupings.length > kernelGroupingsMax) return `the job has more than ${kernelGroupingsMax} groupings`;
  const byPlace = plan.groupings.find(({ parts }) => parts.some(({ aggregator }) => aggregator.goesByPlace === true));
  if (byPlace !== undefined) return `"${byPlace.name}" keeps values by their places`;
  const conditions = [plan.where, ...plan.counters.map(({ condition }) => condition)];
  return conditions.map((each) => conditionsOf(each, context)).find((made) => typeof made === "string");
}

/** Of a condition that is no hindrance. */
function countedBy(condition: ExpressionNode, context: RowContext): readonly RowCondition[] {
  const made = conditionsOf(condition, context);
  return typeof made === "string" ? [] : made;
}

function rowGrouping(plan: AggregationPlan, grouping: Grouping, context: RowContext): RowGrouping | string {
  if (grouping.words !== undefined) return "it has a row for each word";
  const conditions = allConditions(plan, grouping, context);
  if (typeof conditions === "string") return conditions;
  if (grouping.keys.length > rowKeysMax) return `it is grouped by more than ${rowKeysMax} columns`;
  const keys: RowKey[] = [];
  for (const key of grouping.keys) {
    const made = rowKey(key, context);
    if (typeof made === "string") return made;
    keys.push(made);
  }
  const parts: RowPart[] = [];
  for (const part of grouping.parts) {
    const made = rowPart(part, plan.groupings.length === 1 && grouping.parts.length === 1, context);
    if (typeof made === "string") return made;
    parts.push(made);
  }
  return { ordinal: grouping.ordinal, conditions, keys, parts };
}

function allConditions(
  plan: AggregationPlan,
  grouping: Grouping,
  context: RowContext,
): readonly RowCondition[] | string {
  const outer = conditionsOf(plan.where, context);
  const own = conditionsOf(grouping.where, context);
  if (typeof outer === "string") return outer;
  if (typeof own === "string") return own;
  return outer.length > 0 && own.length > 0 ? [...outer, ...own, { operation: "and", count: 2 }] : [...outer, ...own];
}

/** How it is encoded goes by the whole expression, not by what a parameter chooses of it. */
function rowKey({ node }: GroupColumn, context: RowContext): RowKey | string {
  const chosen = chosenExpression(node, context.parameter);
  if (chosen === null) return {};
  const made = keyOf(chosen, context);
  if (typeof made === "string") return made;
  const isDouble = wireOfExpression(node) === "double";
  return { ...made, optional: isOptionalExpression(node), ...(isDouble ? { isDouble } : {}) };
}

/** The value of a key that an expression is, or why no kernel makes it. Nothing that a parameter chooses. */
export function keyOf(node: ExpressionNode, context: RowContext): ColumnKey | string {
  const { find } = context;
  if (node.node === "column") return find.key(node) ?? `no kernel finds ${showExpression(node)}`;
  const column = "value" in node && node.node !== "literal" ? columnOf(node.value, context) : undefined;
  const refusal = `no kernel computes ${showExpression(node)}`;
  if (column === undefined) return refusal;
  const unknown = `no kernel finds ${showExpression(column)}`;
  if (node.node === "before") {
    const found = find.text(column);
    if (found === undefined) return unknown;
    return isOneCharacter(node.what) ? { ...found, before: node.what } : refusal;
  }
  const found = find.whole(column);
  if (node.node === "textOf") {
    if (column.wire !== "int") return refusal;
    return found === undefined ? unknown : { ...found, isDecimal: true };
  }
  if (node.node !== "floorTime" || node.zone !== "UTC") return refusal;
  if (found === undefined) return unknown;
  // Weeks begin on Mondays, and 1970 on a Thursday.
  const origin = node.width.unit === "w" ? -3 * 86_400_000 : 0;
  return { ...found, floor: { width: widthMs(node.width), origin } };
}

/** Whether kernels look for a text: they find one character of ASCII. */
function isOneCharacter(text: string): boolean {
  return text.length === 1 && text.charCodeAt(0) < 128;
}

function rowPart(part: GroupPart, isAlone: boolean, context: RowContext): RowPart | string {
  const { find } = context;
  const { aggregator, columns, pack, everyRow } = part;
  const { stateBytes } = aggregator;
  const state = kernelStateOf(aggregator);
  // The empty state of a part that is alone would have no bytes.
  if (state === undefined || (isAlone && stateBytes === 0))
    return `no kernel knows the state of ${nameOf(aggregator.wire)}`;
  if (state === "distinct" || state === "min" || state === "max") return valuesPart(state, part, context);
  if (pack !== undefined) return `no kernel knows the state of ${nameOf(aggregator.wire)}`;
  if (everyRow && state === "count") return { state, stateBytes };
  const [column, ...more] = columns;
  const fed = column === undefined || more.length > 0 ? undefined : columnOf(column, context);
  const found = fed === undefined ? undefined : find.number(fed);
  if (fed !== undefined && found !== undefined)
    return { state, stateBytes, column: found.column, isDouble: fed.wire === "double" };
  return `no kernel finds ${column === undefined ? "a column" : showExpression(column)} as numbers`;
}

/** Of several columns it takes the tuple, each value optional; of one the value. */
function valuesPart(
  state: "distinct" | "min" | "max",
  { aggregator, columns, pack }: GroupPart,
  context: RowContext,
): RowPart | string {
  if (columns.length > rowKeysMax) return `it counts combinations of more than ${rowKeysMax} columns`;
  if (state !== "distinct" && pack !== undefined) return `no kernel knows the state of ${nameOf(aggregator.wire)}`;
  const values: ColumnKey[] = [];
  for (const node of columns) {
    const column = columnOf(node, context);
    const found = column === undefined ? undefined : context.find.key(column);
    if (found === undefined) return `no kernel finds ${showExpression(node)}`;
    // As the values of the whole expression are encoded.
    const isDouble = wireOfExpression(node) === "double";
    values.push({ ...found, optional: columns.length > 1, ...(isDouble ? { isDouble } : {}) });
  }
  return { state, stateBytes: aggregator.stateBytes, values };
}

function nameOf(wire: unknown): string {
  return String(Array.isArray(wire) ? wire[0] : wire);
}
