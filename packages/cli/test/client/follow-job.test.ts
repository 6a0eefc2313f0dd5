import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { JobView } from "@millrace/core";
import { followJob } from "../../src/client/follow-job.ts";
import type { JobClient } from "../../src/client/job-client.ts";
import type { Terminal } from "../../src/output/terminal.ts";

const view: JobView = {
  job: "job-00000000000000000000000000",
  name: "count",
  state: "running",
  priority: 0,
  submittedMs: 1,
  outputUri: "file:///out",
  progress: 0.5,
  tasks: 2,
  tasksDone: 1,
  attemptsRunning: 1,
  attemptsFailed: 0,
  attemptsLost: 0,
  inputFiles: 1,
  inputBytes: 100,
  skippedFiles: 2,
  planHash: "",
  stages: [
    {
      stage: 0,
      kind: "map",
      tasks: 2,
      waiting: 0,
      gathering: 0,
      running: 1,
      done: 1,
      failed: 0,
      progress: 0.5,
      bytesIn: 0,
      recordsIn: 7,
      recordsOut: 0,
    },
  ],
  counters: { "millrace.records.bad": 1 },
  badRecords: [{ uri: "file:///in", offset: 9, reason: "cut off", text: "x" }],
  waits: [],
};

function recorder(progress = true): { readonly terminal: Terminal; readonly out: string[]; readonly err: string[] } {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    out,
    err,
    terminal: {
      data: (text) => void out.push(text),
      note: (line) => void err.push(line),
      error: (line) => void err.push(line),
      progress,
      interactive: false,
      raw: (text) => void err.push(text),
      style: (_, text) => text,
    },
  };
}

const clientThatShows = (...views: readonly JobView[]): JobClient =>
  ({
    watch: async (_job: string, onChange: (shown: JobView) => void) => {
      for (const each of views) onChange(each);
      return views.at(-1);
    },
  }) as unknown as JobClient;

