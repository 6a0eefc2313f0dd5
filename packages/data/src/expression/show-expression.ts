// An expression as text, as an author would write it: for messages and plans.

import type { ExpressionNode, ParameterMark } from "./expression.ts";

/** Longest text of a literal that is shown whole; a message stays a line. */
const literalCharactersMax = 60;

/**
 * Show an expression: `atLeast(status, 500)`.
 *
 * @param nameOf - the name of a parameter; without it, or where it gives none, `a parameter`.
 */
export function showExpression(
  node: ExpressionNode,
  nameOf: (parameter: ParameterMark) => string | undefined = () => undefined,
): string {
  const show = (each: ExpressionNode): string => showExpression(each, nameOf);
  switch (node.node) {
    case "column":
      return node.name;
    case "literal":
      return showLiteral(node.wire, node.value);
    case "parameter": {
      const name = nameOf(node.parameter);
      return name === undefined ? "a parameter" : `params.${name}`;
    }
    case "compare":
      return `${node.test}(${show(node.left)}, ${show(node.right)})`;
    case "and":
    case "or":
      return `${node.node}(${node.conditions.map(show).join(", ")})`;
    case "not":
      return `not(${show(node.condition)})`;
    case "isMissing":
    case "textOf":
    case "words":
      return `${node.node}(${show(node.value)})`;
    case "arithmetic":
      return `${node.operation}(${show(node.left)}, ${show(node.right)})`;
    case "floorTime": {
      const zone = node.zone === "UTC" ? "" : `, { zone: ${JSON.stringify(node.zone)} }`;
      return `floorTime(${show(node.value)}, "${node.width.count}${node.width.unit}"${zone})`;
    }
    case "substring":
      return `substring(${show(node.value)}, ${node.from}${node.length === undefined ? "" : `, ${node.length}`})`;
    case "before":
      return `before(${show(node.value)}, ${showLiteral("text", node.what)})`;
    case "choose": {
      const of = Object.entries(node.of).map(([name, each]) => `${name}: ${each === null ? "null" : show(each)}`);
      return `choose(${nameOf(node.parameter) ?? "a parameter"}, { ${of.join(", ")} })`;
    }
    case "textTest":
      return `${node.test}(${show(node.value)}, ${show(node.what)})`;
    case "lookup":
      return `lookup(${show(node.value)}, ${JSON.stringify(node.table.file)}, ${JSON.stringify(node.column)})`;
  }
}

function showLiteral(wire: string, value: string | number | boolean | Uint8Array): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > literalCharactersMax ? `${value.slice(0, literalCharactersMax)}…` : value);
  if (typeof value === "object") return `${value.length} bytes`;
  return wire === "time" ? `the time ${value}` : Object.is(value, -0) ? "-0" : String(value);
}
