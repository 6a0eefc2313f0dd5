// The closed expression language as data: what `where`, `groupBy` and aggregators of an aggregation compute from a
// record. Every node is plain; what it means is in interpret.ts, and how it is run in compile.ts.
//
// A value is text, a number, a boolean, a time, bytes, or missing (`null`).

/** How a scalar is encoded: int and double are one kind of value, but not one order of bytes. */
export type ScalarWire = "text" | "int" | "double" | "boolean" | "time" | "bytes";

/** A value of the language; a time is a number of milliseconds since 1970, `null` is missing. */
export type ExpressionValue = string | number | boolean | Uint8Array | null;

/** Stands for the things that columns belong to: equal marks, equal things. */
export interface TableMark {
  /** What messages call it: `combined-log`, or `the row of "paths"`. */
  readonly name: string;
}

/** Stands for a parameter of the job: the same object, the same parameter. */
export type ParameterMark = object;

/** A table that is shipped with the job: rows found by the value of one column. */
export interface SideTableNode {
  /** Name of the side file. */
  readonly file: string;
  readonly key: string;
  readonly columns: Readonly<Record<string, ColumnForm>>;
}

/** How the values of a column look. */
export interface ColumnForm {
  readonly wire: ScalarWire;
  /** Whether it may be missing. */
  readonly optional: boolean;
}

export type CompareTest = "equals" | "notEquals" | "lessThan" | "atMost" | "greaterThan" | "atLeast";
export type ArithmeticOperation = "add" | "subtract" | "multiply" | "divide";
export type TextTest = "hasPrefix" | "contains" | "matches";
export type DurationUnit = "ms" | "s" | "m" | "h" | "d" | "w";

/** Property `name` of the record, or with `from: "record"` the record itself. `undefined` is missing. */
export interface ColumnNode extends ColumnForm {
  readonly node: "column";
  readonly name: string;
  readonly from: "property" | "record";
  readonly table: TableMark;
}

/** A constant; never missing. */
export interface LiteralNode {
  readonly node: "literal";
  readonly wire: ScalarWire;
  readonly value: Exclude<ExpressionValue, null>;
}

/** A parameter of the job; never missing. */
export interface ParameterNode {
  readonly node: "parameter";
  readonly wire: ScalarWire;
  readonly parameter: ParameterMark;
}

