import type {
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorMessage,
  JobId,
  JobOutcome,
  JobRecord,
  PlaceToSend,
  SegmentVector,
  SessionId,
  StepResult,
  WorkerMessage,
} from "@millrace/core";
import { limits } from "@millrace/core";
import type { Clock } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import type { DriverPorts } from "../src/driver.ts";
import { CoordinatorDriver } from "../src/driver.ts";

const job = `job-${"0".repeat(26)}` as JobId;
const session = 1 as SessionId;
const attempt = { job, stage: 0, task: 0, attempt: 1 };
const vector: SegmentVector = { pairs: [1], rawBytes: [2], digests: ["00".repeat(8)] };
const finished = {
  kind: "finished",
  result: { attempt, run: { partitions: 1 } },
  vector,
} as unknown as WorkerMessage;
const staged: JobRecord = { kind: "staged" };
const acknowledge: CoordinatorEffect = { kind: "send", session, message: { kind: "acknowledge", attempt } };

interface Scene {
  readonly driver: CoordinatorDriver;
  readonly log: string[];
  readonly events: CoordinatorEvent[];
  readonly fatal: unknown[];
  readonly timers: { atMs: number; act: () => void; cancelled: boolean }[];
  /** Let the syncs that wait go on, or fail. */
  sync(failure?: Error): Promise<void>;
  nowMs: number;
  /** What the session was given to take in its own time. */
  readonly sources: Iterable<CoordinatorMessage>[];
  /** How a job's vectors are found. */
  vectors: "open" | "closed" | "damaged";
  outcome: JobOutcome | undefined;
}

/** A driver whose machine answers as told and whose syncs end when the test says so. */
function begin(answer: (event: CoordinatorEvent) => Partial<StepResult>, accepted?: number): Scene {
  const log: string[] = [];
  const events: CoordinatorEvent[] = [];
  const fatal: unknown[] = [];
  const timers: Scene["timers"] = [];
  const waiting: ((failure?: Error) => void)[] = [];
  const sync = async (what: string): Promise<void> => {
    log.push(what);
    await new Promise<void>((resolve, reject) =>
      waiting.push((failure) => (failure === undefined ? resolve() : reject(failure))),
    );
    log.push(`${what} done`);
  };
  const clock: Clock = {
    monotonicMs: () => scene.nowMs,
    wallMs: () => 7,
    callAt: (atMs, act) => {
      const timer = { atMs, act, cancelled: false };
      timers.push(timer);
      return { cancel: () => (timer.cancelled = true) };
    },
  };
  const ports = {
    clock,
    machine: {
      step: (_atMs: number, event: CoordinatorEvent) => {
        log.push(`step ${event.kind}`);
        events.push(event);
        return { jobRecords: [], clusterRecords: [], effects: [], ...answer(event) };
      },
      jobState: () =>
        accepted === undefined
          ? { outcome: scene.outcome, stages: [] }
          : { stages: [{ tasks: [{ accepted: { result: { vectorAt: accepted } } }] }] },
    },
    book: {
      append: async (_job: JobId, records: readonly JobRecord[]) => sync(`job ${records.length}`),
      appendCluster: async (records: readonly unknown[]) => {
        if (records.length > 0) await sync(`cluster ${records.length}`);
      },
      vectors: () =>
        scene.vectors === "closed"
          ? undefined
          : {
              append: () => {
                log.push("vector");
                return 64;
              },
              readEntry: (position: number, partition: number) => {
                if (scene.vectors === "damaged") throw new Error("damaged");
                log.push(`entry ${position}`);
                return { pairs: position, rawBytes: partition, digest: "" };
              },
              read: (position: number) => {
                log.push(`read ${position}`);
                return vector;
              },
            },
      beforeChanges: async () => {
        log.push("before changes");
      },
      syncVectors: async () => {
        if (log.includes("vector")) await sync("vectors");
      },
    },
    performStorage: async ({ kind }: { readonly kind: string }) => {
      if (kind === "publish") await sync(`storage ${kind}`);
      else log.push(`storage ${kind}`);
      return { kind: "ok" };
    },
    probe: async () => "refused",
    onJobChanged: () => log.push("changed"),
    onFatal: (thrown: unknown) => fatal.push(thrown),
  } as unknown as DriverPorts;
  const scene: Scene = {
    driver: new CoordinatorDriver(ports),
    log,
    events,
    fatal,
    timers,
    nowMs: 100,
    sources: [],
    vectors: "open",
    outcome: undefined,
    sync: async (failure) => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const go of waiting.splice(0)) go(failure);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  scene.driver.onOpened(session, {
    send: (message: CoordinatorMessage) => log.push(`send ${message.kind}`),
    sendEach: (messages) => scene.sources.push(messages),
    close: () => log.push("close"),
  });
  return scene;
}

