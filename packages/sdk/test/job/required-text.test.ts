// What a pattern's matches must hold: never more than they do.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requiredText } from "../../src/index.ts";

describe("requiredText()", () => {
  it.each([
    [/ERROR/u, "ERROR"],
    [/\bGET \/api\/\d+/u, "GET /api/"],
    [/^ab+cde$/u, "cde"],
    [/colou?r/u, "colo"],
    [/abc*de/u, "ab"],
    [/abc{0,2}de/u, "ab"],
    [/ab{2}/u, "a"],
    [/a\.b\*c/u, "a.b*c"],
    [/[abc]def(ghijkl)?mno/u, "def"],
    [/(?=longer than this)x/u, "x"],
    [/a(?:b|c[)])def/u, "def"],
    [/\u{1f642}x?/u, ""],
    [/🙂?x/u, "x"],
    [/🙂x/u, "🙂x"],
    [/a|bcd/u, ""],
    [/\x41bc/u, ""],
    [/\p{L}bc/u, ""],
    [/(a)\1bc/u, ""],
    [/error/iu, ""],
    [/[\p{L}--a]bc/v, ""],
    [/a\nbc/u, "bc"],
    [/(?:)/u, ""],
  ])("%s holds %j", (pattern, text) => {
    expect(requiredText(pattern)).toBe(text);
  });

  it("is in all that matches", () => {
    const atoms = fc.constantFrom(
      "a",
      "b",
      "ab",
      ".",
      "\\.",
      "[ab]",
      "(a|b)",
      "(?:ab)",
      "\\w",
      "^",
      "$",
      "(?=a)",
      "\\d",
      "(?!b)",
      "1",
      "x{2}",
      "[)a]",
    );
    const repeats = fc.constantFrom("", "", "", "*", "+", "?", "{0,1}", "{1,2}", "+?", "*?");
    const parts = fc.array(fc.tuple(atoms, repeats), { minLength: 1, maxLength: 6 });
    const texts = fc.string({ unit: fc.constantFrom("a", "b", ".", "1", "x", ")", "\n"), maxLength: 10 });
    let matched = 0;
    fc.assert(
      fc.property(parts, fc.boolean(), fc.array(texts, { maxLength: 10 }), (given, both, lines) => {
        const source = given.map((part) => part.join("")).join(both ? "|" : "");
        let pattern: RegExp;
        try {
          pattern = new RegExp(source, "u");
        } catch {
          return;
        }
        const text = requiredText(pattern);
        for (const line of lines) {
          if (!pattern.test(line)) continue;
          matched++;
          expect(line).toContain(text);
        }
      }),
      { numRuns: 5000 },
    );
    expect(matched).toBeGreaterThan(1000);
  });
});
