import { describe, expect, it } from "vitest";
import type { JobView } from "@millrace/core";
import { describeResult } from "../../src/output/job-result.ts";

const stage: JobView["stages"][number] = {
  stage: 0,
  kind: "map",
  tasks: 1,
  waiting: 0,
  gathering: 0,
  running: 0,
  done: 1,
  failed: 0,
  progress: 1,
  bytesIn: 100,
  recordsIn: 1_200,
  recordsOut: 3,
};

function ended(counters: JobView["counters"], change: Partial<JobView> = {}): JobView {
  return {
    job: "job-00000000000000000000000000",
    name: "count",
    state: "succeeded",
    priority: 0,
    submittedMs: 1,
    endedMs: 2,
    outputUri: "file:///out",
    progress: 1,
    tasks: 1,
    tasksDone: 1,
    attemptsRunning: 0,
    attemptsFailed: 0,
    attemptsLost: 0,
    inputFiles: 1,
    inputBytes: 100,
    skippedFiles: 0,
    planHash: "",
    stages: [stage],
    counters,
    badRecords: [],
    waits: [],
    parts: 1,
    outputBytes: 10,
    outputRecords: 3,
    ...change,
  };
}

describe("describeResult()", () => {
  it("lists the job's own counters by name, and none of the engine's", () => {
    const lines = describeResult(ended({ "too late": 12, "millrace.records.in": 1_200, "too early": 1_180 }));
    expect(lines.slice(2)).toEqual(["counters of the job:", "  too early  1,180", "  too late      12"]);
  });

  it("says nothing of counters when the job has none of its own", () => {
    expect(describeResult(ended({ "millrace.records.in": 1_200 }))).toHaveLength(2);
  });

  it("shows 20 counters and how many more there are", () => {
    const counters = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`c${index + 10}`, 1]));
    const lines = describeResult(ended(counters)).slice(2);
    expect(lines).toHaveLength(22);
    expect(lines.at(-2)).toBe("  c29  1");
    expect(lines.at(-1)).toBe("  and 5 more, which are in the manifest and in -o json");
  });

  it("escapes the name of a counter", () => {
    expect(describeResult(ended({ "a\u001b[2J": 1 })).at(-1)).toBe("  a\\u{1b}[2J  1");
  });

  it("says so when records were read and none was written, with the counters or without", () => {
    const nothing: Partial<JobView> = { outputRecords: 0, outputBytes: 0 };
    expect(describeResult(ended({ "too early": 1_200 }, nothing)).slice(3)).toEqual([
      "  too early  1,200",
      "1,200 records were read and none was written: see the counters above, and look whether a condition or a parameter of the job leaves all of them out",
    ]);
    expect(describeResult(ended({}, nothing)).at(-1)).toBe(
      "1,200 records were read and none was written: look whether a condition or a parameter of the job leaves all of them out",
    );
  });

  it("says how many attempts failed and were run again", () => {
    expect(describeResult(ended({}, { attemptsFailed: 1 })).at(-1)).toBe(
      "1 attempt failed and was run again; see `millrace logs job-00000000000000000000000000 --failed`",
    );
    expect(describeResult(ended({}, { attemptsFailed: 1_200 }), false).at(-1)).toBe(
      "1,200 attempts failed and were run again",
    );
  });

  it("finds nothing odd in an empty output of an empty input", () => {
    const stages = [{ ...stage, recordsIn: 0 }];
    expect(describeResult(ended({}, { outputRecords: 0, stages }))).toHaveLength(2);
  });
});
