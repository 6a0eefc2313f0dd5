import type { AttemptResult, Incarnation, JobId, JobRecord, WorkerId } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { TruthTable } from "../../src/checkers/attempt-truth.ts";
import { JobLedger } from "../../src/checkers/job-ledger.ts";

const job = "job-00000000000000000000000000" as JobId;
const worker = "w-0" as WorkerId;
const key = (attempt: number) => ({ stage: 0, task: 0, attempt });
const usage = { durationMs: 1, cpuMs: 1, peakRssBytes: 1 };
const consumed = { kind: "splits", ranges: [], records: 1, badRecords: 0, bytes: 1 } as const;

const launched = (attempt: number): JobRecord => ({
  kind: "launched",
  attempt: key(attempt),
  worker,
  incarnation: 1 as Incarnation,
  wallMs: 1,
});
const accepted = (attempt: number): JobRecord => ({
  kind: "accepted",
  attempt: key(attempt),
  worker,
  result: { consumed, vectorAt: -1, files: [], counters: { records: 1 }, badRecords: [], usage },
  wallMs: 1,
});
const failed = (attempt: number, charged: boolean): JobRecord => ({
  kind: "ended",
  attempt: key(attempt),
  outcome: "failed",
  charged,
  failure: { code: "E_USER_CODE", message: "it threw" },
  wallMs: 1,
});
const ended = (outcome: "succeeded" | "failed" | "killed"): JobRecord => ({ kind: "ended-job", outcome, wallMs: 1 });

function ledgerOf(...records: readonly JobRecord[]): JobLedger {
  const truths = new TruthTable();
  const result: AttemptResult = {
    attempt: { job, ...key(0) },
    consumed,
    files: [],
    counters: { records: 1 },
    badRecords: [],
    usage,
  };
  truths.add({ job, ...key(0) }, { result, segments: undefined });
  truths.add({ job, ...key(1) }, { result: { ...result, attempt: { job, ...key(1) } }, segments: undefined });
  truths.hurt({ job, ...key(2) }, "the test says so");
  const ledger = new JobLedger(job, truths);
  ledger.add({
    kind: "planned",
    stages: [{ kind: "map", tasks: 1, partitions: 0, reads: -1 }],
    totals: { inputFiles: 1, inputBytes: 1, skippedFiles: 0, hash: "" },
  });
  for (const record of records) ledger.add(record);
  return ledger;
}

const broken = (...records: readonly JobRecord[]) => expect(() => ledgerOf(...records));

describe("JobLedger", () => {
  test("takes a life without fault", () => {
    const ledger = ledgerOf(
      launched(0),
      accepted(0),
      { kind: "committing", wallMs: 1 },
      { kind: "published", wallMs: 1 },
      ended("succeeded"),
      { kind: "swept" },
    );
    expect(ledger.outcome?.outcome).toBe("succeeded");
    expect(ledger.counters()).toEqual({ records: 1 });
  });

  test("refuses a second accepted attempt", () =>
    broken(launched(0), accepted(0), accepted(1)).toThrow("and so was attempt 0"));

  test("refuses to accept what never finished", () => broken(launched(0), launched(1)).toThrow("beside attempts 0"));

  test("refuses a launch while another attempt counts", () =>
    broken(launched(0), accepted(0), launched(1)).toThrow("attempt 0 counts"));

  test("refuses an attempt number that comes twice", () =>
    broken(launched(0), failed(0, false), launched(0)).toThrow("follows 1 attempts"));

  test("refuses a charge without a cause", () =>
    broken(launched(0), failed(0, true)).toThrow("nothing was wrong with it"));

  test("refuses a commit without all tasks", () =>
    broken({ kind: "committing", wallMs: 1 }).toThrow("commits without 0-0"));

  test("refuses a kill after the commit began", () =>
    broken(
      launched(0),
      accepted(0),
      { kind: "committing", wallMs: 1 },
      { kind: "kill-requested", reason: "", wallMs: 1 },
    ).toThrow("a kill is taken"));

  test("counts as out of losses a job that failed of a task which ran in vain 20 times, and no other", () => {
    const lossesOf = (count: number): readonly JobRecord[] =>
      Array.from({ length: count }, (_, attempt) => [launched(attempt), failed(attempt, false)]).flat();
    const end = { ...ended("failed"), failedTask: { stage: 0, task: 0 } } as const;
    expect(ledgerOf(...lossesOf(20), end).ranOutOfLosses).toBe(true);
    expect(ledgerOf(...lossesOf(19), end).ranOutOfLosses).toBe(false);
    expect(ledgerOf(...lossesOf(20), ended("failed")).ranOutOfLosses).toBe(false);
  });

  test("refuses success without publishing, and anything after the end", () => {
    broken(launched(0), accepted(0), { kind: "committing", wallMs: 1 }, ended("succeeded")).toThrow(
      "without being published",
    );
    broken(ended("failed"), launched(0)).toThrow("after the job ended");
    broken(ended("failed"), ended("failed")).toThrow("after the job ended");
  });
});
