// Arithmetic of columns, as doubles.

import { type ArithmeticOperation, showExpression } from "@millrace/data";
import type { Param } from "../param/param.ts";
import { type Expr, createExpr } from "./expr.ts";
import { type Making, type Operand, takeExpression, takeOperand } from "./operand.ts";

function calculate<M extends null>(operation: ArithmeticOperation, left: unknown, right: unknown): Expr<"number", M> {
  const node = takeExpression({ name: operation }, left, "number");
  const making: Making = { name: operation, beside: showExpression(node) };
  return createExpr("number", {
    node: "arithmetic",
    operation,
    left: node,
    right: takeOperand(making, right, "number"),
  });
}

type NumberOperand<N extends null> = Expr<"number", N> | number | Param<number>;

// `N = never`: a constant on the right is never missing.

/**
 * The sum of two numbers, as doubles. Missing when one is.
 *
 * @example
 * ```ts
 * reduce: { bytes: sum(add(log.bytes, 350)) },
 * ```
 */
export function add<M extends null, N extends null = never>(
  left: Expr<"number", M>,
  right: NumberOperand<N>,
): Expr<"number", M | N> {
  return calculate("add", left, right);
}

/**
 * The left number less the right one, as doubles. Missing when one is.
 *
 * @example
 * ```ts
 * groupBy: { above: subtract(log.status, 200) },
 * ```
 */
export function subtract<M extends null, N extends null = never>(
  left: Expr<"number", M>,
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
export function multiply<M extends null, N extends null = never>(
  left: Expr<"number", M>,
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
export function divide(left: Expr<"number">, right: Operand<"number">): Expr<"number", null> {
  return calculate("divide", left, right);
}
