// Comparisons, and what joins them: the conditions of `where` and `having`. As all builders they make an expression out of
// others; the engine reads it as data, so that nothing here ever sees a record.

import { type CompareTest, type ExpressionNode, showExpression } from "@millrace/data";
import type { Fixed } from "../job/infer.ts";
import { type Condition, type Expr, type Kind, createExpr } from "./expr.ts";
import { type Making, type Operand, kindOfExpression, takeExpression, takeOperand } from "./operand.ts";

/** Wrap a node that is true or false. */
export const condition = (node: ExpressionNode): Condition => createExpr("boolean", node);

function compare(test: CompareTest, left: unknown, right: unknown): Condition {
  const node = takeExpression({ name: test }, left);
  const making: Making = { name: test, beside: showExpression(node) };
  return condition({ node: "compare", test, left: node, right: takeOperand(making, right, kindOfExpression(node)) });
}

// `K` comes from the left side alone (`Fixed`), so that the message names the right one.

/**
 * Whether two values are equal. False when one is missing; NaN equals nothing.
 *
 * @throws {MillraceError} E_JOB_INVALID when the two are of different kinds, as every comparison.
 * @example
 * ```ts
 * where: equals(log.method, "GET"),
 * ```
 */
export function equals<K extends Kind>(left: Expr<K>, right: Operand<Fixed<K>>): Condition {
  return compare("equals", left, right);
}

/**
 * Whether two values differ. False when one is missing.
 *
 * @example
 * ```ts
 * where: notEquals(log.method, "HEAD"),
 * ```
 */
export function notEquals<K extends Kind>(left: Expr<K>, right: Operand<Fixed<K>>): Condition {
  return compare("notEquals", left, right);
}

/**
 * Whether the left value stands before the right one. Texts go by code points, false before true. False when one is missing.
 *
 * @example
 * ```ts
 * where: lessThan(log.time, "2026-02-01"),
 * ```
 */
export function lessThan<K extends Kind>(left: Expr<K>, right: Operand<Fixed<K>>): Condition {
  return compare("lessThan", left, right);
}

/**
 * Whether the left value is the right one or stands before it. False when one is missing.
 *
 * @example
 * ```ts
 * where: atMost(log.status, 399),
 * ```
 */
export function atMost<K extends Kind>(left: Expr<K>, right: Operand<Fixed<K>>): Condition {
  return compare("atMost", left, right);
}

/**
 * Whether the left value stands behind the right one. False when one is missing.
 *
 * @example
 * ```ts
 * where: greaterThan(log.bytes, 1_000_000),
 * ```
 */
export function greaterThan<K extends Kind>(left: Expr<K>, right: Operand<Fixed<K>>): Condition {
  return compare("greaterThan", left, right);
}

/**
 * Whether the left value is the right one or stands behind it. False when one is missing.
 *
 * @example
 * ```ts
 * where: atLeast(log.status, 500),
 * ```
 */
export function atLeast<K extends Kind>(left: Expr<K>, right: Operand<Fixed<K>>): Condition {
  return compare("atLeast", left, right);
}

function join(name: "and" | "or", conditions: readonly unknown[]): Condition {
  return condition({ node: name, conditions: conditions.map((each) => takeExpression({ name }, each, "boolean")) });
}

/**
 * Whether all conditions hold; true of none.
 *
 * @example
 * ```ts
 * where: and(equals(log.method, "GET"), atLeast(log.status, 500)),
 * ```
 */
export function and(...conditions: readonly Condition[]): Condition {
  return join("and", conditions);
}

/**
 * Whether at least one condition holds; false of none.
 *
 * @example
 * ```ts
 * where: or(hasPrefix(log.path, "/api/"), isMissing(log.userAgent)),
 * ```
 */
export function or(...conditions: readonly Condition[]): Condition {
  return join("or", conditions);
}

/**
 * Whether a condition does not hold. True of a comparison with a missing value, which does not.
 *
 * @example
 * ```ts
 * where: not(hasPrefix(log.path, "/health")),
 * ```
 */
export function not(of: Condition): Condition {
  return condition({ node: "not", condition: takeExpression({ name: "not" }, of, "boolean") });
}

/**
 * Whether a value is missing.
 *
 * @example
 * ```ts
 * where: not(isMissing(log.user)),
 * ```
 */
export function isMissing(value: Expr<Kind>): Condition {
  return condition({ node: "isMissing", value: takeExpression({ name: "isMissing" }, value) });
}
