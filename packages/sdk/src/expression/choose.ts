// Expressions that parameters choose: what is grouped by, or what is measured, said when the job is run.

import { didYouMean, quote } from "@millrace/core";
import {
  type ExpressionNode,
  type ScalarWire,
  childrenOf,
  isOptionalExpression,
  showExpression,
  wireOfExpression,
} from "@millrace/data";
import type { Param } from "../param/param.ts";
import { type Expr, type Kind, createExpr, isExpr, kindOfWire, nodeOf } from "./expr.ts";
import { type Making, describeValue, isParam, refuseExpression, withArticle } from "./operand.ts";

const making: Making = { name: "choose" };

type KindOfOption<E> = E extends Expr<infer K> ? K : never;
type MissingOfOption<E> = E extends Expr<Kind, infer M> ? M : null;
/** An expression for each value of a parameter; `null` where the value is missing. */
export type Options<T extends string | boolean> = { readonly [N in `${T}`]: Expr<Kind> | null };

/**
 * The one of several expressions that a parameter names, a `choice()` or a `boolean()`: `null` stands for a missing value.
 * All of them are of one kind. What the parameter says is known before anything runs, so that it costs nothing a record.
 *
 * @throws {MillraceError} E_JOB_INVALID for a value of the parameter without an expression, and for kinds that differ.
 * @example
 * ```ts
 * import { choice, choose, combinedLog, count, defineAggregation, jsonLines } from "millrace";
 *
 * const log = combinedLog();
 * const by = choice("path", "host", "all", { default: "path" });
 *
 * export default defineAggregation({
 *   name: "hits",
 *   params: { by },
 *   input: log,
 *   aggregations: {
 *     groups: {
 *       groupBy: { group: choose(by, { path: log.path, host: log.host, all: null }) },
 *       reduce: { hits: count() },
 *       output: jsonLines(),
 *     },
 *   },
 * });
 * ```
 */
export function choose<const T extends string | boolean, const O extends Options<T>>(
  parameter: Param<T>,
  of: O & Options<T>,
): Expr<KindOfOption<O[keyof O]>, MissingOfOption<O[keyof O]>> {
  const nodes = checkOptions(parameter, of);
  const present = Object.values(nodes).filter((node) => node !== null);
  const wire = commonWire(present);
  const optional = Object.values(nodes).some((node) => node === null || isOptionalExpression(node));
  return createExpr(kindOfWire(wire), { node: "choose", parameter, of: nodes, wire, optional }) as Expr<
    KindOfOption<O[keyof O]>,
    MissingOfOption<O[keyof O]>
  >;
}

function checkOptions(parameter: unknown, of: unknown): Readonly<Record<string, ExpressionNode | null>> {
  if (!isParam(parameter))
    return refuseExpression(making, `it needs a parameter, not ${describeValue(parameter)}; give one made by choice()`);
  const { type, choices } = parameter.description;
  const names = type === "boolean" ? ["true", "false"] : type === "choice" ? (choices ?? []) : undefined;
  if (names === undefined)
    return refuseExpression(making, `its parameter is a ${type}; give one made by choice() or boolean()`);
  if (typeof of !== "object" || of === null)
    return refuseExpression(
      making,
      `it needs an expression for each of ${names.map((name) => quote(name)).join(", ")}`,
    );
  const given = of as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!names.includes(name))
      refuseExpression(making, `${quote(name)} is no value of its parameter${didYouMean(name, names)}; leave it out`);
  return Object.fromEntries(names.map((name) => [name, takeOption(name, given[name])]));
}

function takeOption(name: string, value: unknown): ExpressionNode | null {
  if (value === null) return null;
  if (!isExpr(value))
    return refuseExpression(
      making,
      `for ${quote(name)} it has ${describeValue(value)}; give a column, what is made of one, or null`,
    );
  const node = nodeOf(value);
  if (holdsWords(node))
    refuseExpression(making, `${showExpression(node)} is a row for each word; take the words of what is chosen`);
  return node;
}

function holdsWords(node: ExpressionNode): boolean {
  return node.node === "words" || childrenOf(node).some(holdsWords);
}

/** How values are encoded, whichever is chosen. */
function commonWire(nodes: readonly ExpressionNode[]): ScalarWire {
  const [first] = nodes;
  if (first === undefined) return refuseExpression(making, "it has no expression; give one for a value at least");
  const kind = kindOfWire(wireOfExpression(first));
  for (const node of nodes) {
    const other = kindOfWire(wireOfExpression(node));
    if (other !== kind)
      refuseExpression(
        making,
        `${showExpression(first)} is ${withArticle(kind)} and ${showExpression(node)} ${withArticle(other)}; give all of them the same kind`,
      );
  }
  return nodes.every((node) => wireOfExpression(node) === wireOfExpression(first)) ? wireOfExpression(first) : "double";
}
