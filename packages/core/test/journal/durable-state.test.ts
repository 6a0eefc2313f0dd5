// Durable state as a fold over records: what is kept, what is forgotten, what cannot follow.
import { describe, expect, it } from "vitest";
import type { ClusterRecord, Epoch, Incarnation, JobId, JobRecord, JobState, WorkerId } from "../../src/index.ts";
import {
  InvariantError,
  applyJobRecord,
  createClusterState,
  applyClusterRecord,
  limits,
  replayCluster,
  replayJob,
} from "../../src/index.ts";
import { attemptsKeptMax } from "../../src/journal/job-state.ts";
import { makeCoordinatorScript } from "../schedule/coordinator/coordinator-script.ts";

const worker = "w-1" as WorkerId;
const incarnation = 1 as Incarnation;

function journalOf(block: string): readonly JobRecord[] {
  const script = makeCoordinatorScript();
  script(`begin\nworker w-1\nworker w-2\n${block}`);
  return [...script.world().jobJournals.values()][0] ?? [];
}

function planned(): JobState {
  const state = replayJob(journalOf("hold make-staging\nsubmit one maps=1 reduces=1"));
  if (state === undefined) throw new Error("no job");
  applyJobRecord(state, { kind: "staged" });
  return state;
}

describe("replayJob()", () => {
  it("gives nothing for an empty journal, and refuses one that does not begin with its submission", () => {
    expect(replayJob([])).toBeUndefined();
    expect(() => replayJob([{ kind: "staged" }])).toThrow(InvariantError);
  });

  it("survives the way through JSON, as a journal is text", () => {
    const records = journalOf("submit one maps=2 reduces=1\nfinish one/0-0.0\nfail one/0-1.0 E_USER_CODE no\ndrive");
    const reread = records.map((record) => JSON.parse(JSON.stringify(record)) as JobRecord);
    expect(replayJob(reread)).toEqual(replayJob(records));
  });
});

