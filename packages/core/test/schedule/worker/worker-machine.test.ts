// Laws of the worker's machine under any events in any order: it never throws, never takes more slots than it has,
// gives the same effects for the same events, and has nothing left when every job is forgotten.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attemptKey,
  WorkerMachine,
  type AttemptRef,
  type Epoch,
  type Incarnation,
  type JobId,
  type SegmentPlace,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerId,
} from "../../../src/index.ts";

const jobs = ["job-a", "job-b"] as unknown as readonly JobId[];
const workers = ["w-1", "w-2", "w-3"] as unknown as readonly WorkerId[];
const failure = { code: "E_USER_CODE", message: "it failed" };

const anyRef = (stage: number): fc.Arbitrary<AttemptRef> =>
  fc.record({ job: fc.constantFrom(...jobs), stage: fc.constant(stage), task: fc.nat(2), attempt: fc.nat(1) });
const anyAttempt = fc.oneof(anyRef(0), anyRef(1));
const anyPlace: fc.Arbitrary<SegmentPlace> = fc
  .record({
    task: fc.integer({ min: -1, max: 3 }),
    attempt: fc.nat(1),
    worker: fc.constantFrom(...workers),
    pairs: fc.nat(1),
    digest: fc.constantFrom("d", "e"),
  })
  .map((place) => ({ ...place, address: `${place.worker}:1`, rawBytes: place.pairs }));

const result = (attempt: AttemptRef, run: boolean): WorkerEvent => ({
  kind: "attempt-finished",
  result: {
    attempt,
    consumed: { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 },
    files: [],
    counters: {},
    badRecords: [],
    usage: { durationMs: 0, cpuMs: 0, peakRssBytes: 0 },
    ...(run ? { run: { partitions: 3, storedBytes: 1, pairs: 1, rawBytes: 1, vectorDigest: "v" } } : {}),
  },
});

