// What expressions mean, case by case.

import { describe, expect, it } from "vitest";
import {
  type ArithmeticOperation,
  type CompareTest,
  type ExpressionNode,
  type ExpressionValue,
  interpretExpression,
  splitWords,
} from "../../src/index.ts";
import { table, tools } from "./expression-kit.ts";

const of = (value: ExpressionValue): ExpressionNode => {
  const wire =
    typeof value === "string"
      ? "text"
      : typeof value === "boolean"
        ? "boolean"
        : typeof value === "object" && value !== null
          ? "bytes"
          : "double";
  return { node: "column", name: "value", wire, optional: true, from: "record", table };
};
const literal = (value: Exclude<ExpressionValue, null>): ExpressionNode =>
  ({ ...of(value), node: "literal", value }) as ExpressionNode;
const evaluate = (node: ExpressionNode, record: unknown = null): ExpressionValue =>
  interpretExpression(node, { record, tools });
const compare = (test: CompareTest, left: ExpressionValue, right: Exclude<ExpressionValue, null>): ExpressionValue =>
  evaluate({ node: "compare", test, left: of(left ?? right), right: literal(right) }, left);
const calculate = (operation: ArithmeticOperation, left: number | null, right: number): ExpressionValue =>
  evaluate({ node: "arithmetic", operation, left: of(left), right: literal(right) }, left);

describe("interpretExpression()", () => {
  it.each<[ExpressionValue, Exclude<ExpressionValue, null>, string]>([
    [1, 2, "notEquals lessThan atMost"],
    [2, 2, "equals atMost atLeast"],
    [-0, 0, "equals atMost atLeast"],
    [Number.NaN, Number.NaN, "notEquals"],
    [Number.NaN, 1, "notEquals"],
    [Number.POSITIVE_INFINITY, 1, "notEquals greaterThan atLeast"],
    [null, 1, ""],
    [null, "a", ""],
    ["a", "b", "notEquals lessThan atMost"],
    ["a", "a", "equals atMost atLeast"],
    ["", "a", "notEquals lessThan atMost"],
    // By code points, not by UTF-16 units: U+1F600 stands behind U+FF5E.
    ["😀", "\uFF5E", "notEquals greaterThan atLeast"],
    ["\uD83D", "\uE000", "notEquals lessThan atMost"],
    ["\uD83Dx", "😀", "notEquals lessThan atMost"],
    [false, true, "notEquals lessThan atMost"],
    [new Uint8Array([1]), new Uint8Array([1]), "equals atMost atLeast"],
    [new Uint8Array([1, 0]), new Uint8Array([1]), "notEquals greaterThan atLeast"],
  ])("compares %s with %s: %s", (left, right, holding) => {
    const tests: readonly CompareTest[] = ["equals", "notEquals", "lessThan", "atMost", "greaterThan", "atLeast"];
    expect(tests.filter((test) => compare(test, left, right) === true).join(" ")).toBe(holding);
  });

  it("divides by zero to a missing value, and goes on with missing ones", () => {
    expect(calculate("divide", 7, 2)).toBe(3.5);
    expect(calculate("divide", 7, 0)).toBeNull();
    expect(calculate("divide", 7, -0)).toBeNull();
    expect(calculate("divide", 0, 0)).toBeNull();
    expect(calculate("add", null, 1)).toBeNull();
    expect(calculate("multiply", 1e308, 10)).toBe(Number.POSITIVE_INFINITY);
    expect(calculate("subtract", 1, 3)).toBe(-2);
  });

  it("is false where a text is missing, and true where that is denied", () => {
    const test: ExpressionNode = {
      node: "textTest",
      test: "contains",
      value: of(""),
      what: { node: "literal", wire: "text", value: "" },
    };
    expect(evaluate(test, null)).toBe(false);
    expect(evaluate({ node: "not", condition: test }, null)).toBe(true);
    expect(evaluate({ node: "isMissing", value: of(null) }, undefined)).toBe(true);
    expect(evaluate({ node: "and", conditions: [] })).toBe(true);
    expect(evaluate({ node: "or", conditions: [] })).toBe(false);
  });

  it.each([
    ["a😀b", 1, 1, "😀"],
    ["a😀b", 2, undefined, "b"],
    ["ab", 5, 1, ""],
    ["ab", 0, 0, ""],
    ["x\uDE00y", 1, 1, "\uDE00"],
    [null, 0, 1, null],
  ])("takes characters out of %j from %j, %j of them", (text, from, length, expected) => {
    const node: ExpressionNode = {
      node: "substring",
      value: of(""),
      from,
      ...(length === undefined ? {} : { length }),
    };
    expect(evaluate(node, text)).toBe(expected);
  });
});

describe("before and textOf", () => {
  it.each([
    ["/a?x=1?", "?", "/a"],
    ["/a", "?", "/a"],
    ["?", "?", ""],
    ["", "?", ""],
    ["a, b", ", ", "a"],
    [null, "?", null],
  ])("takes of %j what stands before %j", (text, what, expected) => {
    expect(evaluate({ node: "before", value: of(""), what }, text)).toBe(expected);
  });

  it.each([
    [200, "200"],
    [-0, "0"],
    [0.5, "0.5"],
    [1e21, "1e+21"],
    [null, null],
  ])("writes %j as a text", (number, expected) => {
    expect(evaluate({ node: "textOf", value: of(0) }, number)).toBe(expected);
  });
});

describe("splitWords()", () => {
  it.each([
    ["", []],
    ["   ", []],
    ["a", ["a"]],
    [" a\t b\u00A0c\r\n", ["a", "b", "c"]],
    ["a,b", ["a,b"]],
  ])("takes %j apart", (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});
