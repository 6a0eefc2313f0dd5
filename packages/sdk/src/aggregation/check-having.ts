// `having`: a condition over the rows of a grouping. Its function is called once, when the job is defined, with columns
// that stand for those of the row.

import { didYouMean, quote } from "@millrace/core";
import {
  type ExpressionNode,
  type ScalarWire,
  type TableMark,
  isOptionalExpression,
  showExpression,
  wireOfExpression,
} from "@millrace/data";
import { type Expr, type Kind, createExpr, isExpr, kindOfWire, nodeOf } from "../expression/expr.ts";
import { describeValue } from "../expression/operand.ts";
import { type Refuse } from "../job/definition-checks.ts";
import { kindOf } from "../job/kind-of.ts";
import type { GroupColumn } from "./aggregation-plan.ts";
import type { CheckedMeasure } from "./check-grouping.ts";
import { type ExpressionRules, nodesOf } from "./expression-rules.ts";

/** What the rows of a grouping are made of. */
interface RowColumns {
  readonly name: string;
  readonly keys: readonly GroupColumn[];
  readonly measures: readonly CheckedMeasure[];
}

/** Take `having`. @returns undefined where there is none. */
export function checkHaving(given: unknown, row: RowColumns, rules: ExpressionRules): ExpressionNode | undefined {
  const { refuse } = rules;
  if (given === undefined) return undefined;
  if (typeof given !== "function")
    return refuse(`"having" is ${kindOf(given)}; give a function such as (row) => greaterThan(row.hits, 10)`);
  const mark: TableMark = { name: `the row of ${row.name}` };
  const condition: unknown = given(createRow(mark, row, refuse));
  if (!isExpr(condition))
    return refuse(
      `"having" gives ${describeValue(condition)}, no condition; give one such as greaterThan(row.hits, 10)`,
    );
  const node = nodeOf(condition);
  const kind = kindOfWire(wireOfExpression(node));
  if (kind !== "boolean")
    refuse(`"having" gives ${showExpression(node)}, a ${kind} and no condition; compare it, as by equals()`);
  for (const each of nodesOf(node)) checkNode(each, mark, rules);
  return node;
}

function checkNode(node: ExpressionNode, mark: TableMark, { refuse, paramNames }: ExpressionRules): void {
  if (node.node === "column" && node.table !== mark)
    refuse(
      `"having" uses the column ${quote(node.name)} of ${quote(node.table.name)}, but is about groups; use a column of the row, or put the condition into "where"`,
    );
  if ((node.node === "parameter" || node.node === "choose") && !paramNames.has(node.parameter))
    refuse('"having" uses a parameter that "params" does not declare; put it there under a name');
  if (node.node === "words")
    refuse('"having" uses words(), which belongs to records; put it into "groupBy" or "where"');
}

function createRow(
  mark: TableMark,
  { keys, measures }: RowColumns,
  refuse: Refuse,
): Readonly<Record<string, Expr<Kind>>> {
  const column = (name: string, wire: ScalarWire, optional: boolean): Expr<Kind> =>
    createExpr(kindOfWire(wire), { node: "column", name, wire, optional, from: "property", table: mark });
  const columns: Record<string, Expr<Kind>> = {};
  for (const { name, node } of keys) columns[name] = column(name, wireOfExpression(node), isOptionalExpression(node));
  for (const { name, result } of measures)
    if (result !== undefined) columns[name] = column(name, result.wire, result.optional);
  return new Proxy(columns, {
    get: (target, name) => {
      if (typeof name === "symbol" || Object.hasOwn(target, name)) return target[name as string];
      const reason = measures.some((measure) => measure.name === name)
        ? `the results of ${quote(name)} have no order`
        : `the row has no ${quote(name)}${didYouMean(name, Object.keys(columns))}`;
      return refuse(
        `"having" cannot use row.${name}: ${reason}; use one of ${Object.keys(columns)
          .map((each) => quote(each))
          .join(", ")}`,
      );
    },
  });
}