describe("applyJobRecord()", () => {
  it("keeps the engine's counters, however many the author's are, and the first of those", () => {
    const records = journalOf(
      "submit one maps=3 reduces=1\nfinish one/0-0.0\nfinish one/0-1.0\nfinish one/0-2.0\ndrive",
    );
    let task = 0;
    const counted = records.map((record): JobRecord => {
      if (record.kind !== "accepted") return record;
      const own = Array.from({ length: limits.countersMax }, (_, index) => [`mine.${task}.${index}`, 1] as const);
      task += 1;
      const counters = { ...Object.fromEntries(own), [`millrace.late.${task}`]: 2, "mine.0.0": 1 };
      return { ...record, result: { ...record.result, counters } };
    });
    // Three maps and the reduce.
    expect(task).toBe(4);
    const kept = replayJob(counted)?.counters ?? new Map<string, number>();
    expect(kept.size).toBe(limits.countersMax + 4);
    expect(kept.get("mine.0.0")).toBe(4);
    expect([1, 2, 3, 4].map((late) => kept.get(`millrace.late.${late}`))).toEqual([2, 2, 2, 2]);
  });

  it("refuses a map without its ranges, ranges before all samples, twice, unasked or of another length", () => {
    const records = journalOf("submit one maps=1 reduces=3 ranges=yes\nfinish one/0-0.0\nfinish one/1-0.0");
    const kinds = records.map(({ kind }) => kind);
    const at = kinds.indexOf("ranges");
    const upTo = (end: number): JobState => {
      const state = replayJob(records.slice(0, end));
      if (state === undefined) throw new Error("no job");
      return state;
    };
    const ranges = records[at];
    const launch = records[at + 1];
    if (ranges?.kind !== "ranges" || launch?.kind !== "launched") throw new Error(`no ranges in ${kinds.join(" ")}`);
    expect(() => applyJobRecord(upTo(at), launch)).toThrow(/without its ranges/);
    expect(() => applyJobRecord(upTo(at - 1), ranges)).toThrow(/before all samples/);
    expect(() => applyJobRecord(upTo(at + 1), ranges)).toThrow(/unasked/);
    expect(() => applyJobRecord(upTo(at), { ...ranges, stage: 2 })).toThrow(/unasked/);
    expect(() => applyJobRecord(upTo(at), { ...ranges, cuts: ["00"] })).toThrow(/1 cuts for 3 partitions/);
  });

  it("remembers a bounded number of attempts, and all of their counts", () => {
    const state = planned();
    for (let attempt = 0; attempt < 20; attempt++) {
      const key = { stage: 0, task: 0, attempt };
      applyJobRecord(state, { kind: "launched", attempt: key, worker, incarnation, wallMs: attempt });
      applyJobRecord(state, {
        kind: "ended",
        attempt: key,
        outcome: "lost",
        charged: false,
        failure: { code: "E_WORKER_LOST", message: "gone" },
        wallMs: attempt,
      });
    }
    const task = state.stages[0]?.tasks[0];
    expect(task?.attempts.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: attemptsKeptMax }, (_, index) => 12 + index),
    );
    expect(task).toMatchObject({ nextAttempt: 20, losses: 20, charged: 0 });
    expect(state).toMatchObject({ attemptsFailed: 0, attemptsLost: 20 });
  });

  it("counts attempts that failed and that were lost, without one that was lost and went on", () => {
    const records = journalOf(
      "submit one maps=2 reduces=1\nfail one/0-1.0 E_USER_CODE no\npass 4\nfail one/0-1.1 E_NO_SPACE full\nfreeze w-1\npass 11",
    );
    expect(replayJob(records)).toMatchObject({ attemptsFailed: 2, attemptsLost: 1 });
    const lost = records.find((record) => record.kind === "ended" && record.outcome === "lost");
    if (lost?.kind !== "ended") throw new Error("none was lost");
    const { attempt } = lost;
    const resumed: JobRecord = { kind: "resumed", attempt, worker, incarnation, wallMs: 1 };
    const until = records.indexOf(lost) + 1;
    expect(replayJob([...records.slice(0, until), resumed])).toMatchObject({ attemptsFailed: 2, attemptsLost: 0 });
  });

  it("takes the counters of a withdrawn result back", () => {
    const state = replayJob(journalOf("submit one maps=1 reduces=1\nhold place\nfinish one/0-0.0"));
    expect(state?.counters.get("records")).toBe(100);
    if (state !== undefined) applyJobRecord(state, { kind: "reset", stage: 0, task: 0, reason: "other pairs" });
    expect(state?.counters.get("records")).toBe(0);
    expect(state?.stages[0]).toMatchObject({ acceptedTasks: 0, homedTasks: 0 });
  });

  it.each<[string, JobRecord]>([
    [
      "an attempt out of turn",
      { kind: "launched", attempt: { stage: 0, task: 0, attempt: 1 }, worker, incarnation, wallMs: 0 },
    ],
    [
      "an unknown task",
      { kind: "launched", attempt: { stage: 0, task: 7, attempt: 0 }, worker, incarnation, wallMs: 0 },
    ],
    [
      "the end of an unknown attempt",
      {
        kind: "ended",
        attempt: { stage: 0, task: 0, attempt: 0 },
        outcome: "failed",
        charged: true,
        failure: { code: "E_USER_CODE", message: "" },
        wallMs: 0,
      },
    ],
    [
      "a supply of what is not accepted",
      { kind: "supplied", attempt: { stage: 0, task: 0, attempt: 0 }, worker, wallMs: 0 },
    ],
    [
      "a loss of segments that are not there",
      { kind: "segments-lost", attempt: { stage: 0, task: 0, attempt: 0 }, worker, reason: "" },
    ],
    ["a reset of what is not accepted", { kind: "reset", stage: 0, task: 0, reason: "" }],
  ])("stops at %s", (_, record) => {
    expect(() => applyJobRecord(planned(), record)).toThrow(InvariantError);
  });
});

describe("replayCluster()", () => {
  const job = (index: number): JobId => `job-${String(index).padStart(26, "0")}` as JobId;
  const submitted = (index: number): ClusterRecord => ({
    kind: "submitted",
    job: job(index),
    idempotencyKey: `k${index}`,
    specDigest: "d",
    outputUri: `mem://out/${index}`,
    priority: 0,
    wallMs: 0,
  });

  it("forgets the oldest ended jobs and their keys beyond the limit, and never a live one", () => {
    const records: ClusterRecord[] = [submitted(0)];
    for (let index = 1; index <= limits.jobsRememberedMax + 5; index++)
      records.push(submitted(index), { kind: "job-ended", job: job(index), outcome: "succeeded" });
    const state = replayCluster(records);
    expect(state.jobs.size).toBe(limits.jobsRememberedMax);
    expect(state.keys.size).toBe(limits.jobsRememberedMax);
    expect(state.jobs.has(job(0))).toBe(true);
    expect(state.jobs.has(job(1))).toBe(false);
    expect(state.submissions).toBe(limits.jobsRememberedMax + 6);
  });

  it.each<[string, ClusterRecord]>([
    ["an epoch that goes back", { kind: "reign", epoch: 0 as Epoch, wallMs: 0 }],
    ["the end of an unknown job", { kind: "job-ended", job: job(9), outcome: "failed" }],
    ["an incarnation that is not new", { kind: "incarnation", worker, incarnation: 0 as Incarnation }],
  ])("stops at %s", (_, record) => {
    expect(() => applyClusterRecord(createClusterState(), record)).toThrow(InvariantError);
  });
});
