import type { AttemptProgress, AttemptRef, AttemptResult, JobId } from "@millrace/core";
import type { AttemptHandler, AttemptOrder, TaskExecutor } from "@millrace/ports";
import { encodeWorkerMessage } from "@millrace/wire";
import { describe, expect, it } from "vitest";
import { checkReports } from "../src/check-reports.ts";

const attempt: AttemptRef = { job: `job-${"a".repeat(26)}` as JobId, stage: 0, task: 1, attempt: 0 };
const result: AttemptResult = {
  attempt,
  consumed: { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 },
  files: [],
  counters: {},
  badRecords: [],
  usage: { durationMs: 0, cpuMs: 0, peakRssBytes: 0 },
};
const progress: AttemptProgress = { attempt, phase: "map", fraction: 0.5, records: 1, bytes: 1 };

/** An attempt whose host says what the test wants. @returns the host's side, and what the worker heard. */
function begin(): { readonly host: AttemptHandler; readonly heard: string[] } {
  const heard: string[] = [];
  let host: AttemptHandler | undefined;
  const executor: TaskExecutor = {
    start: (_order, handler) => (host = handler),
    stop: () => undefined,
    forgetJob: (job) => void heard.push(`forget ${job === attempt.job}`),
    close: () => Promise.resolve(),
  };
  checkReports(executor, encodeWorkerMessage).start({ attempt } as AttemptOrder, {
    onProgress: () => void heard.push("progress"),
    onFinished: () => void heard.push("finished"),
    onFailed: ({ code, message }) => void heard.push(`failed ${code}: ${message}`),
    onStopped: () => void heard.push("stopped"),
  });
  return { host: host as AttemptHandler, heard };
}

describe("checkReports()", () => {
  it("passes good reports on", () => {
    const { host, heard } = begin();
    host.onProgress(progress);
    host.onFinished(result, undefined);
    host.onFailed({ code: "E_USER_CODE", message: "x" });
    host.onStopped();
    expect(heard).toEqual(["progress", "finished", "failed E_USER_CODE: x", "stopped"]);
  });

  it.each([
    ["nothing", null],
    ["another attempt", { ...result, attempt: { ...attempt, task: 2 } }],
    ["a number that is none", { ...result, usage: { ...result.usage, cpuMs: Number.NaN } }],
    ["a counter beyond what a number can hold", { ...result, counters: { many: 2 ** 53 } }],
    ["half a result", { attempt }],
  ])("fails an attempt whose host reports %s, and uses no host of the job again", (_what, report) => {
    const { host, heard } = begin();
    host.onFinished(report as AttemptResult, undefined);
    expect(heard).toEqual(["forget true", expect.stringMatching(/^failed E_TASK_CRASHED: Cannot believe the report/)]);
  });

  it.each([
    ["no failure", undefined],
    ["text with half a character", { code: "E_USER_CODE", message: "\ud800" }],
    ["a code that is none", { code: "rm -rf", message: "x" }],
  ])("fails an attempt whose host fails with %s", (_what, failure) => {
    const { host, heard } = begin();
    host.onFailed(failure as never);
    expect(heard).toEqual(["forget true", expect.stringMatching(/^failed E_TASK_CRASHED: Cannot believe the report/)]);
  });

  it("drops progress that is none", () => {
    const { host, heard } = begin();
    for (const each of [null, {}, { ...progress, fraction: 7 }, { ...progress, attempt: { ...attempt, task: 2 } }])
      host.onProgress(each as AttemptProgress);
    expect(heard).toEqual([]);
  });
});
