// What may stand beside an expression: another one, a constant or a parameter, all of one kind. Checked here for authors
// whom no compiler told.

import { MillraceError, quote } from "@millrace/core";
import {
  type ExpressionNode,
  type LiteralNode,
  type ParameterNode,
  type ScalarWire,
  showExpression,
  wireOfExpression,
} from "@millrace/data";
import { kindOf } from "../job/kind-of.ts";
import type { Param, ParamDescription } from "../param/param.ts";
import { parseTime } from "../param/parse-time.ts";
import { type Expr, type Kind, type Kinds, isExpr, kindOfWire, nodeOf } from "./expr.ts";

/** A constant of a kind; a time as ISO 8601 text or a `Date`. */
export type Literal<K extends Kind> = K extends "time" ? string | Date : Kinds[K];
/** What the other side of a comparison may be: a column, a constant or a parameter, all of one kind. */
export type Operand<K extends Kind> = Expr<K> | Literal<K> | Param<Kinds[K]>;
/** What is being made, for messages: `equals`, and the text of its first argument. */
export interface Making {
  readonly name: string;
  readonly beside?: string;
}

/** Refuse what is being made. @throws {MillraceError} E_JOB_INVALID always. */
export function refuseExpression(making: Making, reason: string): never {
  const of = making.beside === undefined ? "" : ` of ${making.beside}`;
  throw new MillraceError("E_JOB_INVALID", `Cannot make ${making.name}()${of}: ${reason}`);
}

/** Take an expression of a kind, or of any. @throws {MillraceError} E_JOB_INVALID for anything else. */
export function takeExpression(making: Making, value: unknown, kind?: Kind): ExpressionNode {
  if (!isExpr(value)) {
    const what = isParam(value) ? "a parameter, which is the same for every record" : describeValue(value);
    refuseExpression(
      making,
      `it needs a column or what is made of one, not ${what}; write ${making.name}(log.path, …)`,
    );
  }
  const node = nodeOf(value);
  const given = kindOfExpression(node);
  if (kind !== undefined && given !== kind)
    refuseExpression(
      making,
      `${showExpression(node)} is ${withArticle(given)}, not ${withArticle(kind)}; give one that is`,
    );
  return node;
}

/** The kind of a node's values. */
export function kindOfExpression(node: ExpressionNode): Kind {
  return kindOfWire(wireOfExpression(node));
}

/** Take an operand of a kind. @throws {MillraceError} E_JOB_INVALID that names both sides when it is of another. */
export function takeOperand(making: Making, value: unknown, kind: Kind): ExpressionNode {
  if (isExpr(value)) {
    const node = nodeOf(value);
    const given = kindOfExpression(node);
    return given === kind ? node : refuseKind(making, kind, `${showExpression(node)}, ${withArticle(given)}`);
  }
  return takeConstant(making, value, kind);
}

/** Take a constant or a parameter of a kind. */
export function takeConstant(making: Making, value: unknown, kind: Kind): LiteralNode | ParameterNode {
  if (isParam(value)) {
    const wire = parameterWires[value.description.type];
    if (kindOfWire(wire) !== kind)
      return refuseKind(making, kind, `a parameter that is ${withArticle(kindOfWire(wire))}`);
    return { node: "parameter", wire, parameter: value };
  }
  return literalOf(making, value, kind) ?? refuseKind(making, kind, describeValue(value));
}

function refuseKind(making: Making, kind: Kind, given: string): never {
  const first = making.beside ?? "it";
  refuseExpression(
    making.beside === undefined ? making : { name: making.name },
    `${first} is ${withArticle(kind)}, and cannot stand beside ${given}; give both sides the same kind`,
  );
}

function literalOf(making: Making, value: unknown, kind: Kind): LiteralNode | undefined {
  const literal = (wire: ScalarWire, of: LiteralNode["value"]): LiteralNode => ({ node: "literal", wire, value: of });
  switch (kind) {
    case "text":
      if (typeof value !== "string") return undefined;
      if (!value.isWellFormed())
        refuseExpression(making, `the text ${quote(value)} holds a lone surrogate; give well-formed text`);
      return literal("text", value);
    case "number":
      if (typeof value !== "number") return undefined;
      if (Number.isNaN(value)) refuseExpression(making, "NaN equals no number and stands before none; give a number");
      return literal(Number.isSafeInteger(value) ? "int" : "double", value);
    case "boolean":
      return typeof value === "boolean" ? literal("boolean", value) : undefined;
    case "time": {
      const time = value instanceof Date ? value.getTime() : typeof value === "string" ? parseTime(value) : undefined;
      if (typeof value === "string" && time === undefined)
        refuseExpression(
          making,
          `${quote(value)} is no time; write one such as "2026-01-31" or "2026-01-31T12:00:00Z"`,
        );
      if (Number.isNaN(time)) refuseExpression(making, "the Date is invalid; give one that is a time");
      return time === undefined ? undefined : literal("time", time);
    }
    case "bytes":
      // A copy: the author's array may change.
      return value instanceof Uint8Array ? literal("bytes", value.slice()) : undefined;
  }
}

const parameterWires: Readonly<Record<ParamDescription["type"], ScalarWire>> = {
  text: "text",
  choice: "text",
  pattern: "text",
  int: "int",
  double: "double",
  boolean: "boolean",
  time: "time",
};

/** Whether something is a parameter. A codec such as `text()` is one too. */
export function isParam(value: unknown): value is Param<unknown> {
  return typeof value === "object" && value !== null && "parse" in value && "description" in value;
}

/** What a wrong argument is, for messages. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return value === null ? "null" : "nothing (a column that is not there?)";
  if (typeof value === "string") return `the text ${quote(value)}`;
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${value}`;
  if (typeof value === "function") return "a function";
  return value instanceof Date ? "a Date" : kindOf(value);
}

/** `a number`, `a text`, `bytes`. */
export function withArticle(kind: Kind): string {
  return kind === "bytes" ? kind : `a ${kind}`;
}
