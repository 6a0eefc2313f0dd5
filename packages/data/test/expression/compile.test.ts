// The compiled form of expressions gives what the interpreter gives, for whatever expressions share a record.

import { describe, expect, it, vi } from "vitest";
import { type ExpressionNode, compileExpressions, interpretExpression, showExpression } from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { ExpressionMaker, table, tools } from "./expression-kit.ts";

const everyNode = [
  "column",
  "literal",
  "parameter",
  "equals",
  "notEquals",
  "lessThan",
  "atMost",
  "greaterThan",
  "atLeast",
  "and",
  "or",
  "not",
  "isMissing",
  "add",
  "subtract",
  "multiply",
  "divide",
  "floorTime",
  "substring",
  "before",
  "textOf",
  "choose",
  "hasPrefix",
  "contains",
  "matches",
  "words",
  "lookup",
];

describe("compileExpressions()", () => {
  it("gives what the interpreter gives, on 10,000 random expressions and records", () => {
    let compared = 0;
    const made = new Map<string, number>();
    for (let seed = 1; seed <= 2_500; seed++) {
      const random = seededRandom(seed);
      const maker = new ExpressionMaker(random);
      const nodes = Array.from({ length: 4 }, () => maker.any(4));
      const { evaluate, useRecord, useWord } = compileExpressions(nodes, tools);
      for (let round = 0; round < 4; round++) {
        const record = maker.record();
        useRecord(record);
        for (let step = 0; step < 2; step++) {
          const word = maker.word();
          useWord(word);
          // Not all are asked for, and not in order: what one computes, another may use.
          for (const index of [0, 1, 2, 3].toSorted(() => random() - 0.5).slice(0, 3)) {
            const node = nodes[index]!;
            const expected = interpretExpression(node, { record, word, tools });
            const actual = evaluate[index]!();
            compared++;
            if (!Object.is(actual, expected))
              expect.fail(
                `seed ${seed}: ${showExpression(node)} of ${JSON.stringify(record)} and word ${JSON.stringify(word)} is ${String(actual)}, not ${String(expected)}`,
              );
          }
        }
      }
      for (const [name, count] of maker.made) made.set(name, (made.get(name) ?? 0) + count);
    }
    expect(compared).toBe(60_000);
    expect(everyNode.filter((name) => (made.get(name) ?? 0) < 200)).toEqual([]);
  });

  const column = (name: string, wire: "text" | "int" = "int"): ExpressionNode => ({
    node: "column",
    name,
    wire,
    optional: false,
    from: "property",
    table,
  });

  it("reads a column at most once a record, and only when it is asked for", () => {
    const read = vi.fn(() => 7);
    const record = {
      get asked(): number {
        return read();
      },
      get unasked(): number {
        throw new Error("no expression asks for it");
      },
    };
    const double: ExpressionNode = {
      node: "arithmetic",
      operation: "add",
      left: column("asked"),
      right: column("asked"),
    };
    const small: ExpressionNode = {
      node: "compare",
      test: "lessThan",
      left: column("asked"),
      right: column("unasked"),
    };
    const never: ExpressionNode = {
      node: "and",
      conditions: [{ node: "literal", wire: "boolean", value: false }, small],
    };
    const { evaluate, useRecord } = compileExpressions([double, column("asked"), never], tools);
    useRecord(record);
    expect(evaluate.map((each) => each())).toEqual([14, 7, false]);
    expect(read).toHaveBeenCalledTimes(1);
    useRecord(record);
    expect(evaluate[1]?.()).toBe(7);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("computes what words have a part in for each word, and the rest once a record", () => {
    const read = vi.fn(() => "a b");
    const line: ExpressionNode = {
      node: "column",
      name: "line",
      wire: "text",
      optional: false,
      from: "property",
      table,
    };
    const word: ExpressionNode = { node: "words", value: line };
    const cut: ExpressionNode = { node: "substring", value: word, from: 0, length: 1 };
    const { evaluate, useRecord, useWord } = compileExpressions([line, cut, cut, line], tools);
    const record = {
      get line(): string {
        return read();
      },
    };
    useRecord(record);
    useWord("xy");
    expect(evaluate.map((each) => each())).toEqual(["a b", "x", "x", "a b"]);
    useWord("zz");
    expect(evaluate.map((each) => each())).toEqual(["a b", "z", "z", "a b"]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("takes a record that is itself the column", () => {
    const line: ExpressionNode = { node: "column", name: "line", wire: "text", optional: false, from: "record", table };
    const { evaluate, useRecord } = compileExpressions([line], tools);
    useRecord("GET /");
    expect(evaluate[0]?.()).toBe("GET /");
    expect(interpretExpression(line, { record: "GET /", tools })).toBe("GET /");
  });

  it("compiles a pattern once, not for each record", () => {
    const pattern = vi.fn(tools.pattern);
    const test: ExpressionNode = {
      node: "textTest",
      test: "matches",
      value: column("path", "text"),
      what: { node: "literal", wire: "text", value: "^/a" },
    };
    const { evaluate, useRecord } = compileExpressions([test, test], { ...tools, pattern });
    for (const path of ["/a", "/b", "/ab"]) {
      useRecord({ path });
      expect(evaluate[1]?.()).toBe(path !== "/b");
    }
    expect(pattern).toHaveBeenCalledTimes(1);
  });
});