const anyVerdicts = fc.array(fc.constantFrom("keep" as const, "kill" as const, "delete" as const), { maxLength: 3 });
const anyMessage = fc.oneof(
  fc.record({
    kind: fc.constant("registered" as const),
    epoch: fc.nat(3).map((n) => n as Epoch),
    leaseMs: fc.constant(10_000),
    heartbeatMs: fc.constant(1_000),
    running: anyVerdicts,
    gathering: anyVerdicts,
    held: anyVerdicts,
  }),
  fc.constantFrom(...jobs).map((job) => ({ kind: "brief" as const, brief: { ...brief, job } })),
  anyAttempt.map((attempt) => ({
    kind: "launch-map" as const,
    attempt,
    split: { input: 0, parts: [], bytes: 0, hosts: [] },
  })),
  fc.record({ kind: fc.constant("gather" as const), attempt: anyAttempt, maps: fc.nat(3) }),
  fc.record({ kind: fc.constant("places" as const), attempt: anyRef(1), places: fc.array(anyPlace, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant("places-lost" as const),
    attempt: anyRef(1),
    tasks: fc.array(fc.nat(3), { maxLength: 3 }),
  }),
  anyAttempt.map((attempt) => ({ kind: "launch-reduce" as const, attempt })),
  anyAttempt.map((attempt) => ({ kind: "kill" as const, attempt, reason: "asked for" })),
  anyAttempt.map((attempt) => ({ kind: "acknowledge" as const, attempt })),
  anyAttempt.map((source) => ({ kind: "verify" as const, source })),
  anyAttempt.map((attempt) => ({ kind: "release" as const, attempt })),
  fc.constantFrom(...jobs).map((job) => ({ kind: "forget-job" as const, job })),
);

const brief = {
  name: "law",
  bundleSha256: "0",
  params: {},
  shuffleKey: "0",
  taskTimeoutMs: 5_000,
  inputGrowth: "refuse" as const,
  seed: "0",
  stages: [
    { kind: "map" as const, tasks: 3, partitions: 3, reads: -1, outputs: [] },
    { kind: "reduce" as const, tasks: 3, partitions: 0, reads: 0, outputs: [] },
  ],
  stagingUri: "memory:///staging",
};

const anyEvent: fc.Arbitrary<WorkerEvent> = fc.oneof(
  { weight: 8, arbitrary: anyMessage.map((message): WorkerEvent => ({ kind: "message", message })) },
  fc.constantFrom<WorkerEvent>(
    { kind: "connected" },
    { kind: "disconnected" },
    { kind: "tick" },
    { kind: "disk-measured", freeDiskBytes: 5 },
  ),
  fc.record({
    kind: fc.constant("fetched" as const),
    reader: anyRef(1),
    task: fc.nat(2),
    attempt: fc.nat(1),
    bytes: fc.nat(9),
  }),
  fc.record({
    kind: fc.constant("fetch-failed" as const),
    reader: anyRef(1),
    task: fc.nat(2),
    attempt: fc.nat(1),
    reason: fc.constant("cut" as const),
  }),
  fc.record({
    kind: fc.constant("fetch-failed" as const),
    reader: anyRef(1),
    task: fc.nat(2),
    attempt: fc.nat(1),
    reason: fc.constant("cut" as const),
    local: fc.constant(failure),
  }),
  fc.tuple(anyAttempt, fc.boolean()).map(([attempt, run]) => result(attempt, run)),
  anyAttempt.map((attempt): WorkerEvent => ({ kind: "attempt-failed", attempt, failure })),
  anyAttempt.map((attempt): WorkerEvent => ({ kind: "attempt-stopped", attempt })),
  anyAttempt.map((attempt): WorkerEvent => ({
    kind: "attempt-progress",
    progress: { attempt, phase: "map", fraction: 0, records: 1, bytes: 1 },
  })),
  fc.record({ kind: fc.constant("run-verified" as const), source: anyAttempt, intact: fc.boolean() }),
);

const started: WorkerEvent = {
  kind: "started",
  description: {
    worker: "w-1" as WorkerId,
    incarnation: 1 as Incarnation,
    host: "one",
    rack: "/default-rack",
    slots: 2,
    shuffleAddress: "w-1:1",
    freeDiskBytes: 1,
    dataVersions: [1],
    nodeMajor: 24,
    protocols: [1],
  },
  held: [{ attempt: { job: "job-a" as JobId, stage: 0, task: 0, attempt: 0 }, vectorDigest: "v" }],
};

/** Waits between events: none, a little, more than a task timeout, more than an orphan's time. */
const anyHistory = fc.array(fc.tuple(fc.constantFrom(0, 100, 6_000, 700_000), anyEvent), { maxLength: 120 });

/** A registered worker that has the briefs: most histories begin where work can come. */
const opening: readonly (readonly [number, WorkerEvent])[] = [
  [0, { kind: "connected" }],
  [
    0,
    {
      kind: "message",
      message: {
        kind: "registered",
        epoch: 1 as Epoch,
        leaseMs: 10_000,
        heartbeatMs: 1_000,
        running: [],
        gathering: [],
        held: [],
      },
    },
  ],
  ...jobs.map((job) => [0, { kind: "message", message: { kind: "brief", brief: { ...brief, job } } }] as const),
];

/** Run a history; attempts at work are tracked as a driver would. */
function run(history: readonly (readonly [number, WorkerEvent])[]): {
  readonly machine: WorkerMachine;
  readonly effects: WorkerEffect[];
  readonly atMs: number;
  readonly running: Set<string>;
} {
  const machine = new WorkerMachine({ fetchesMax: 3, fetchesPerSourceMax: 2 });
  const effects = machine.step(0, started);
  const running = new Set<string>();
  let atMs = 0;
  for (const [wait, event] of [...opening, ...history]) {
    atMs += wait;
    for (const effect of machine.step(atMs, event)) {
      if (effect.kind === "run-map" || effect.kind === "run-reduce") running.add(attemptKey(effect.attempt));
      effects.push(effect);
    }
    expect(machine.summary.slotsTaken).toBeLessThanOrEqual(2);
    expect(machine.summary.fetches).toBeLessThanOrEqual(3);
  }
  return { machine, effects, atMs, running };
}

describe("WorkerMachine under any events", () => {
  it("step() never throws and never takes more slots or fetches than it may", () => {
    fc.assert(
      fc.property(anyHistory, (history) => void run(history)),
      { numRuns: 2_000 },
    );
  });

  it("step() gives the same effects for the same events", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        expect(run(history).effects).toEqual(run(history).effects);
      }),
      { numRuns: 300 },
    );
  });

  it("step() launches an attempt once and deletes each run once after it was made", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const launched = run(history).effects.flatMap((effect) =>
          effect.kind === "run-map" || effect.kind === "run-reduce" ? [attemptKey(effect.attempt)] : [],
        );
        const forgets = history.some(([, event]) => event.kind === "message" && event.message.kind === "forget-job");
        const orphaned = history.some(([wait]) => wait === 700_000);
        const sessions = history.filter(([, event]) => event.kind === "connected").length;
        // A job that comes back after it was deleted begins anew; else no order is obeyed twice.
        if (!forgets && !orphaned && sessions === 0) expect(new Set(launched).size).toBe(launched.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it("forget-job leaves nothing once stopped attempts have ended", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { machine, atMs, running } = run(history);
        machine.step(atMs, { kind: "disconnected" });
        machine.step(atMs, { kind: "connected" });
        machine.step(atMs, {
          kind: "message",
          message: {
            kind: "registered",
            epoch: 9 as Epoch,
            leaseMs: 10_000,
            heartbeatMs: 1_000,
            running: [],
            gathering: [],
            held: [],
          },
        });
        for (const job of jobs) machine.step(atMs, { kind: "message", message: { kind: "forget-job", job } });
        for (const key of running) {
          const [job = "", name = ""] = key.split("/");
          const [stage = "", rest = ""] = name.split("-");
          const [task = "", attempt = ""] = rest.split(".");
          machine.step(atMs, {
            kind: "attempt-stopped",
            attempt: { job: job as JobId, stage: Number(stage), task: Number(task), attempt: Number(attempt) },
          });
        }
        expect(machine.summary).toEqual({
          session: "registered",
          attempts: 0,
          slotsTaken: 0,
          gathers: 0,
          held: 0,
          jobs: 0,
          fetches: 0,
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
