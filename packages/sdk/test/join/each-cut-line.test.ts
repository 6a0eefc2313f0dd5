import { eachCutLine } from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const map = eachCutLine({ separator: "separator", column: "column", malformed: "lines.malformed" });

/** What the map emits for a line, or the counter that it raises. */
function cut(line: string, separator: string, column: number): readonly unknown[] {
  const told: unknown[] = [];
  const context = { params: { separator, column }, count: (name: string) => told.push(name) };
  map(line, (...pair) => told.push(pair), context);
  return told;
}

describe("eachCutLine()", () => {
  it("emits a line under its column, with the others in their order, each behind a separator", () => {
    expect(cut("a,b,c", ",", 1)).toEqual([["a", ",b,c"]]);
    expect(cut("a,b,c", ",", 2)).toEqual([["b", ",a,c"]]);
    expect(cut("a,b,c", ",", 3)).toEqual([["c", ",a,b"]]);
    expect(cut("a,b,c", ",", 4)).toEqual(["lines.malformed"]);
  });

  it("cuts as a split does, whatever the separator", () => {
    const texts = fc.stringMatching(/^[ab,é]{0,12}$/u);
    const separators = fc.constantFrom(",", "a", "ab", "é", ",,");
    fc.assert(
      fc.property(texts, separators, fc.integer({ min: 1, max: 5 }), (line, separator, column) => {
        const cells = line.split(separator);
        const [key] = cells.splice(column - 1, 1);
        const pair = [key, cells.map((cell) => separator + cell).join("")];
        expect(cut(line, separator, column)).toEqual([key === undefined ? "lines.malformed" : pair]);
      }),
      { numRuns: 2_000 },
    );
  });
});
