// The transition function is total: every kind of event in every state of a job is decided, leaves state and journals
// equal, and lets the job end. Also: every prefix of a journal is a state from which a restart goes on to the end.
import { describe, expect, it } from "vitest";
import type {
  AttemptRef,
  CoordinatorEvent,
  Incarnation,
  JobId,
  SessionId,
  StorageReply,
  WorkerId,
} from "../../src/index.ts";
import { CoordinatorMachine, replayCluster, replayJob } from "../../src/index.ts";
import { makeCoordinatorScript } from "./coordinator/coordinator-script.ts";
import type { CoordinatorWorld } from "./coordinator/coordinator-world.ts";

const start = "begin\nworker w-1\nworker w-2\n";
const submit = "submit one maps=2 reduces=2 chain=1\n";
const ranged = "submit one maps=2 reduces=2 chain=1 ranges=yes named=yes\n";

/** How a job comes into each state. */
const states: Readonly<Record<string, string>> = {
  nothing: start,
  preflight: `${start}hold list-inputs\n${submit}`,
  staging: `${start}hold make-staging\n${submit}`,
  mapping: `${start}${submit}`,
  "no worker": `begin\n${submit}`,
  sampling: `${start}${ranged}finish one/0-0.0`,
  "ranges made": `${start}${ranged}finish one/0-0.0\nfinish one/0-1.0`,
  gathering: `${start}${submit}finish one/0-0.0`,
  gathered: `${start}${submit}finish one/0-0.0\nfinish one/0-1.0\ngathered one/1-0.0\ngathered one/1-1.0`,
  "suspect worker": `${start}${submit}finish one/0-0.0\ncut w-1`,
  "lost worker": `${start}${submit}finish one/0-0.0\ncrash w-1\nprobe w-1 refused`,
  verifying: `${start}${submit}finish one/0-0.0\nfinish one/0-1.0\ncomplain one/1-0.0 about one/0-0.0 at w-1 cut`,
  "middle stage": `${start}${submit}finish one/0-0.0\nfinish one/0-1.0\ngathered one/1-0.0\nfinish one/1-0.0`,
  measuring: `${start}submit one maps=2 reduces=0\nhold measure\nfinish one/0-0.0`,
  placing: `${start}hold place\nsubmit one maps=2 reduces=0\nfinish one/0-0.0\nfinish one/0-1.0`,
  publishing: `${start}hold publish\nsubmit one maps=2 reduces=0\nfinish one/0-0.0\nfinish one/0-1.0`,
  sweeping: `${start}submit one maps=2 reduces=0\nhold remove\nkill one now`,
  ended: `${start}submit one maps=2 reduces=0\nfinish one/0-0.0\nfinish one/0-1.0`,
};

const job = "job-00000000000000000000000000" as JobId;
const other = "job-00000000000000000000000009" as JobId;
const refs: readonly AttemptRef[] = [
  { job, stage: 0, task: 0, attempt: 0 },
  { job, stage: 0, task: 1, attempt: 0 },
  { job, stage: 1, task: 0, attempt: 0 },
  { job, stage: 1, task: 1, attempt: 3 },
  { job, stage: 7, task: 9, attempt: 0 },
  { job: other, stage: 0, task: 0, attempt: 0 },
];
const sessions = [1, 2, 99].map((session) => session as SessionId);
const replies: readonly StorageReply[] = [
  { kind: "ok" },
  { kind: "unknown", message: "timed out" },
  { kind: "refused", reason: "denied", message: "no" },
  { kind: "measured", bytes: [] },
  { kind: "listed-inputs", inputs: [] },
  { kind: "listed-files", files: [] },
  { kind: "inspected", exists: false, empty: true, parentWritable: true },
];

/** Every kind of event, about things that are there and things that are not. */
function events(): readonly CoordinatorEvent[] {
  const wallMs = 5;
  const failure = { code: "E_USER_CODE", message: "it threw" };
  const usage = { durationMs: 1, cpuMs: 1, peakRssBytes: 1 };
  const consumed = { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 } as const;
  const told = sessions.flatMap((session) =>
    refs.flatMap((attempt): readonly CoordinatorEvent[] => {
      const result = { attempt, consumed, files: [], counters: {}, badRecords: [], usage };
      const progress = [{ attempt, phase: "map", fraction: 0.5, records: 1, bytes: 1 }] as const;
      return (
        [
          { kind: "failed", attempt, failure },
          { kind: "failed", attempt, failure: { code: "E_KILLED", message: "stopped" } },
          { kind: "finished", result },
          { kind: "finished", result: { ...result, sample: ["00", "ff"] } },
          { kind: "gathered", attempt, bytes: 1 },
          { kind: "heartbeat", progress, freeDiskBytes: 1e12 },
          {
            kind: "complaint",
            reader: attempt,
            source: { job, stage: 0, task: 0, attempt: 0 },
            sourceWorker: "w-1" as WorkerId,
            reason: "cut",
          },
          { kind: "verified", source: attempt, intact: false },
          { kind: "verified", source: attempt, intact: true },
        ] as const
      ).map((message) => ({ kind: "worker-message", session, message, wallMs }));
    }),
  );
  const probes = (["alive", "refused", "unknown"] as const).flatMap((answer) =>
    [1, 2].map((incarnation): CoordinatorEvent => ({
      kind: "worker-probed",
      worker: "w-1" as WorkerId,
      incarnation: incarnation as Incarnation,
      answer,
    })),
  );
  const storage = [0, 1, 2, 3, 77].flatMap((call) =>
    replies.map((reply): CoordinatorEvent => ({ kind: "storage-replied", job, call, reply, wallMs })),
  );
  return [
    ...told,
    ...sessions.map((session): CoordinatorEvent => ({ kind: "session-closed", session })),
    ...probes,
    ...storage,
    { kind: "storage-replied", job: other, call: 0, reply: { kind: "ok" }, wallMs },
    { kind: "kill-job", request: 900, job, reason: "test", wallMs },
    { kind: "kill-job", request: 901, job: other, reason: "test", wallMs },
    { kind: "tick", lateMs: 0, wallMs },
    { kind: "tick", lateMs: 1e6, wallMs },
  ];
}

