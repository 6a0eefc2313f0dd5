// What an expression of an aggregation may be made of: columns of its input, parameters that it declares, words of one
// text.

import { didYouMean, quote } from "@millrace/core";
import {
  type ColumnNode,
  type ExpressionNode,
  ExpressionNamer,
  type ParameterMark,
  type WordsNode,
  childrenOf,
  showExpression,
  wireOfExpression,
} from "@millrace/data";
import { isExpr, kindOfWire, nodeOf } from "../expression/expr.ts";
import { describeValue, isParam } from "../expression/operand.ts";
import { type TableFace, tableSymbol } from "../expression/table.ts";
import type { Refuse } from "../job/definition-checks.ts";
import type { Params } from "../param/param.ts";

/** What expressions are held against. */
export interface ExpressionRules {
  /** The input's columns; undefined when it has none. */
  readonly table: TableFace | undefined;
  readonly params: Params;
  readonly paramNames: ReadonlyMap<ParameterMark, string>;
  readonly refuse: Refuse;
}

/** An expression that keeps the rules. */
export interface CheckedExpression {
  readonly node: ExpressionNode;
  /** The words that it uses. */
  readonly words: WordsNode | undefined;
}

/** Expressions hold the parameter itself: it needs one name. */
export function namesOfParams(params: Params, refuse: Refuse): ReadonlyMap<ParameterMark, string> {
  const names = new Map<ParameterMark, string>();
  for (const [name, param] of Object.entries(params)) {
    const first = names.get(param);
    if (first !== undefined)
      refuse(`the parameters ${quote(first)} and ${quote(name)} are one value; make one for each, as by text()`);
    names.set(param, name);
  }
  return names;
}

/** The columns of an input; undefined when it has none. */
export function tableOf(input: unknown): TableFace | undefined {
  return typeof input === "object" && input !== null && tableSymbol in input
    ? (input[tableSymbol] as TableFace)
    : undefined;
}

/** Take an expression. `what` is its place: `groupBy.path`. */
export function checkExpression(value: unknown, what: string, rules: ExpressionRules): CheckedExpression {
  const { refuse } = rules;
  if (!isExpr(value)) {
    const given = isParam(value) ? "a parameter or codec, which is the same for every record" : describeValue(value);
    return refuse(`"${what}" is ${given}, no column; give one of the input, such as log.path, or what is made of them`);
  }
  const node = nodeOf(value);
  for (const each of nodesOf(node)) {
    if (each.node === "column") checkColumn(each, what, rules);
    else if ((each.node === "parameter" || each.node === "choose") && !rules.paramNames.has(each.parameter))
      refuse(
        `"${what}" uses a parameter that "params" does not declare, in ${showExpression(node)}; put it there under a name`,
      );
  }
  return { node, words: wordsOf([node], (reason) => refuse(`"${what}" ${reason}`)) };
}

/** Take a condition. */
export function checkCondition(value: unknown, what: string, rules: ExpressionRules): CheckedExpression {
  const checked = checkExpression(value, what, rules);
  const kind = kindOfWire(wireOfExpression(checked.node));
  if (kind !== "boolean")
    rules.refuse(
      `"${what}" is ${showExpression(checked.node)}, a ${kind} and no condition; compare it, as by equals()`,
    );
  return checked;
}

function checkColumn(column: ColumnNode, what: string, { table, refuse }: ExpressionRules): void {
  if (column.table === table?.mark) return;
  const place = `"${what}" uses the column ${quote(column.name)} of ${quote(column.table.name)}`;
  if (table === undefined)
    return refuse(
      `${place}, but the input has no columns; read it with a format that has them, such as jsonLines(object({ … })) or combinedLog()`,
    );
  const codec = Object.hasOwn(table.columns, column.name) ? table.columns[column.name] : undefined;
  if (codec === undefined)
    return refuse(
      `${place}, which is not the input, and ${quote(table.mark.name)} has no such column${didYouMean(column.name, Object.keys(table.columns))}; use a column of the input`,
    );
  // Another table of the same format: `input: combinedLog()` beside `log.path`.
  const wire: unknown = column.optional ? { optional: column.wire } : column.wire;
  if (
    JSON.stringify(codec.wire) !== JSON.stringify(wire) ||
    (table.record === column.name) !== (column.from === "record")
  )
    refuse(`${place}, which is not the input, and is another there; use a column of the input`);
}

/**
 * The one `words` of some expressions.
 *
 * @returns undefined when there is none.
 */
export function wordsOf(nodes: readonly ExpressionNode[], refuse: Refuse): WordsNode | undefined {
  const namer = new ExpressionNamer();
  const found = new Map<string, WordsNode>();
  for (const node of nodes)
    for (const each of nodesOf(node)) if (each.node === "words") found.set(namer.keyOf(each), each);
  const [first, second] = found.values();
  if (first !== undefined && second !== undefined)
    refuse(
      `takes two texts apart, ${showExpression(first)} and ${showExpression(second)}, which would be a row for each pair of words; use one`,
    );
  return first;
}

/** The side files that an expression reads. */
export function filesOf(node: ExpressionNode): readonly string[] {
  return nodesOf(node).flatMap((each) => (each.node === "lookup" ? [each.table.file] : []));
}

/** A node and all that it is made of. */
export function nodesOf(node: ExpressionNode): readonly ExpressionNode[] {
  return [node, ...childrenOf(node).flatMap(nodesOf)];
}