describe("followJob()", () => {
  it("prints a line for each change, the result, what was left out and what was bad, and gives 0", async () => {
    const { terminal, out, err } = recorder();
    const done: JobView = {
      ...view,
      state: "succeeded",
      endedMs: 2,
      parts: 1,
      outputBytes: 10,
      outputRecords: 3,
      stages: view.stages.map((stage) => ({ ...stage, done: 2 })),
    };
    expect(await followJob(clientThatShows(view, view, done), view.job, terminal, { json: false })).toBe(0);
    expect(out).toEqual([]);
    expect(err.slice(0, 3)).toEqual([
      "count: map 1/2",
      "count: map 2/2",
      expect.stringMatching(/^count: 7 records, 100 B in 1 file/),
    ]);
    expect(err.join("\n")).toMatch(
      /2 hidden name\(s\) left out[\s\S]*1 bad record[\s\S]*file:\/\/\/in at offset 9: cut off/,
    );
  });

  it("prints the result alone where no progress is wanted", async () => {
    const { terminal, err } = recorder(false);
    const done: JobView = { ...view, state: "succeeded", endedMs: 2, skippedFiles: 0, counters: {} };
    await followJob(clientThatShows(view, done), view.job, terminal, { json: true });
    expect(err).toEqual([expect.stringMatching(/^count: 7 records/), expect.stringMatching(/^file:\/\/\/out: /)]);
  });

  it("tells of failed attempts and where they are told about, also without progress", async () => {
    const { terminal, err } = recorder(false);
    const done: JobView = { ...view, state: "succeeded", endedMs: 2 };
    await followJob(clientThatShows({ ...view, attemptsFailed: 2 }, done), view.job, terminal, { json: true });
    expect(err[0]).toBe(`${view.job}: 2 failed attempt(s); see \`millrace logs ${view.job} --failed\``);
  });

  it("lists named outputs with what each has, also one that nobody wrote to", async () => {
    const { terminal, err } = recorder();
    const outputs = [
      { name: "", parts: 2, bytes: 2_048, records: 1_000 },
      { name: "errors", parts: 1, bytes: 10, records: 3 },
      { name: "odd", parts: 0, bytes: 0, records: 0 },
    ];
    const done: JobView = { ...view, state: "succeeded", endedMs: 2, outputs };
    await followJob(clientThatShows(done), view.job, terminal, { json: false });
    expect(err.filter((line) => line.includes("part(s)")).slice(1)).toEqual([
      "  (main): 1,000 records, 2.00 KiB in 2 part(s)",
      "  errors/: 3 records, 10 B in 1 part(s)",
      "  odd/: 0 records, 0 B in 0 part(s)",
    ]);
  });

  it("counts what map tasks read, not what a sample saw, and says nothing of files where none are read", async () => {
    const { terminal, err } = recorder();
    const [map] = view.stages;
    const stages = [
      { ...map!, kind: "sample" as const, recordsIn: 5 },
      { ...map!, recordsIn: 70 },
    ];
    const done: JobView = { ...view, state: "succeeded", endedMs: 2, stages, inputFiles: 0, inputBytes: 0 };
    await followJob(clientThatShows(done), view.job, terminal, { json: false });
    expect(err[1]).toBe("count: 70 records");
  });

  it.each<[JobView["state"], string, number]>([
    ["failed", "E_ATTEMPTS", 1],
    ["failed", "E_OUTPUT_EXISTS", 6],
    ["killed", "E_KILLED", 3],
  ])("gives the exit code of a job that is %s with %s", async (state, code, exit) => {
    const { terminal, out, err } = recorder();
    const ended: JobView = { ...view, state, endedMs: 2, failure: { code, message: "Cannot" } };
    expect(await followJob(clientThatShows(ended), view.job, terminal, { json: true })).toBe(exit);
    expect(JSON.parse(out.join(""))).toMatchObject({ state, failure: { code } });
    expect(err.at(-1)).toBe(`error Cannot [${code}]`);
  });

  it("says that the job goes on when the wait is over", async () => {
    const client = {
      watch: async (_job: string, _show: unknown, signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    } as unknown as JobClient;
    await expect(followJob(client, view.job, recorder().terminal, { json: false, timeoutMs: 5 })).rejects.toMatchObject(
      { code: "E_WAIT_TIMEOUT" },
    );
  });

  it("waits for more days than a timer of Node takes", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const client = {
      watch: async (_job: string, _show: unknown, signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    } as unknown as JobClient;
    const day = 24 * 3_600_000;
    const { terminal } = recorder();
    const ended = followJob(client, view.job, terminal, { json: false, timeoutMs: 60 * day }).catch(
      (thrown: unknown) => thrown,
    );
    const early = await Promise.race([ended, vi.advanceTimersByTimeAsync(59 * day).then(() => "waits")]);
    expect(early).toBe("waits");
    await vi.advanceTimersByTimeAsync(day);
    expect(await ended).toMatchObject({ code: "E_WAIT_TIMEOUT" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer behind when the job ends first", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const done: JobView = { ...view, state: "succeeded", endedMs: 2 };
    await followJob(clientThatShows(done), view.job, recorder().terminal, { json: false, timeoutMs: 60_000 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("prints nothing of a job's author that moves the cursor", async () => {
    const { terminal, err } = recorder();
    const act = "\u001b[2J\u009b1A\u202e\r";
    const failed: JobView = {
      ...view,
      state: "failed",
      endedMs: 2,
      failure: { code: "E_USER_CODE", message: `Cannot run "map": Error: ${act}; mend the job\n  at x` },
    };
    await followJob({ watch: async () => failed } as unknown as JobClient, view.job, terminal, { json: false });
    const succeeded: JobView = {
      ...view,
      state: "succeeded",
      endedMs: 2,
      badRecords: [{ uri: "file:///in", offset: 1, reason: act, text: act }],
    };
    await followJob({ watch: async () => succeeded } as unknown as JobClient, view.job, terminal, { json: false });
    const text = err.join("");
    expect(text).toContain("\\u{1b}[2J");
    expect(["\u001b", "\u009b", "\u202e", "\r"].filter((character) => text.includes(character))).toEqual([]);
  });
});