describe("CoordinatorDriver", () => {
  it("syncs vectors, then steps, then job journals, then the cluster's, and performs effects last", async () => {
    const scene = begin(() => ({
      jobRecords: [{ job, record: staged }],
      clusterRecords: [{ kind: "job-ended", job, outcome: "succeeded" }],
      effects: [acknowledge, { kind: "job-changed", job }],
    }));
    scene.driver.onMessage(session, finished);
    for (let count = 0; count < 3; count += 1) await scene.sync();
    expect(scene.log).toEqual([
      "vector",
      "vectors",
      "vectors done",
      "step worker-message",
      "job 1",
      "job 1 done",
      "cluster 1",
      "cluster 1 done",
      "send acknowledge",
      "changed",
    ]);
    expect(scene.events[0]).toMatchObject({ vectorAt: 64, wallMs: 7 });
  });

  it("has no room for more of a session whose messages pile up behind a sync, until the batch is done", async () => {
    const scene = begin(() => ({ jobRecords: [{ job, record: staged }] }));
    const heartbeat: WorkerMessage = { kind: "heartbeat", progress: [], freeDiskBytes: 1 };
    const say = (count: number): void => {
      for (let index = 0; index < count; index += 1) scene.driver.onMessage(session, heartbeat);
    };
    say(limits.sessionMessagesWaitingMax - 1);
    expect(scene.driver.whenRoom(session)).toBeUndefined();
    say(1);
    expect(scene.driver.whenRoom(2 as SessionId)).toBeUndefined();
    let resolved = false;
    void scene.driver.whenRoom(session)?.then(() => (resolved = true));
    await scene.sync();
    expect(resolved).toBe(true);
    expect(scene.driver.whenRoom(session)).toBeUndefined();
    say(limits.sessionMessagesWaitingMax);
    const room = scene.driver.whenRoom(session);
    expect(room).toBeDefined();
    await scene.sync(new Error("the disk is gone"));
    await room;
    expect(scene.fatal).toHaveLength(1);
  });

  it("makes one batch, and one append a journal, of what arrives while another is written", async () => {
    const scene = begin(() => ({ jobRecords: [{ job, record: staged }], effects: [{ kind: "job-changed", job }] }));
    const heartbeat: WorkerMessage = { kind: "heartbeat", progress: [], freeDiskBytes: 1 };
    scene.driver.onMessage(session, heartbeat);
    await scene.sync();
    scene.log.length = 0;
    scene.driver.onMessage(session, heartbeat);
    await new Promise((resolve) => setImmediate(resolve));
    for (let count = 0; count < 20; count += 1) scene.driver.onMessage(session, heartbeat);
    await scene.sync();
    await scene.sync();
    expect(scene.log.filter((line) => line.startsWith("job"))).toEqual([
      "job 1",
      "job 1 done",
      "job 20",
      "job 20 done",
    ]);
  });

  it("performs nothing of a batch whose journal failed, nor anything after it", async () => {
    const scene = begin(() => ({ jobRecords: [{ job, record: staged }], effects: [acknowledge] }));
    scene.driver.onMessage(session, finished);
    await scene.sync();
    await scene.sync(new Error("EIO"));
    expect(scene.fatal.map(String)).toEqual(["Error: EIO"]);
    scene.driver.onMessage(session, finished);
    await scene.sync();
    expect(scene.log).not.toContain("send acknowledge");
    expect(scene.events).toHaveLength(1);
  });

  it("hands the machine the accepted vector of a task that has one, and reads none where no run was accepted", async () => {
    const withRun = begin(() => ({}), 32);
    withRun.driver.onMessage(session, finished);
    await withRun.sync();
    expect(withRun.log).toContain("read 32");
    expect(withRun.events[0]).toMatchObject({ acceptedVector: vector });
    const without = begin(() => ({}), -1);
    without.driver.onMessage(session, finished);
    await without.sync();
    expect(without.log.filter((line) => line.startsWith("read"))).toEqual([]);
    expect(without.fatal).toEqual([]);
  });

  it("reads what segments hold when the session takes their places, a message at a time, while the job is open", async () => {
    const count = 2 * limits.placesPerMessageMax + 1;
    const places = Array.from({ length: count }, (_, task) => ({ task, vectorAt: task }) as unknown as PlaceToSend);
    const scene = begin(() => ({ effects: [{ kind: "send-places", session, attempt, places }, acknowledge] }));
    scene.driver.onMessage(session, { kind: "heartbeat", progress: [], freeDiskBytes: 1 });
    await scene.sync();
    expect(scene.log).toEqual(["step worker-message", "send acknowledge"]);
    const messages = scene.sources[0]![Symbol.iterator]();
    const first = messages.next().value as Extract<CoordinatorMessage, { kind: "places" }>;
    expect(first).toMatchObject({ kind: "places", attempt });
    expect(first.places.map(({ task, pairs }) => task - pairs)).toEqual(Array(limits.placesPerMessageMax).fill(0));
    expect(scene.log).toHaveLength(2 + limits.placesPerMessageMax);
    expect(messages.next().value.places).toHaveLength(limits.placesPerMessageMax);
    scene.outcome = "killed";
    expect(messages.next().done).toBe(true);
    scene.outcome = undefined;
    scene.driver.onMessage(session, { kind: "heartbeat", progress: [], freeDiskBytes: 1 });
    await scene.sync();
    scene.vectors = "closed";
    expect([...scene.sources[1]!]).toEqual([]);
    expect(scene.fatal).toEqual([]);
  });

  it("cannot go on when a vector turns out to be damaged", async () => {
    const places = [{ task: 0, vectorAt: 0 } as unknown as PlaceToSend];
    const scene = begin(() => ({ effects: [{ kind: "send-places", session, attempt, places }] }));
    scene.driver.enqueue({ kind: "session-closed", session });
    await scene.sync();
    scene.vectors = "damaged";
    expect([...scene.sources[0]!]).toEqual([]);
    expect(scene.fatal.map(String)).toEqual(["Error: damaged"]);
  });

  it("keeps one timer, and tells by how much a tick came late", async () => {
    const wakes = [150, 120];
    const scene = begin((event) => {
      const atMs = event.kind === "tick" ? undefined : wakes.shift();
      return atMs === undefined ? {} : { effects: [{ kind: "wake", atMs }] };
    });
    const heartbeat: WorkerMessage = { kind: "heartbeat", progress: [], freeDiskBytes: 1 };
    scene.driver.onMessage(session, heartbeat);
    await scene.sync();
    scene.driver.onMessage(session, heartbeat);
    await scene.sync();
    expect(scene.timers.map(({ atMs, cancelled }) => [atMs, cancelled])).toEqual([
      [150, true],
      [120, false],
    ]);
    scene.nowMs = 145;
    scene.timers[1]?.act();
    await scene.sync();
    expect(scene.events.at(-1)).toMatchObject({ kind: "tick", lateMs: 25 });
  });

  it("steps messages before a tick that waited for a sync with them, and counts the wait as lateness", async () => {
    const scene = begin((event) =>
      event.kind === "recovered"
        ? { effects: [{ kind: "wake", atMs: 120 }] }
        : event.kind === "session-closed"
          ? { jobRecords: [{ job, record: staged }] }
          : {},
    );
    scene.driver.enqueue({ kind: "recovered", epoch: 1 as never });
    await scene.sync();
    scene.driver.onClosed(session);
    await new Promise((resolve) => setImmediate(resolve));
    expect(scene.log).toContain("job 1");
    scene.nowMs = 120;
    scene.timers[0]?.act();
    scene.driver.onMessage(session, { kind: "heartbeat", progress: [], freeDiskBytes: 1 });
    scene.nowMs = 400;
    await scene.sync();
    expect(scene.events.slice(-2)).toMatchObject([{ kind: "worker-message" }, { kind: "tick", lateMs: 280 }]);
  });

  it("turns answers of storage and probes into events", async () => {
    const scene = begin((event) =>
      event.kind === "recovered"
        ? {
            effects: [
              { kind: "storage", job, call: 3, request: { kind: "remove", uri: "file:///x" } },
              { kind: "probe-worker", worker: "w-a", incarnation: 1, address: "127.0.0.1:1" } as CoordinatorEffect,
            ],
          }
        : {},
    );
    scene.driver.enqueue({ kind: "recovered", epoch: 1 as never });
    await scene.sync();
    await scene.sync();
    expect(scene.events.slice(1)).toMatchObject([
      { kind: "storage-replied", job, call: 3, reply: { kind: "ok" } },
      { kind: "worker-probed", worker: "w-a", incarnation: 1, answer: "refused" },
    ]);
  });

  it.each([
    ["make-staging", { uri: "file:///x", owner: job }, ["before changes", "storage make-staging"]],
    ["publish", { from: "file:///x/data", to: "file:///y" }, ["before changes", "storage publish"]],
    ["rename", { from: "file:///y", to: "file:///z" }, ["before changes", "storage rename"]],
    ["remove", { uri: "file:///x" }, ["before changes", "storage remove"]],
    ["measure", { uris: [] }, ["storage measure"]],
    ["place", { moves: [] }, ["storage place"]],
  ] as const)("has all durable before %s where it matters to who clears up", async (kind, given, expected) => {
    const scene = begin((event) =>
      event.kind === "recovered"
        ? {
            jobRecords: [{ job, record: staged }],
            effects: [{ kind: "storage", job, call: 0, request: { kind, ...given } } as CoordinatorEffect],
          }
        : {},
    );
    scene.driver.enqueue({ kind: "recovered", epoch: 1 as never });
    await scene.sync();
    await scene.sync();
    expect(scene.log.slice(0, 3 + expected.length)).toEqual(["step recovered", "job 1", "job 1 done", ...expected]);
  });

  it("shows nothing that was decided of a job before it is durable", async () => {
    const scene = begin(() => ({
      jobRecords: [{ job, record: staged }],
      clusterRecords: [{ kind: "job-ended", job, outcome: "succeeded" }],
    }));
    scene.driver.onMessage(session, finished);
    await scene.sync();
    expect(scene.log.at(-1)).toBe("job 1");
    const other = `job-${"1".repeat(26)}` as JobId;
    expect(await scene.driver.look(other, () => "other")).toBe("other");
    const seen = [scene.driver.look(job, () => scene.log.at(-1)), scene.driver.look(undefined, () => scene.log.at(-1))];
    await scene.sync();
    await scene.sync();
    expect(await Promise.all(seen)).toEqual(["cluster 1 done", "cluster 1 done"]);
  });

  it("shows nothing more once a journal has failed", async () => {
    const scene = begin(() => ({ jobRecords: [{ job, record: staged }] }));
    scene.driver.onMessage(session, finished);
    await scene.sync();
    const waiting = scene.driver.look(job, () => "seen");
    await Promise.all([scene.sync(new Error("EIO")), expect(waiting).rejects.toMatchObject({ code: "E_UNREACHABLE" })]);
    await expect(scene.driver.look(undefined, () => "seen")).rejects.toMatchObject({ code: "E_UNREACHABLE" });
  });

  it("answers whoever waits when it stops", async () => {
    const scene = begin(() => ({}));
    const waiting = scene.driver.kill(job, "enough");
    await scene.driver.stop();
    expect(await waiting).toMatchObject({ kind: "refused", code: "E_UNREACHABLE" });
    expect(await scene.driver.kill(job, "again")).toMatchObject({ kind: "refused", code: "E_UNREACHABLE" });
    expect(scene.log).toContain("close");
  });

  it("stops only when the storage steps under way are at rest, or after five seconds", async () => {
    const request = { kind: "publish", from: "file:///x/data", to: "file:///y" } as const;
    const scene = begin(() => ({ effects: [{ kind: "storage", job, call: 0, request }] }));
    scene.driver.enqueue({ kind: "session-closed", session });
    await new Promise((resolve) => setImmediate(resolve));
    let stopped = false;
    const stopping = scene.driver.stop().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect({ stopped, log: scene.log.at(-1) }).toEqual({ stopped: false, log: "storage publish" });
    expect(scene.timers.at(-1)).toMatchObject({ atMs: 5_100, cancelled: false });
    await scene.sync();
    await stopping;
    expect(scene.timers.at(-1)?.cancelled).toBe(true);
  });
});
