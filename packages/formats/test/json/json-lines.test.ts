import { jsonLines } from "@millrace/formats";
import { bytes, double, int, list, object, optional, text, time } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";

describe("jsonLines() as input", () => {
  it.each(["1", '"a"', "null", "[]", '{"a":{"b":[1,null]}}', ' {"a": 1} ', '"\\ud800"'])("reads %s", (line) => {
    expect(readOne(jsonLines(), line)).toEqual(JSON.parse(line));
  });

  it("passes over a byte order mark before a value", () => {
    expect(readOne(jsonLines(), '\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it("reads __proto__ as a field like any other", () => {
    const record = readOne(jsonLines<Record<string, unknown>>(), '{"__proto__":{"polluted":true},"constructor":1}');
    expect(Object.keys(record)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("finds no record in a line of blanks", () => {
    expect(readEach(jsonLines(), ["", "  \t", "\r"])).toEqual([{ none: true }, { none: true }, { none: true }]);
  });

  it.each(['{"a":1', "{'a':1}", "nul", "1 2", "NaN", "[1,]", '{"a":1}}', "\0", "\ud83d"])(
    "gives a bad record for %j",
    (line) => {
      expect(readEach(jsonLines(), [line])).toEqual([{ bad: expect.stringMatching(/^no JSON/u) as string }]);
    },
  );

  it("bounds what a bad record's reason holds", () => {
    const [read] = readEach(jsonLines(), [`{"a": ${"x".repeat(100_000)}`]);
    expect(read).toEqual({ bad: expect.stringMatching(/^.{1,120}$/u) as string });
  });

  it("bears 100,000 nested arrays", () => {
    const [read] = readEach(jsonLines(), ["[".repeat(100_000)]);
    expect(read).toHaveProperty("bad");
  });
});

describe("jsonLines(codec) as input", () => {
  const format = jsonLines(
    object({ id: text(), ms: int(), at: time(), share: optional(double()), tags: list(text()) }),
  );
  const good = { id: "a", ms: 1, at: 1700000000000, share: 0.5, tags: ["x"] };

  it("gives the codec's fields alone", () => {
    expect(readOne(format, JSON.stringify({ ...good, more: 1 }))).toEqual(good);
  });

  it("gives null for an optional field that is not there", () => {
    expect(readOne(format, '{"id":"a","ms":1,"at":0,"tags":[]}')).toEqual({
      id: "a",
      ms: 1,
      at: 0,
      share: null,
      tags: [],
    });
  });

  it.each([
    ["another type", { ...good, ms: "1" }],
    ["a fraction for a whole number", { ...good, ms: 1.5 }],
    ["a missing field", { ms: 1, at: 0, tags: [] }],
    ["a list that is none", { ...good, tags: "x" }],
    ["null for an object", null],
    ["a lone surrogate", { ...good, id: "\ud800" }],
  ])("gives a bad record for %s", (_what, value) => {
    expect(readEach(format, [JSON.stringify(value)])).toEqual([
      { bad: expect.stringMatching(/^not of the format's codec: /u) as string },
    ]);
  });

  it("refuses a codec with bytes in it", () => {
    expect(() => jsonLines(object({ id: text(), raw: bytes() }))).toThrow(
      expect.objectContaining({ code: "E_JOB_INVALID" }),
    );
  });
});

describe("jsonLines() as output", () => {
  it("writes one value a line, whatever is in it", () => {
    expect(writeAll(jsonLines(), ["a\nb", { k: [1, null, true] }, null, -0])).toBe(
      '"a\\nb"\n{"k":[1,null,true]}\nnull\n0\n',
    );
  });

  it("escapes a lone surrogate, which comes back", () => {
    const written = writeAll(jsonLines(), ["\ud800"]);
    expect(readOne(jsonLines(), written.trimEnd())).toBe("\ud800");
  });

  it.each([
    ["undefined", undefined, "it is undefined"],
    ["a function", () => 1, "it is a function"],
    ["NaN", { a: [Number.NaN] }, "it holds NaN"],
    ["an infinity", Number.POSITIVE_INFINITY, "it holds Infinity"],
    ["a bigint", 1n, "BigInt"],
    ["a hole in an array", [undefined], "undefined, which JSON would turn into null"],
    ["a Map", { a: new Map([["b", 1]]) }, "it holds a Map"],
    ["bytes", Uint8Array.of(1), "it holds a Uint8Array"],
  ])("refuses %s", (_what, value, message) => {
    expect(() => writeAll(jsonLines<unknown>(), [value])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID", message: expect.stringContaining(message) as string }),
    );
  });

  it("refuses a cycle in one line", () => {
    const value: Record<string, unknown> = {};
    value["self"] = value;
    expect(() => writeAll(jsonLines<unknown>(), [value])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID", message: expect.not.stringContaining("\n") as string }),
    );
  });

  it("with a codec writes its fields alone, and refuses others' types", () => {
    const format = jsonLines(object({ id: text(), ms: int() }));
    const more = { id: "a", ms: 1, more: true };
    expect(writeAll(format, [more])).toBe('{"id":"a","ms":1}\n');
    expect(() => writeAll(format, [{ id: "a", ms: 1.5 }])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID" }),
    );
  });
});
