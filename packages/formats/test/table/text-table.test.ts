import { type TableRecord, textTable } from "@millrace/formats";
import { describe, expect, it } from "vitest";
import { writeAll } from "../read-records.ts";

describe("textTable()", () => {
  it.each<[string, TableRecord, string]>([
    ["an array of cells", ["a", 1, true, 12n], "a\t1\ttrue\t12"],
    ["an object, in the order of its properties", { b: 1, a: "x" }, "1\tx"],
    ["a pair as key TAB value", { key: "word", value: 3 }, "word\t3"],
    ["a compound key beside its value", { key: ["a", 1], value: 3 }, "a\t1\t3"],
    ["an object key and an object value", { key: { status: 200 }, value: { hits: 1, p99: null } }, "200\t1\t\\N"],
    ["an empty first cell", ["", "a", ""], "\ta\t"],
    ["TAB, LF, CR and backslash as escapes", ["a\tb\nc\rd\\e"], "a\\tb\\nc\\rd\\\\e"],
    ["a text that looks like null, apart from null", ["\\N", null], "\\\\N\t\\N"],
    ["NUL and other characters as they are", ["a\0b", "ü🙂\u2028"], "a\0b\tü🙂\u2028"],
    ["numbers as JavaScript shows them", [1e21, 0.1, -0, Number.NaN], "1e+21\t0.1\t0\tNaN"],
    ["keys of Object.prototype", { key: "__proto__", value: "constructor" }, "__proto__\tconstructor"],
    ["an empty row", [], ""],
  ])("writes %s", (_what, record, row) => {
    expect(writeAll(textTable(), [record])).toBe(`${row}\n`);
  });

  it.each([
    ["a text", "a", "a row is an array of cells or an object"],
    ["null", null, "a row is an array of cells or an object"],
    ["undefined in a cell", [undefined], "Cannot write undefined to a table"],
    ["a function in a cell", [() => 1], "Cannot write a function"],
    ["bytes in a cell", [Uint8Array.of(1)], "Cannot write an object"],
    ["a Map", new Map(), "Cannot write an object"],
    ["a Date in a cell", [new Date(0)], "Cannot write an object"],
    ["objects in a nested list", { key: "a", value: [{ item: 1 }] }, "Cannot write an object"],
    ["a lone surrogate", ["\ud800"], "a lone surrogate has no UTF-8"],
  ])("refuses %s", (_what, record, message) => {
    expect(() => writeAll(textTable(), [record as TableRecord])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID", message: expect.stringContaining(message) as string }),
    );
  });
});
