// Names expressions by what they compute: two with one key give one value for every record, so that it is computed once.

import { childrenOf, type ExpressionNode } from "./expression.ts";

/** Give keys to expressions. Keys of one namer alone are comparable. */
export class ExpressionNamer {
  readonly #objects = new Map<object, number>();
  readonly #keys = new Map<ExpressionNode, string>();

  /** The key of an expression. */
  keyOf(node: ExpressionNode): string {
    const known = this.#keys.get(node);
    if (known !== undefined) return known;
    const key = JSON.stringify([
      node.node,
      ...this.#ownParts(node),
      ...childrenOf(node).map((each) => this.keyOf(each)),
    ]);
    this.#keys.set(node, key);
    return key;
  }

  /** What a node is beside its children. */
  #ownParts(node: ExpressionNode): readonly unknown[] {
    switch (node.node) {
      case "column":
        return [node.from, node.name];
      case "literal":
        // JSON would make one of 0 and -0, and nothing of NaN.
        return [
          node.wire,
          typeof node.value === "object" ? node.value.join() : Object.is(node.value, -0) ? "-0" : String(node.value),
        ];
      case "parameter":
        return [this.#numberOf(node.parameter)];
      case "compare":
      case "textTest":
        return [node.test];
      case "arithmetic":
        return [node.operation];
      case "floorTime":
        return [node.width.count, node.width.unit, node.zone];
      case "substring":
        return [node.from, node.length ?? -1];
      case "before":
        return [node.what];
      case "choose":
        // Which of them are missing: those that are not stand among the children.
        return [
          this.#numberOf(node.parameter),
          ...Object.entries(node.of).map(([name, each]) => (each === null ? [name] : name)),
        ];
      case "lookup":
        return [this.#numberOf(node.table), node.column];
      case "and":
      case "or":
      case "not":
      case "isMissing":
      case "textOf":
      case "words":
        return [];
    }
  }

  #numberOf(object: object): number {
    const known = this.#objects.get(object);
    if (known !== undefined) return known;
    this.#objects.set(object, this.#objects.size);
    return this.#objects.size - 1;
  }
}
