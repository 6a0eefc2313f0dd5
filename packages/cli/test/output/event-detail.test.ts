import { describe, expect, it } from "vitest";
import type { JobRecord } from "@millrace/core";
import { describeEvent } from "../../src/output/event-detail.ts";

const failed: JobRecord = {
  kind: "ended",
  attempt: { stage: 0, task: 3, attempt: 1 },
  outcome: "failed",
  charged: true,
  failure: { code: "E_USER_CODE", message: `Cannot run "map": Error: ${"x".repeat(300)}\n    at map (job.ts:3:1)` },
  wallMs: 1,
};

describe("describeEvent()", () => {
  it("gives a terminal the reason, in full but its stack", () => {
    expect(describeEvent(failed, true)).toBe(`0-3.1 failed: [E_USER_CODE] Cannot run "map": Error: ${"x".repeat(300)}`);
    expect(describeEvent({ kind: "reset", stage: 1, task: 2, reason: "other pairs" }, true)).toBe("1-2: other pairs");
    expect(describeEvent({ kind: "kill-requested", reason: "by hand", wallMs: 1 }, true)).toBe("by hand");
  });

  it("cuts what has no reason for a terminal", () => {
    const ranges: JobRecord = { kind: "ranges", stage: 0, cuts: Array.from({ length: 100 }, () => "abcdef") };
    expect(describeEvent(ranges, true)).toHaveLength(200);
    expect(describeEvent({ kind: "ended-job", outcome: "succeeded", wallMs: 1 }, true)).toBe(
      '{"outcome":"succeeded","wallMs":1}',
    );
  });

  it("gives everything else all of it", () => {
    const { kind: _, ...detail } = failed;
    expect(JSON.parse(describeEvent(failed, false))).toEqual(detail);
  });
});