/** Compares two values of one kind. False when one is missing; NaN equals nothing, itself included. */
export interface CompareNode {
  readonly node: "compare";
  readonly test: CompareTest;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** Whether all, or any, hold: true of none for `and`, false of none for `or`. */
export interface JunctionNode {
  readonly node: "and" | "or";
  readonly conditions: readonly ExpressionNode[];
}

export interface NotNode {
  readonly node: "not";
  readonly condition: ExpressionNode;
}

export interface IsMissingNode {
  readonly node: "isMissing";
  readonly value: ExpressionNode;
}

/** IEEE 754 doubles; missing when a side is, and when a divisor is zero. */
export interface ArithmeticNode {
  readonly node: "arithmetic";
  readonly operation: ArithmeticOperation;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** The begin of the stretch of `count` units in which a time lies; see floor-time.ts. */
export interface FloorTimeNode {
  readonly node: "floorTime";
  readonly value: ExpressionNode;
  readonly width: { readonly count: number; readonly unit: DurationUnit };
  /** Name of an IANA time zone; `UTC` when the author names none. */
  readonly zone: string;
}

/** Characters (code points) from `from`, 0 being the first; to the end without `length`. */
export interface SubstringNode {
  readonly node: "substring";
  readonly value: ExpressionNode;
  readonly from: number;
  readonly length?: number;
}

/** What of a text stands before the first `what`, which is not empty; all of it where there is none. */
export interface BeforeNode {
  readonly node: "before";
  readonly value: ExpressionNode;
  readonly what: string;
}

/** A number as JavaScript writes it: `200`, `0.5`, and `0` for −0. */
export interface TextOfNode {
  readonly node: "textOf";
  readonly value: ExpressionNode;
}

/**
 * The one of several expressions of one kind that a parameter names: by its text, `true` and `false` where it is a
 * boolean. Missing where it names none of them, or `null`. How values are encoded does not go by the one that is chosen.
 */
export interface ChooseNode extends ColumnForm {
  readonly node: "choose";
  readonly parameter: ParameterMark;
  readonly of: Readonly<Record<string, ExpressionNode | null>>;
}

/** Whether a text begins with, holds, or somewhere matches (RE2) another. False when it is missing. */
export interface TextTestNode {
  readonly node: "textTest";
  readonly test: TextTest;
  readonly value: ExpressionNode;
  readonly what: LiteralNode | ParameterNode;
}

/** The words of a text, one at a time: whoever evaluates it makes a row for each. See words.ts. */
export interface WordsNode {
  readonly node: "words";
  readonly value: ExpressionNode;
}

/** Column `column` of the row whose key equals a value; missing when there is none. */
export interface LookupNode extends ColumnForm {
  readonly node: "lookup";
  readonly value: ExpressionNode;
  readonly table: SideTableNode;
  readonly column: string;
}

/** An expression. */
export type ExpressionNode =
  | ColumnNode
  | LiteralNode
  | ParameterNode
  | CompareNode
  | JunctionNode
  | NotNode
  | IsMissingNode
  | ArithmeticNode
  | FloorTimeNode
  | SubstringNode
  | BeforeNode
  | TextOfNode
  | ChooseNode
  | TextTestNode
  | WordsNode
  | LookupNode;

/** The nodes that a node is made of, in the order in which they are written. */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.node) {
    case "column":
    case "literal":
    case "parameter":
      return [];
    case "compare":
    case "arithmetic":
      return [node.left, node.right];
    case "and":
    case "or":
      return node.conditions;
    case "not":
      return [node.condition];
    case "textTest":
      return [node.value, node.what];
    case "isMissing":
    case "floorTime":
    case "substring":
    case "before":
    case "textOf":
    case "words":
    case "lookup":
      return [node.value];
    case "choose":
      return Object.values(node.of).filter((each) => each !== null);
  }
}

/** How the values of an expression are encoded. What arithmetic gives may have a fraction, whatever went in. */
export function wireOfExpression(node: ExpressionNode): ScalarWire {
  switch (node.node) {
    case "column":
    case "literal":
    case "parameter":
    case "lookup":
    case "choose":
      return node.wire;
    case "arithmetic":
      return "double";
    case "floorTime":
      return "time";
    case "substring":
    case "before":
    case "textOf":
    case "words":
      return "text";
    case "compare":
    case "and":
    case "or":
    case "not":
    case "isMissing":
    case "textTest":
      return "boolean";
  }
}

/** Whether an expression may be missing for some record. */
export function isOptionalExpression(node: ExpressionNode): boolean {
  switch (node.node) {
    case "column":
    case "choose":
      return node.optional;
    case "lookup":
      return true;
    case "arithmetic":
      return node.operation === "divide" || isOptionalExpression(node.left) || isOptionalExpression(node.right);
    case "floorTime":
    case "substring":
    case "before":
    case "textOf":
      return isOptionalExpression(node.value);
    case "literal":
    case "parameter":
    case "words":
    case "compare":
    case "and":
    case "or":
    case "not":
    case "isMissing":
    case "textTest":
      return false;
  }
}

/**
 * The expression that a parameter chooses, and that of the one chosen, until one is none of `choose`.
 *
 * @param parameter - gives the value of a parameter.
 * @returns `null` for a missing value.
 */
export function chosenExpression(
  node: ExpressionNode,
  parameter: (mark: ParameterMark) => unknown,
): Exclude<ExpressionNode, ChooseNode> | null {
  let chosen: ExpressionNode = node;
  while (chosen.node === "choose") {
    const name = String(parameter(chosen.parameter));
    const next: ExpressionNode | null = Object.hasOwn(chosen.of, name) ? (chosen.of[name] ?? null) : null;
    if (next === null) return null;
    chosen = next;
  }
  return chosen;
}
