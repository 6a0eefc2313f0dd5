// The reference interpreter: what an expression means, written as plainly as possible. The engine runs compile.ts, whose
// answers are these; a property test says so.

import { compareBytes } from "../bytes/compare-bytes.ts";
import {
  type ArithmeticNode,
  type ColumnNode,
  type CompareNode,
  type ExpressionNode,
  type ExpressionValue,
  type LookupNode,
  type TextTestNode,
  chosenExpression,
} from "./expression.ts";
import type { ExpressionTools } from "./expression-tools.ts";
import { createTimeFloor } from "./floor-time.ts";
import { compareTexts, textBefore, textOfNumber } from "./text-operations.ts";

/** What an expression is evaluated on. */
export interface ExpressionScope {
  readonly record: unknown;
  /** The word of the row: what every `words` node gives. */
  readonly word?: string;
  readonly tools: ExpressionTools;
}

/** Evaluate an expression. Cost: every node, every time. */
export function interpretExpression(node: ExpressionNode, scope: ExpressionScope): ExpressionValue {
  const value = (of: ExpressionNode): ExpressionValue => interpretExpression(of, scope);
  switch (node.node) {
    case "column":
      return columnOf(node, scope.record);
    case "literal":
      return node.value;
    case "parameter":
      return scope.tools.parameter(node.parameter);
    case "compare":
      return compare(node, value(node.left), value(node.right));
    case "and":
      return node.conditions.every((condition) => value(condition) === true);
    case "or":
      return node.conditions.some((condition) => value(condition) === true);
    case "not":
      return value(node.condition) !== true;
    case "isMissing":
      return value(node.value) === null;
    case "arithmetic":
      return calculate(node, value(node.left), value(node.right));
    case "floorTime": {
      const time = value(node.value);
      if (time === null) return null;
      const zone = node.zone === "UTC" ? undefined : scope.tools.zone(node.zone);
      return createTimeFloor(node.width, zone)(time as number);
    }
    case "substring": {
      const text = value(node.value);
      if (text === null) return null;
      const characters = Array.from(text as string);
      const end = node.length === undefined ? characters.length : node.from + node.length;
      return characters.slice(node.from, end).join("");
    }
    case "before": {
      const text = value(node.value);
      return text === null ? null : textBefore(text as string, node.what);
    }
    case "textOf": {
      const number = value(node.value);
      return number === null ? null : textOfNumber(number as number);
    }
    case "choose": {
      const chosen = chosenExpression(node, scope.tools.parameter);
      return chosen === null ? null : value(chosen);
    }
    case "textTest":
      return testText(node, { text: value(node.value), what: value(node.what) as string, tools: scope.tools });
    case "words":
      return scope.word ?? null;
    case "lookup":
      return lookUp(node, value(node.value), scope.tools);
  }
}

function columnOf(node: ColumnNode, record: unknown): ExpressionValue {
  const value = node.from === "record" ? record : (record as Readonly<Record<string, unknown>>)[node.name];
  return (value ?? null) as ExpressionValue;
}

function compare(node: CompareNode, left: ExpressionValue, right: ExpressionValue): boolean {
  if (left === null || right === null) return false;
  const order = orderOf(left, right);
  switch (node.test) {
    case "equals":
      return order === 0;
    case "notEquals":
      return order !== 0;
    case "lessThan":
      return order < 0;
    case "atMost":
      return order <= 0;
    case "greaterThan":
      return order > 0;
    case "atLeast":
      return order >= 0;
  }
}

/** Below 0, 0, above 0, or NaN when there is no order. */
function orderOf(left: string | number | boolean | Uint8Array, right: string | number | boolean | Uint8Array): number {
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right);
  if (typeof left === "object" && typeof right === "object") return compareBytes(left, right);
  const a = Number(left);
  const b = Number(right);
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number.NaN;
}

function calculate(node: ArithmeticNode, left: ExpressionValue, right: ExpressionValue): number | null {
  if (left === null || right === null) return null;
  const a = left as number;
  const b = right as number;
  switch (node.operation) {
    case "add":
      return a + b;
    case "subtract":
      return a - b;
    case "multiply":
      return a * b;
    case "divide":
      return b === 0 ? null : a / b;
  }
}

function testText(
  node: TextTestNode,
  given: { readonly text: ExpressionValue; readonly what: string; readonly tools: ExpressionTools },
): boolean {
  if (given.text === null) return false;
  const text = given.text as string;
  switch (node.test) {
    case "hasPrefix":
      return text.startsWith(given.what);
    case "contains":
      return text.includes(given.what);
    case "matches":
      return given.tools.pattern(given.what)(text);
  }
}

function lookUp(node: LookupNode, key: ExpressionValue, tools: ExpressionTools): ExpressionValue {
  if (key === null) return null;
  return tools.sideTable(node.table)(key)?.[node.column] ?? null;
}
