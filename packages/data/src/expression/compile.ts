// Runs expressions: each becomes a closure, made once. What several expressions have in common is computed at most once
// a record, and nothing of a record that no expression asks for. The answers are those of interpret.ts.

import { compareBytes } from "../bytes/compare-bytes.ts";
import {
  type ArithmeticNode,
  childrenOf,
  chosenExpression,
  type ColumnNode,
  type CompareNode,
  type ExpressionNode,
  type ExpressionValue,
  type FloorTimeNode,
  type LookupNode,
  type TextTestNode,
  wireOfExpression,
} from "./expression.ts";
import { ExpressionNamer } from "./expression-key.ts";
import type { ExpressionTools } from "./expression-tools.ts";
import { createTimeFloor } from "./floor-time.ts";
import { compareTexts, sliceCharacters, textBefore, textOfNumber } from "./text-operations.ts";

/** Gives the value of an expression for the record, and the word, at hand. */
export type Evaluate = () => ExpressionValue;

/** Expressions that share what they have in common. One scope for each thread; records come one after the other. */
export interface CompiledExpressions {
  /** In the order in which they were given. */
  readonly evaluate: readonly Evaluate[];
  /** Go on to a record: nothing of the one before is kept. */
  readonly useRecord: (record: unknown) => void;
  /** Go on to a word of the same record: what every `words` node gives. */
  readonly useWord: (word: string) => void;
}

/** The record at hand. Numbers rise with each record, and with each word too. */
interface Scope {
  record: unknown;
  recordNumber: number;
  word: string | null;
  wordNumber: number;
}

/** Compile expressions that are evaluated on the same records. @throws what `tools.pattern` throws for a pattern it refuses. */
export function compileExpressions(nodes: readonly ExpressionNode[], tools: ExpressionTools): CompiledExpressions {
  const scope: Scope = { record: null, recordNumber: 0, word: null, wordNumber: 0 };
  const compiler = new Compiler(scope, tools, nodes);
  return {
    evaluate: nodes.map((node) => compiler.compile(node)),
    useRecord: (record) => {
      scope.record = record;
      scope.recordNumber++;
      scope.wordNumber++;
    },
    useWord: (word) => {
      scope.word = word;
      scope.wordNumber++;
    },
  };
}

class Compiler {
  readonly #scope: Scope;
  readonly #tools: ExpressionTools;
  readonly #namer = new ExpressionNamer();
  readonly #uses = new Map<string, number>();
  readonly #compiled = new Map<string, Evaluate>();

  constructor(scope: Scope, tools: ExpressionTools, nodes: readonly ExpressionNode[]) {
    this.#scope = scope;
    this.#tools = tools;
    for (const node of nodes) this.#countUses(node);
  }

  compile(node: ExpressionNode): Evaluate {
    const key = this.#namer.keyOf(node);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const fresh = this.#make(node);
    const isShared = (this.#uses.get(key) ?? 0) > 1 && !isCheap(node);
    const evaluate = isShared ? this.#once(fresh, holdsWords(node)) : fresh;
    this.#compiled.set(key, evaluate);
    return evaluate;
  }

  #countUses(node: ExpressionNode): void {
    const key = this.#namer.keyOf(node);
    const uses = this.#uses.get(key) ?? 0;
    this.#uses.set(key, uses + 1);
    // What it is made of is computed for its first use alone.
    if (uses === 0) for (const child of childrenOf(node)) this.#countUses(child);
  }

  /** Compute at most once a record, or once a word of it. */
  #once(evaluate: Evaluate, perWord: boolean): Evaluate {
    const scope = this.#scope;
    let number = -1;
    let value: ExpressionValue = null;
    if (perWord)
      return () => {
        if (number === scope.wordNumber) return value;
        value = evaluate();
        number = scope.wordNumber;
        return value;
      };
    return () => {
      if (number === scope.recordNumber) return value;
      value = evaluate();
      number = scope.recordNumber;
      return value;
    };
  }

  #make(node: ExpressionNode): Evaluate {
    const scope = this.#scope;
    switch (node.node) {
      case "column":
        return readColumn(node, scope);
      case "literal": {
        const { value } = node;
        return () => value;
      }
      case "parameter": {
        const value = this.#tools.parameter(node.parameter);
        return () => value;
      }
      case "compare":
        return compare(node, this.compile(node.left), this.compile(node.right));
      case "and":
      case "or":
        return join(
          node.node === "or",
          node.conditions.map((each) => this.compile(each)),
        );
      case "not": {
        const condition = this.compile(node.condition);
        return () => condition() !== true;
      }
      case "isMissing": {
        const value = this.compile(node.value);
        return () => value() === null;
      }
      case "arithmetic":
        return calculate(node, this.compile(node.left), this.compile(node.right));
      case "floorTime":
        return this.#floor(node);
      case "substring": {
        const text = this.compile(node.value);
        const { from, length = Number.POSITIVE_INFINITY } = node;
        return () => {
          const value = text();
          return value === null ? null : sliceCharacters(value as string, from, length);
        };
      }
      case "before": {
        const text = this.compile(node.value);
        const { what } = node;
        return () => {
          const value = text();
          return value === null ? null : textBefore(value as string, what);
        };
      }
      case "textOf": {
        const number = this.compile(node.value);
        return () => {
          const value = number();
          return value === null ? null : textOfNumber(value as number);
        };
      }
      case "choose": {
        const chosen = chosenExpression(node, this.#tools.parameter);
        return chosen === null ? () => null : this.compile(chosen);
      }
      case "textTest":
        return this.#testText(node);
      case "words":
        return () => scope.word;
      case "lookup":
        return this.#lookUp(node);
    }
  }

  #floor(node: FloorTimeNode): Evaluate {
    const value = this.compile(node.value);
    const floor = createTimeFloor(node.width, node.zone === "UTC" ? undefined : this.#tools.zone(node.zone));
    return () => {
      const time = value();
      return time === null ? null : floor(time as number);
    };
  }

  #testText(node: TextTestNode): Evaluate {
    const text = this.compile(node.value);
    // A constant or a parameter: the same for all records.
    const what = this.compile(node.what)() as string;
    const test = textTestOf(node, what, this.#tools);
    return () => {
      const value = text();
      return value !== null && test(value as string);
    };
  }

  #lookUp(node: LookupNode): Evaluate {
    const value = this.compile(node.value);
    const find = this.#tools.sideTable(node.table);
    const { column } = node;
    return () => {
      const key = value();
      return key === null ? null : (find(key)?.[column] ?? null);
    };
  }
}

