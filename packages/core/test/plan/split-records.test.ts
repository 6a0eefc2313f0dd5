import { describe, expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import type { Plan, Split } from "../../src/model/plan.ts";
import { splitRecords } from "../../src/plan/split-records.ts";

const splitOf = (parts: number, index: number): Split => ({
  input: index,
  parts: Array.from({ length: parts }, (_, part) => ({
    uri: `file:///${index}/${part}`,
    offset: 0,
    bytes: 1,
    fileBytes: 1,
    modifiedMs: 0,
    codec: "detect" as const,
  })),
  bytes: parts,
  hosts: [],
});
const planOf = (...splits: readonly (readonly Split[])[]): Plan => ({
  stages: [],
  splits,
  inputFiles: 0,
  inputBytes: 0,
  skippedFiles: 0,
  hash: "",
});

describe("splitRecords()", () => {
  it("gives every split once, in order, in records of bounded length", () => {
    const stages = [
      Array.from({ length: 1_201 }, (_, index) => splitOf(1, index)),
      [],
      [700, 1_000, 300, 1, 2, 1_000, 1_000, 1_000].map(splitOf),
    ];
    const records = splitRecords(planOf(...stages)).flatMap((record) => (record.kind === "splits" ? [record] : []));
    expect(records.map(({ stage, first, splits }) => [stage, first, splits.length])).toEqual([
      [0, 0, 500],
      [0, 500, 500],
      [0, 1_000, 201],
      [2, 0, 3],
      [2, 3, 3],
      [2, 6, 2],
    ]);
    for (const [stage, splits] of stages.entries())
      expect(records.filter((record) => record.stage === stage).flatMap((record) => record.splits)).toEqual(splits);
  });

  it("makes progress with a split that alone has more files", () => {
    const splits = [splitOf(limits.recordPartsMax + 1, 0), splitOf(1, 1)];
    expect(splitRecords(planOf(splits)).length).toBe(2);
    expect(splitRecords(planOf([]))).toEqual([]);
  });
});
