// The laws that a job must keep before it commits.
import { describe, expect, it } from "vitest";
import type { JobState, OwnedRange, SplitPart } from "../../src/index.ts";
import { consumptionFault, tilingFault } from "../../src/schedule/check-conservation.ts";
import { makeCoordinatorScript } from "./coordinator/coordinator-script.ts";

/** A job of one file of 100 bytes in two splits, whose maps say that they owned these ranges. */
function jobThatRead(first: readonly OwnedRange[], second: readonly OwnedRange[]): JobState {
  const script = makeCoordinatorScript();
  script("begin\nsubmit one maps=2 reduces=0\nworker w-1 slots=2\nhold place\nfinish one/0-0.0\nfinish one/0-1.0");
  const state = script.world().machine.jobStates()[0];
  if (state === undefined) throw new Error("no job");
  const part: SplitPart = { uri: "a", offset: 0, bytes: 50, fileBytes: 100, modifiedMs: 1, codec: "none" };
  state.splits[0] = [part, { ...part, offset: 50 }].map((only) => ({ input: 0, parts: [only], bytes: 50, hosts: [] }));
  [first, second].forEach((ranges, task) => {
    const found = state.stages[0]?.tasks[task];
    if (found?.accepted === undefined) throw new Error("not accepted");
    const consumed = { kind: "splits", ranges, records: 1, badRecords: 0, bytes: 50 } as const;
    found.accepted = { ...found.accepted, result: { ...found.accepted.result, consumed } };
  });
  return state;
}

const range = (begin: number, end: number, uri = "a"): OwnedRange => ({ uri, begin, end });

describe("tilingFault()", () => {
  it.each([
    ["at the split's edge", [range(0, 50)], [range(50, 100)]],
    ["at a record's edge", [range(0, 63)], [range(63, 100)]],
    ["when one split holds no record's begin", [range(0, 100)], [range(50, 50)]],
    ["in any order", [range(40, 100)], [range(0, 40)]],
  ])("accepts ranges that meet %s", (_, first, second) => {
    expect(tilingFault(jobThatRead(first, second))).toBeUndefined();
  });

  it.each([
    ["a gap", [range(0, 49)], [range(50, 100)], 'bytes 49 to 50 of "a" were read by nobody'],
    ["an overlap", [range(0, 51)], [range(50, 100)], 'bytes 50 to 51 of "a" were read twice'],
    ["a missing begin", [range(1, 50)], [range(50, 100)], 'bytes 0 to 1 of "a" were read by nobody'],
    ["a missing end", [range(0, 50)], [range(50, 99)], '"a" was read to byte 99 of 100'],
    ["a whole missing split", [range(0, 50)], [], '"a" was read to byte 50 of 100'],
    [
      "a file that was not planned",
      [range(0, 50, "b")],
      [range(50, 100)],
      'map task "0-0" read "b", which was not planned',
    ],
  ])("finds %s", (_, first, second, fault) => {
    expect(tilingFault(jobThatRead(first, second))).toBe(fault);
  });
});

describe("consumptionFault()", () => {
  const written = { maps: 2, pairs: 10, rawBytes: 100, digest: "00000000000000aa" };
  it("accepts what was written, and names the first difference", () => {
    expect(consumptionFault({ kind: "segments", ...written }, written)).toBeUndefined();
    expect(consumptionFault({ kind: "segments", ...written, maps: 1 }, written)).toMatch(/1 segments were read, 2/);
    expect(consumptionFault({ kind: "segments", ...written, pairs: 9 }, written)).toMatch(/9 pairs/);
    expect(consumptionFault({ kind: "segments", ...written, rawBytes: 1 }, written)).toMatch(/1 bytes/);
    expect(consumptionFault({ kind: "segments", ...written, digest: "00000000000000ab" }, written)).toMatch(/digest/);
  });
});
