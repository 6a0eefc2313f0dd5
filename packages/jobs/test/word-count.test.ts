import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import wordCount from "../src/word-count.ts";

const countsOf = async (lines: readonly string[], params = {}): Promise<Record<string, number>> => {
  const { records } = await testJob(wordCount, { input: lines, params });
  return Object.fromEntries(records.map(({ key, value }) => [key, value]));
};

describe("word-count", () => {
  it("counts words between blanks, as they are written", async () => {
    expect(await countsOf(["a b a", "", "  b\tB, ", "a\r"])).toEqual({ a: 3, b: 2, "B,": 1 });
  });

  it("knows Unicode's blanks, and leaves other characters in words", async () => {
    expect(await countsOf(["a\u00a0b\u3000c\u2028d", "na\u00efve \u{1f642}\u{1f642} x\0y a\u200bb"])).toEqual({
      a: 1,
      b: 1,
      c: 1,
      d: 1,
      "na\u00efve": 1,
      "\u{1f642}\u{1f642}": 1,
      "x\0y": 1,
      "a\u200bb": 1,
    });
  });

  it("counts runs of letters and digits, if asked to", async () => {
    const lines = [
      "The end. (the END)",
      "na\u00efve, na\u0131\u0308ve; \u4e2d\u6587\u3002 3\u20ac x_y don't \u{1d49c}\u{1f642}",
    ];
    expect(await countsOf(lines, { letters: "true" })).toEqual({
      The: 1,
      the: 1,
      end: 1,
      END: 1,
      "na\u00efve": 1,
      "na\u0131\u0308ve": 1,
      "\u4e2d\u6587": 1,
      "3": 1,
      x: 1,
      y: 1,
      don: 1,
      t: 1,
      "\u{1d49c}": 1,
    });
  });

  it("counts words that are names of Object.prototype", async () => {
    const { records } = await testJob(wordCount, { input: ["__proto__ constructor", "toString __proto__"] });
    expect(new Map(records.map(({ key, value }) => [key, value]))).toEqual(
      new Map([
        ["__proto__", 2],
        ["constructor", 1],
        ["toString", 1],
      ]),
    );
  });

  it("leaves out words that are too long for a key, counted, and takes those that just fit", async () => {
    const long = "\u00e9".repeat(24_000);
    const { records, counters } = await testJob(wordCount, { input: [`a ${"\u00e9".repeat(32_768)}x b`, long] });
    expect(records.map(({ key }) => key).toSorted()).toEqual(["a", "b", long]);
    expect(counters["word-count.too-long"]).toBe(1);
  });

  it("gives nothing of nothing", async () => {
    expect(await countsOf([])).toEqual({});
  });
});
