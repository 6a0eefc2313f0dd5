// What kernels do of `emits` of a job: the pair that columns make, as a program over the columns that they find.

import {
  type ColumnKey,
  type RowCondition,
  chosenExpression,
  conditionDepthMax,
  rowKeysMax,
  showExpression,
} from "@millrace/data";
import { type RowContext, columnOf, conditionsOf } from "../aggregation/row-conditions.ts";
import { keyOf } from "../aggregation/rows-plan.ts";
import type { PairsChoice } from "../program/batch-plan.ts";
import type { Emitted, EmittedPart } from "./check-emitted.ts";

/** Say what kernels make of records for such a pair, or why nothing. */
export function pairsOf({ where, key, value, order }: Emitted, context: RowContext): PairsChoice {
  const conditions = conditionsOf(where, context);
  if (typeof conditions === "string") return { reason: conditions };
  const all = [key, value, ...(order === undefined ? [] : [order])];
  if (!all.every(({ isTuple }) => isTuple)) return { reason: "no kernel writes its codecs" };
  // What chooses the partition of a key with an order is the text as it stands in the record.
  const [only] = key.parts;
  const isText = key.parts.length === 1 && only?.wire === "text" && columnOf(only.node, context) !== undefined;
  if (order !== undefined && (!isText || order.parts.length > 1))
    return { reason: "no kernel orders the values of a key that is no column of texts" };
  const made = all.map(({ parts }) => columnsOf(parts, context));
  const refusal = made.find((each) => typeof each === "string");
  if (refusal !== undefined) return { reason: refusal };
  const [keys = [], values = [], [ordered] = []] = made as readonly (readonly ColumnKey[])[];
  const found = [...keys, ...values, ...(ordered === undefined ? [] : [ordered])];
  const complete = present(conditions, found);
  if (complete.length > conditionDepthMax) return { reason: "its condition is long" };
  const strict = (columns: readonly ColumnKey[]): ColumnKey[] => columns.map((each) => ({ ...each, optional: false }));
  return {
    program: {
      conditions: complete,
      key: strict(keys),
      value: strict(values),
      ...(ordered === undefined ? {} : { order: { ...ordered, optional: false } }),
    },
  };
}

/** Columns as their codecs write them, or why no kernel does. */
function columnsOf(parts: readonly EmittedPart[], context: RowContext): readonly ColumnKey[] | string {
  if (parts.length > rowKeysMax) return `it emits more than ${rowKeysMax} columns as one`;
  const columns: ColumnKey[] = [];
  for (const { node, wire } of parts) {
    const chosen = chosenExpression(node, context.parameter);
    if (chosen === null) return `${showExpression(node)} is missing`;
    const made = keyOf(chosen, context);
    if (typeof made === "string") return made;
    columns.push({ ...made, ...(wire === "double" ? { isDouble: true } : {}) });
  }
  return columns;
}

/** Conditions, and that none of the columns is missing. */
function present(conditions: readonly RowCondition[], columns: readonly ColumnKey[]): readonly RowCondition[] {
  const names = new Set(columns.filter(({ optional }) => optional).map(({ column }) => column));
  const all: (readonly RowCondition[])[] = [...names].map((column) => [
    { operation: "isMissing", column },
    { operation: "not" },
  ]);
  if (conditions.length > 0) all.unshift(conditions);
  return all.length > 1 ? [...all.flat(), { operation: "and", count: all.length }] : all.flat();
}
