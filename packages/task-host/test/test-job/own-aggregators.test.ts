// Aggregators that an author makes of ours, where kernels would stand in for ours.

import { textLines, textTable } from "@millrace/formats";
import type { Aggregator } from "@millrace/data";
import { defineJob, eachWord, sum } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

const own = sum();
const halved: Aggregator<number, number> = { ...own, present: (cell) => own.present(cell) / 2 };
const twice: Aggregator<number, number> = { ...own, add: (cell, value, place) => own.add(cell, value * 2, place) };

describe("testJob() with an aggregator made of sum()", () => {
  it.each([
    ["its present", halved, [0.5, 1.5]],
    ["its add", twice, [2, 6]],
  ])("goes by %s", async (_name, reduce, counts) => {
    const job = defineJob({ name: "own", input: textLines(), map: eachWord(), reduce, output: textTable() });
    const { records } = await testJob(job, { input: ["a b b", "b"] });
    expect(records.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual(counts);
  });
});
