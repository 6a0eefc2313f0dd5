// Conditions of an aggregation as kernels evaluate them: comparisons of columns with what is the same for all records.

import {
  type ColumnContent,
  type ColumnNode,
  type CompareNode,
  type CompareTest,
  type ExpressionNode,
  type ParameterMark,
  type RowCondition,
  type ColumnKey,
  type TextTestNode,
  chosenExpression,
  conditionDepthMax,
  showExpression,
} from "@millrace/data";

/** Finds the columns that kernels find. */
export class ColumnFinder {
  readonly #columns: ReadonlyMap<string, ColumnContent>;

  constructor(columns: ReadonlyMap<string, ColumnContent>) {
    this.#columns = columns;
  }

  /** A column as a key, or as a value that is kept. */
  key(node: ColumnNode): ColumnKey | undefined {
    const found = this.text(node) ?? this.number(node);
    return found !== undefined && node.wire === "double" ? { ...found, isDouble: true } : found;
  }

  /** A column of text. */
  text(node: ColumnNode): { readonly column: string; readonly optional: boolean } | undefined {
    return node.wire === "text" ? this.#find(node, "text") : undefined;
  }

  /** A column of whole numbers or times. */
  whole(node: ColumnNode): { readonly column: string; readonly optional: boolean } | undefined {
    return node.wire === "int" || node.wire === "time" ? this.#find(node, "number") : undefined;
  }

  /** A column of any numbers or times. */
  number(node: ColumnNode): { readonly column: string; readonly optional: boolean } | undefined {
    return node.wire === "double" ? this.#find(node, "number") : this.whole(node);
  }

  #find(
    { name, from, optional }: ColumnNode,
    content: ColumnContent,
  ): { readonly column: string; readonly optional: boolean } | undefined {
    return from === "property" && this.#columns.get(name) === content ? { column: name, optional } : undefined;
  }
}

/** What conditions are made with. */
export interface RowContext {
  readonly find: ColumnFinder;
  readonly parameter: (mark: ParameterMark) => unknown;
}

/** The column that an expression is; undefined when it is something else. */
export function columnOf(node: ExpressionNode, { parameter }: RowContext): ColumnNode | undefined {
  const chosen = chosenExpression(node, parameter);
  return chosen?.node === "column" ? chosen : undefined;
}

/** Make the operations of a condition; none of no condition. @returns why there are none otherwise. */
export function conditionsOf(node: ExpressionNode | undefined, context: RowContext): readonly RowCondition[] | string {
  if (node === undefined) return [];
  const made = operationsOf(node, context);
  if (made === undefined) return `no kernel computes ${showExpression(node)}`;
  return made.length > conditionDepthMax ? `the condition ${showExpression(node)} is long` : made;
}

function operationsOf(given: ExpressionNode, context: RowContext): readonly RowCondition[] | undefined {
  const node = chosenExpression(given, context.parameter);
  if (node === null) return undefined;
  switch (node.node) {
    case "compare":
      return oneOf(comparison(node, context));
    case "textTest":
      return oneOf(textTest(node, context));
    case "isMissing": {
      const value = columnOf(node.value, context);
      const found = value === undefined ? undefined : (context.find.text(value) ?? context.find.number(value));
      return oneOf(found === undefined ? undefined : { operation: "isMissing", column: found.column });
    }
    case "not": {
      const made = operationsOf(node.condition, context);
      return made === undefined ? undefined : [...made, { operation: "not" }];
    }
    case "and":
    case "or": {
      const made = node.conditions.map((each) => operationsOf(each, context));
      if (made.includes(undefined)) return undefined;
      return [...made.flatMap((each) => each ?? []), { operation: node.node, count: node.conditions.length }];
    }
    case "column":
    case "literal":
    case "parameter":
    case "arithmetic":
    case "floorTime":
    case "substring":
    case "before":
    case "textOf":
    case "words":
    case "lookup":
      return undefined;
  }
}

function oneOf(condition: RowCondition | undefined): readonly RowCondition[] | undefined {
  return condition === undefined ? undefined : [condition];
}

const mirrored: Readonly<Record<CompareTest, CompareTest>> = {
  equals: "equals",
  notEquals: "notEquals",
  lessThan: "greaterThan",
  atMost: "atLeast",
  greaterThan: "lessThan",
  atLeast: "atMost",
};

function comparison({ left, right, test }: CompareNode, context: RowContext): RowCondition | undefined {
  const first = columnOf(left, context);
  const isTurned = first === undefined;
  const [column, other] = isTurned ? [columnOf(right, context), left] : [first, right];
  if (column === undefined) return undefined;
  const value = constantOf(other, context);
  const turned = isTurned ? mirrored[test] : test;
  const number = context.find.number(column);
  // NaN is not a number that kernels compare with.
  if (number !== undefined && typeof value === "number" && !Number.isNaN(value))
    return { operation: "compare", column: number.column, test: turned, value };
  const text = context.find.text(column);
  if (text === undefined || typeof value !== "string" || (turned !== "equals" && turned !== "notEquals"))
    return undefined;
  return { operation: "text", column: text.column, test: turned, value };
}

function textTest({ test, value, what }: TextTestNode, context: RowContext): RowCondition | undefined {
  const column = columnOf(value, context);
  const text = column === undefined ? undefined : context.find.text(column);
  const prefix = constantOf(what, context);
  if (test !== "hasPrefix" || text === undefined || typeof prefix !== "string") return undefined;
  return { operation: "text", column: text.column, test, value: prefix };
}

/** What is the same for all records. */
function constantOf(node: ExpressionNode, { parameter }: RowContext): unknown {
  const chosen = chosenExpression(node, parameter);
  if (chosen?.node === "literal") return chosen.value;
  return chosen?.node === "parameter" ? parameter(chosen.parameter) : undefined;
}
