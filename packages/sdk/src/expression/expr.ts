// What an expression is to an author: a typed value that stands for something of each record, such as `log.status`.
// Nothing is computed where it is written: the engine reads it as data.

import type { ExpressionNode, ScalarWire } from "@millrace/data";

/** Key of the engine's side of an expression. Global, so that two copies of this module agree. */
export const expressionSymbol: unique symbol = Symbol.for("millrace.expression");

/** The kinds of values, and what they are in JavaScript. A time is milliseconds since 1970. */
export interface Kinds {
  readonly text: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly time: number;
  readonly bytes: Uint8Array;
}
/** The name of a kind. */
export type Kind = keyof Kinds;

/** An expression over a record. `M` is `null` where the value may be missing, else `never`. */
export interface Expr<out K extends Kind, out M extends null = null> {
  readonly kind: K;
  readonly [expressionSymbol]: ExpressionBody<M>;
}

/** Engine's side of an expression. */
export interface ExpressionBody<out M extends null> {
  readonly node: ExpressionNode;
  /** Never there: carries the type. */
  readonly missing?: M;
}

/** An expression that is true or false. */
export type Condition = Expr<"boolean", never>;

/** The values of an expression. */
export type ExprValue<E> = E extends Expr<infer K, infer M> ? Kinds[K] | M : never;

/** The kind of what is encoded in a form: int and double are one. */
export type KindOf<W> = W extends "int" | "double" ? "number" : W extends Kind ? W : never;

const kinds: Readonly<Record<ScalarWire, Kind>> = {
  text: "text",
  int: "number",
  double: "number",
  boolean: "boolean",
  time: "time",
  bytes: "bytes",
};

/** The kind of a scalar form. */
export function kindOfWire(wire: ScalarWire): Kind {
  return kinds[wire];
}

/** Whether a text names a scalar form. */
export function isScalarWire(wire: unknown): wire is ScalarWire {
  return typeof wire === "string" && Object.hasOwn(kinds, wire);
}

/** Wrap a node for authors. `M` is the caller's promise. */
export function createExpr<K extends Kind, M extends null>(kind: K, node: ExpressionNode): Expr<K, M> {
  return { kind, [expressionSymbol]: { node } };
}

/** Whether something is an expression. */
export function isExpr(value: unknown): value is Expr<Kind> {
  return typeof value === "object" && value !== null && expressionSymbol in value;
}

/** Take the engine's side of an expression. */
export function nodeOf(expression: Expr<Kind>): ExpressionNode {
  return expression[expressionSymbol].node;
}
