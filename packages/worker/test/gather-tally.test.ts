import { describe, expect, it } from "vitest";
import { GatherTally } from "../src/gather-tally.ts";
import { attempt, finishedOf } from "./played-worker.ts";

describe("GatherTally", () => {
  it("adds up what came for an attempt, tells it with the result, and forgets", () => {
    const tally = new GatherTally();
    tally.add(attempt(1, 0), { bytes: 100, wireBytes: 40 });
    tally.add(attempt(1, 0), { bytes: 50, wireBytes: 50 });
    tally.add(attempt(1, 1), { bytes: 7, wireBytes: 7 });
    expect(tally.counted(finishedOf(attempt(1, 0))).counters).toEqual({
      "millrace.gathered.bytes": 150,
      "millrace.gathered.wire.bytes": 90,
    });
    tally.forget(attempt(1, 0));
    expect(tally.counted(finishedOf(attempt(1, 0))).counters).toEqual({});
    expect(tally.counted(finishedOf(attempt(1, 1))).counters).toMatchObject({ "millrace.gathered.bytes": 7 });
  });

  it("leaves the result of an attempt that gathered nothing as it is", () => {
    const result = finishedOf(attempt(1, 0));
    expect(new GatherTally().counted(result)).toBe(result);
  });
});
