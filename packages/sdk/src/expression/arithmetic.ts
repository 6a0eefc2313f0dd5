// Arithmetic of columns, as doubles.

import { type ArithmeticOperation, type ExpressionNode, showExpression } from "@millrace/data";
import type { Param } from "../param/param.ts";
import { type Expr, createExpr, isExpr } from "./expr.ts";
import { type Making, takeConstant, takeExpression, takeOperand } from "./operand.ts";

function calculate<M extends null>(operation: ArithmeticOperation, left: unknown, right: unknown): Expr<"number", M> {
  const arithmetic = (leftNode: ExpressionNode, rightNode: ExpressionNode): Expr<"number", M> =>
    createExpr("number", { node: "arithmetic", operation, left: leftNode, right: rightNode });
  if (!isExpr(left) && isExpr(right)) {
    const node = takeExpression({ name: operation }, right, "number");
    return arithmetic(takeConstant({ name: operation, beside: showExpression(node) }, left, "number"), node);
  }
  const node = takeExpression({ name: operation }, left, "number");
  const making: Making = { name: operation, beside: showExpression(node) };
  return arithmetic(node, takeOperand(making, right, "number"));
}

type NumberOperand<N extends null> = Expr<"number", N> | number | Param<number>;

// `M = never` and `N = never`: a constant is never missing. One side at least is an expression, which is checked when it is
// made: two signatures would give two messages for each mistake.

/**
 * The sum of two numbers, as doubles. Missing when one is.
 *
 * @example
 * ```ts
 * reduce: { bytes: sum(add(log.bytes, 350)) },
 * ```
 */
export function add<M extends null = never, N extends null = never>(
  left: NumberOperand<M>,
  right: NumberOperand<N>,
): Expr<"number", M | N> {
  return calculate("add", left, right);
}

/**
 * The left number less the right one, as doubles. Missing when one is.
 *
 * @example
 * ```ts
 * groupBy: { above: subtract(log.status, 200), below: subtract(600, log.status) },
 * ```
 */
export function subtract<M extends null = never, N extends null = never>(
  left: NumberOperand<M>,
  right: NumberOperand<N>,
): Expr<"number", M | N> {
  return calculate("subtract", left, right);
}

/**
 * The product of two numbers, as doubles. Missing when one is.
 *
 * @example
 * ```ts
 * reduce: { bits: sum(multiply(log.bytes, 8)) },
 * ```
 */
export function multiply<M extends null = never, N extends null = never>(
  left: NumberOperand<M>,
  right: NumberOperand<N>,
): Expr<"number", M | N> {
  return calculate("multiply", left, right);
}

/**
 * The left number divided by the right one, as doubles. Missing when one is, and when the right one is zero.
 *
 * @example
 * ```ts
 * reduce: { kilobytes: mean(divide(log.bytes, 1024)) },
 * ```
 */
export function divide(left: NumberOperand<null>, right: NumberOperand<null>): Expr<"number", null> {
  return calculate("divide", left, right);
}
