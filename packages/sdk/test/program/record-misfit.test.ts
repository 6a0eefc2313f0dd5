import { describe, expect, it } from "vitest";
import { recordMisfit, wireText } from "../../src/program/record-misfit.ts";

describe("recordMisfit()", () => {
  it.each<[unknown, unknown]>([
    ["text", "text"],
    ["int", "double"],
    ["time", "int"],
    ["text", { optional: "text" }],
    [undefined, "text"],
    ["text", undefined],
    ["json", { id: "text" }],
    [{ id: "text", more: "int" }, { id: "text" }],
    [
      { key: "text", value: undefined },
      { key: "text", value: { optional: "int" } },
    ],
    [["text", "int"], ["text"]],
    ["made-by-an-author", "text"],
    [{ optional: "int" }, { optional: "double" }],
  ])("takes %j for %j", (given, wanted) => {
    expect(recordMisfit(given, wanted)).toBeUndefined();
  });

  it.each<[unknown, unknown, string]>([
    ["text", "int", "the record is a text and not a number"],
    [{ optional: "text" }, "text", "the record may be missing there and not here"],
    [{ hits: { optional: "int" } }, { hits: "int" }, '"hits" may be missing there and not here'],
    [{ key: { id: "text" } }, { key: { id: "boolean" } }, '"key.id" is a text and not a boolean'],
    [{ path: "text" }, { pathh: "text" }, 'the record has no "pathh", the nearest is "path"'],
    [{ a: "text" }, { entirely: "text" }, 'the record has no "entirely"'],
    [{ a: "text" }, "text", "the record is an object and not a text"],
    [["text"], { a: "text" }, "the record is an array and not an object"],
  ])("says why %j is not %j", (given, wanted, reason) => {
    expect(recordMisfit(given, wanted)).toBe(reason);
  });
});

describe("wireText()", () => {
  it("reads like a type", () => {
    expect(wireText({ key: ["text", "int"], value: undefined, more: { optional: "time" } })).toBe(
      "{ key: [text, int], value: …, more: time or null }",
    );
  });
});
