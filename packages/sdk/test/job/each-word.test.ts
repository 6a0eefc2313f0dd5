import { eachWord } from "@millrace/sdk";
import { batchPlanOf } from "../../src/program/batch-plan.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

type Options = NonNullable<Parameters<typeof eachWord>[0]>;

function wordsOf(text: string, options: Options = {}, params: Readonly<Record<string, unknown>> = {}): string[] {
  const words: string[] = [];
  eachWord(options)(text, (word) => words.push(word), { params, count: () => undefined });
  return words;
}

const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...Array.from("aZ09_ \t\n'-\u00e4\u00a0\u0301\u4e2d\u3002\u3000\ufeff\ud800\u{1f642}\u{1d49c}\u{20000}"),
      ),
      fc.string({ unit: "binary", maxLength: 2 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

describe("eachWord()", () => {
  it("emits what stands between white space", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(wordsOf(text)).toEqual(text.split(/\s+/u).filter((word) => word !== ""));
      }),
      { numRuns: 1000 },
    );
  });

  it("emits runs of letters, marks and numbers, if asked to", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(wordsOf(text, { letters: true })).toEqual(text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
      }),
      { numRuns: 1000 },
    );
  });

  it("asks a parameter, for the function and for the plan", () => {
    const options = { letters: "letters" };
    expect(wordsOf("a-b", options, { letters: true })).toEqual(["a", "b"]);
    expect(wordsOf("a-b", options, { letters: false })).toEqual(["a-b"]);
    const chosen = (given: Options, params: Readonly<Record<string, boolean>>): unknown => {
      const plan = batchPlanOf(eachWord(given));
      return plan?.kind === "words" ? plan.choose?.(params) : undefined;
    };
    expect(chosen(options, { letters: true })).toBe("letters");
    expect(chosen(options, { letters: false })).toBe("blanks");
    expect(chosen({ letters: true }, {})).toBe("letters");
    expect(chosen({}, { letters: true })).toBe("blanks");
  });

  it("leaves out words that are too long, and counts them if asked to", () => {
    const counted: string[] = [];
    const context = { params: {}, count: (name: string) => counted.push(name) };
    const words: string[] = [];
    eachWord({ tooLong: "long" })(`a ${"\u00e9".repeat(32_769)} b`, (word) => words.push(word), context);
    expect(words).toEqual(["a", "b"]);
    expect(counted).toEqual(["long"]);
  });
});
