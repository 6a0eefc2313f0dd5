import { describe, expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import { reportFault } from "../../src/schedule/check-report.ts";

type ReportArguments = Parameters<typeof reportFault>;

/** A sample attempt has the fewest things to be checked besides its counters. */
const job = {
  state: {
    spec: { stages: [{ kind: "sample", outputs: [] }] },
    stages: [{ plan: { partitions: 0 }, tasks: [{}] }],
  },
} as unknown as ReportArguments[0];
const attempt = { ref: { stage: 0, task: 0, attempt: 0 }, kind: "sample" } as unknown as ReportArguments[1];

function faultOf(counters: Readonly<Record<string, number>>): string | undefined {
  const consumed = { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 };
  return reportFault(job, attempt, { result: { consumed, files: [], counters } } as unknown as ReportArguments[2]);
}

const named = (count: number, prefix: string): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, index]));

describe("reportFault()", () => {
  it("takes as many counters of the user as may be, beside the engine's", () => {
    expect(faultOf({ ...named(limits.countersMax, "mine."), ...named(300, "millrace.served.by.") })).toBeUndefined();
  });

  it("refuses more, of the user or in all, and what is no whole number", () => {
    expect(faultOf(named(limits.countersMax + 1, "mine."))).toContain("more than 1000");
    expect(faultOf(named(2 * limits.countersMax + 1, "millrace."))).toContain("with the engine's");
    expect(faultOf({ half: 0.5 })).toContain('its counter "half" is 0.5');
    expect(faultOf({ ["x".repeat(limits.counterNameCharactersMax + 1)]: 1 })).toContain("129 characters");
  });
});
