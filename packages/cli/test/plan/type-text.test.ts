import { describe, expect, it } from "vitest";
import { aggregatorText, codecText, groupingsText } from "../../src/plan/type-text.ts";

describe("codecText()", () => {
  it.each<[unknown, string]>([
    ["text", "text"],
    [["text", "int"], "[text, int]"],
    [{ status: "int", at: { optional: "time" } }, "{ status: int, at: time or null }"],
    [{ optional: { a: ["int"] } }, "{ a: [int] } or null"],
    [{}, "{  }"],
    [{ oneOf: { users: "text", hits: ["int"] } }, "users: text | hits: [int]"],
  ])("prints %j as %s", (wire, text) => {
    expect(codecText(wire)).toBe(text);
  });
});

describe("aggregatorText()", () => {
  it.each<[unknown, string]>([
    ["sum", "sum"],
    [["quantile", 0.99], "quantile(0.99)"],
    [["minBy", { path: "text" }, "int"], "minBy({ path: text }, int)"],
    [{ hits: "count", top: ["topK", 3, "text"] }, "{ hits: count, top: topK(3, text) }"],
  ])("prints %j as %s", (wire, text) => {
    expect(aggregatorText(wire)).toBe(text);
  });
});

describe("groupingsText()", () => {
  it("sets the groupings of one shuffle beside each other", () => {
    expect(groupingsText([["time"], ["text", "int"]], [["count", ["quantile", 0.5]], ["sum"]])).toEqual({
      key: "[time] | [text, int]",
      value: "[count, quantile(0.5)] | [sum]",
    });
    expect(groupingsText("text", "sum")).toBeUndefined();
    expect(groupingsText(["text", "int"], ["quantile", 0.5])).toBeUndefined();
  });
});