function worldIn(state: string): CoordinatorWorld {
  const script = makeCoordinatorScript();
  script(state);
  return script.world();
}

/** Whatever has happened, workers that come back and a storage that answers bring the job to its end. */
function driveToEnd(world: CoordinatorWorld): void {
  world.heldCalls.clear();
  world.settle();
  const script = makeCoordinatorScript(world);
  for (let round = 0; round < 20; round++) {
    for (const worker of world.workers.values()) if (worker.session === undefined) world.connect(worker);
    world.settle();
    script("drive");
    world.pass(2_000);
    if ([...world.machine.cluster.jobs.values()].every(({ outcome }) => outcome !== undefined)) return;
  }
  script("state one");
  expect.fail(`the job does not end: ${world.lines.join("\n")}`);
}

describe("CoordinatorMachine.step()", () => {
  it.each(Object.keys(states))("decides every event in the state %s, and the job ends", (name) => {
    for (const event of events()) {
      const world = worldIn(states[name] ?? "");
      world.step(event);
      world.checkReplay();
      world.settle();
      if (name === "no worker") makeCoordinatorScript(world)("worker w-1");
      driveToEnd(world);
    }
  });

  it("changes nothing but the counter for a session that is not registered", () => {
    for (const name of Object.keys(states)) {
      for (const event of events()) {
        if (event.kind !== "worker-message" || event.session !== 99) continue;
        const world = worldIn(states[name] ?? "");
        const stale = world.machine.reign.stale;
        const result = world.step(event);
        expect(result.jobRecords).toEqual([]);
        expect(result.clusterRecords).toEqual([]);
        expect(world.machine.reign.stale).toBe(stale + 1);
      }
    }
  });

  it("gives the same records and effects for the same events", () => {
    const run = (): string =>
      makeCoordinatorScript()(`${start}${submit}finish one/0-0.0\ncrash w-1\nprobe w-1 refused\ndrive`);
    expect(run()).toBe(run());
  });
});

describe("replayJob()", () => {
  const stories = {
    "with lost workers and a reset": `${start}${submit}finish one/0-0.0\nfinish one/0-1.0\ncrash w-2\nprobe w-2 refused\nworker w-3\nfinish one/0-1.1 variant=1\ngathered one/1-0.1\nfail one/1-0.1 E_USER_CODE no\ndrive`,
    "with key ranges and named outputs": `${start}${ranged}finish one/0-0.0\nfail one/0-1.0 E_USER_CODE no\nfinish one/0-1.1\nfinish one/1-0.0\ncrash w-1\nprobe w-1 refused\ndrive`,
  };

  it.each(Object.entries(stories))("gives a state from which the job ends, for every prefix, %s", (_, story) => {
    const script = makeCoordinatorScript();
    script(story);
    const whole = script.world();
    // A job that was swept is no longer handed to a machine.
    const journal = (whole.jobJournals.get(job) ?? []).filter(({ kind }) => kind !== "swept");
    expect(journal.at(-1)?.kind).toBe("ended-job");
    for (let length = 4; length <= journal.length; length++) {
      const state = replayJob(journal.slice(0, length));
      const records = whole.clusterJournal.filter((record) => length === journal.length || record.kind !== "job-ended");
      const world = worldIn("");
      world.machine = new CoordinatorMachine({
        cluster: replayCluster(records),
        jobs: state === undefined ? [] : [state],
        settings: world.settings,
      });
      world.jobs.set("one", job);
      world.names.set(job, "one");
      world.jobJournals.set(job, journal.slice(0, length));
      world.clusterJournal.push(...records);
      world.sideFile.push(...whole.sideFile);
      for (const [uri, file] of whole.storage.files)
        if (state?.phase === "ended" || !uri.endsWith("_SUCCESS")) world.storage.files.set(uri, file);
      world.restoreVectors();
      world.recovered(2);
      makeCoordinatorScript(world)("worker w-9 slots=2");
      world.pass(11_000);
      driveToEnd(world);
      world.checkReplay();
    }
  });
});