/** Whether computing it again costs no more than remembering. */
function isCheap(node: ExpressionNode): boolean {
  return node.node === "literal" || node.node === "parameter" || node.node === "words";
}

function holdsWords(node: ExpressionNode): boolean {
  return node.node === "words" || childrenOf(node).some(holdsWords);
}

function readColumn(node: ColumnNode, scope: Scope): Evaluate {
  if (node.from === "record") return () => (scope.record ?? null) as ExpressionValue;
  const { name } = node;
  return () => ((scope.record as Readonly<Record<string, unknown>>)[name] ?? null) as ExpressionValue;
}

function join(any: boolean, conditions: readonly Evaluate[]): Evaluate {
  return () => {
    for (const condition of conditions) if ((condition() === true) === any) return any;
    return !any;
  };
}

function calculate(node: ArithmeticNode, left: Evaluate, right: Evaluate): Evaluate {
  const both =
    (of: (a: number, b: number) => number | null): Evaluate =>
    () => {
      const a = left();
      if (a === null) return null;
      const b = right();
      return b === null ? null : of(a as number, b as number);
    };
  switch (node.operation) {
    case "add":
      return both((a, b) => a + b);
    case "subtract":
      return both((a, b) => a - b);
    case "multiply":
      return both((a, b) => a * b);
    case "divide":
      return both((a, b) => (b === 0 ? null : a / b));
  }
}

function textTestOf(node: TextTestNode, what: string, tools: ExpressionTools): (text: string) => boolean {
  switch (node.test) {
    case "hasPrefix":
      return (text) => text.startsWith(what);
    case "contains":
      return (text) => text.includes(what);
    case "matches":
      return tools.pattern(what);
  }
}

/** Compare by the operators of JavaScript where they give the language's answer: not in the order of texts, nor for bytes. */
function compare(node: CompareNode, left: Evaluate, right: Evaluate): Evaluate {
  const wire = wireOfExpression(node.left);
  const isOrdered = node.test !== "equals" && node.test !== "notEquals";
  if (wire === "bytes" || (wire === "text" && isOrdered)) return compareByOrder(node, left, right);
  const both =
    (of: (a: number, b: number) => boolean): Evaluate =>
    () => {
      const a = left();
      if (a === null) return false;
      const b = right();
      return b !== null && of(a as number, b as number);
    };
  switch (node.test) {
    case "equals":
      return both((a, b) => a === b);
    case "notEquals":
      return both((a, b) => a !== b);
    case "lessThan":
      return both((a, b) => a < b);
    case "atMost":
      return both((a, b) => a <= b);
    case "greaterThan":
      return both((a, b) => a > b);
    case "atLeast":
      return both((a, b) => a >= b);
  }
}

function compareByOrder(node: CompareNode, left: Evaluate, right: Evaluate): Evaluate {
  const order = (wireOfExpression(node.left) === "bytes" ? compareBytes : compareTexts) as (
    a: unknown,
    b: unknown,
  ) => number;
  const both =
    (holds: (order: number) => boolean): Evaluate =>
    () => {
      const a = left();
      if (a === null) return false;
      const b = right();
      return b !== null && holds(order(a, b));
    };
  switch (node.test) {
    case "equals":
      return both((sign) => sign === 0);
    case "notEquals":
      return both((sign) => sign !== 0);
    case "lessThan":
      return both((sign) => sign < 0);
    case "atMost":
      return both((sign) => sign <= 0);
    case "greaterThan":
      return both((sign) => sign > 0);
    case "atLeast":
      return both((sign) => sign >= 0);
  }
}
