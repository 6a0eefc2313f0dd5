// Matches as pairs, and what of a regular expression kernels can look for.

import { eachMatch } from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainPattern } from "../../src/job/plain-pattern.ts";
import { batchPlanOf } from "../../src/program/batch-plan.ts";

const map = eachMatch({ pattern: "p", group: "g", ignoreCase: "i" });

function matchesOf(text: string, params: Readonly<Record<string, unknown>>): string[] {
  const found: string[] = [];
  map(text, (match) => found.push(match), { params });
  return found;
}

function choiceOf(params: Readonly<Record<string, unknown>>) {
  const plan = batchPlanOf(map);
  if (plan?.kind !== "matches") throw new Error("no plan of matches");
  return plan.choose(params);
}

const pieces = fc.oneof(
  fc.constantFrom(...Array.from("ab1-/ ,:<>=!~@%&'\";_")),
  fc.constantFrom("\\.", "\\[", "\\/", "\\d", "\\w", "\\s", ".", "[ab]", "[^ab]", "[a-f]", "[^a-f0-9]"),
  fc.constantFrom("[\\d.]", "[-a]", "[a-]", "[\\]\\\\]", "[ -~]", "[^\\s,]", "[.*+?^$]", "[\\--0]", "[]", "[^]"),
);
/** Kernels do not look for these. */
const others = fc.oneof(
  fc.constantFrom(...Array.from("^$*+?|()\u00e9\u{1f642}")),
  fc.constantFrom("{2}", "\\b", "\\D", "[\u00e9]", "\\p{L}", "(?:a)", "\\u0041"),
);
const characters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter((each) => each !== "\n");

describe("plainPattern()", () => {
  it("has of each place the characters that the expression has there", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 6 }), (parts) => {
        const pattern = plainPattern(new RegExp(parts.join(""), "gu"));
        const sets = parts.map((part) => characters.filter((each) => new RegExp(`^(?:${part})$`, "u").test(each)));
        expect(pattern === undefined).toBe(!sets.some(({ length }) => length === 1));
        if (pattern === undefined) return;
        read++;
        expect(pattern.places.map((place) => characters.filter((each) => place[each.charCodeAt(0)] === 1))).toEqual(
          sets,
        );
        const text = String.fromCharCode(...pattern.text);
        expect(sets.slice(pattern.textAt, pattern.textAt + text.length).map((set) => set.join(""))).toEqual(
          Array.from(text),
        );
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(300);
  });

  it("is undefined for what is not a fixed number of characters of ASCII", () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 4 }),
        others,
        fc.array(pieces, { maxLength: 4 }),
        (before, other, after) => {
          const source = [...before, other, ...after].join("");
          let expression: RegExp;
          try {
            expression = new RegExp(source, "gu");
          } catch {
            return;
          }
          expect(plainPattern(expression)).toBeUndefined();
        },
      ),
    );
    expect(plainPattern(/ab/giu)).toBeUndefined();
    expect(plainPattern(/a./gsu)).toBeUndefined();
    expect(plainPattern(/\d\d/gu)).toBeUndefined();
    expect(plainPattern(new RegExp("a".repeat(257), "gu"))).toBeUndefined();
  });
});

describe("eachMatch()", () => {
  it("emits what is matched, or a group that took part", () => {
    const p = "dfs\\.(\\w)|hd(fs)";
    expect(matchesOf("dfs.a dfs.b hdfs", { p, g: 0, i: false })).toEqual(["dfs.a", "dfs.b", "hdfs"]);
    expect(matchesOf("dfs.a dfs.b hdfs", { p, g: 1, i: false })).toEqual(["a", "b"]);
    expect(matchesOf("DFS.a", { p, g: 0, i: true })).toEqual(["DFS.a"]);
    expect(matchesOf("aab", { p: "b*", g: 0, i: false })).toEqual(["", "", "b", ""]);
  });

  it("says what kernels do", () => {
    expect(choiceOf({ p: '" 50[03] ', g: 0, i: false })).toMatchObject({ required: '" 50', pattern: { textAt: 0 } });
    expect(choiceOf({ p: '" 50[03] ', g: 0, i: true })).toEqual({ required: "" });
    expect(choiceOf({ p: "ab(c)", g: 1, i: false })).toEqual({ required: "ab" });
    expect(choiceOf({ p: "ab+", g: 0, i: false })).toEqual({ required: "ab" });
  });
});
