// The driver with the real machine and everything else played: what it performs, in which order, and what it never loses.

import { describe, expect, it } from "vitest";
import {
  attemptKey,
  MillraceError,
  WorkerMachine,
  type AttemptRef,
  type CoordinatorMessage,
  type Epoch,
  type Incarnation,
  type JobBrief,
  type JobId,
  type WorkerDescription,
  type WorkerId,
  type WorkerMessage,
} from "@millrace/core";
import type {
  AttemptHandler,
  AttemptOrder,
  Clock,
  SegmentOutcome,
  SegmentRequest,
  WorkerSessionHandler,
} from "@millrace/ports";
import { WorkerDriver, type WorkerDriverPorts } from "../src/driver.ts";
import type { WorkerDisk } from "../src/worker-disk.ts";

const job = "job-a" as JobId;
const attempt = (stage: number, task: number): AttemptRef => ({ job, stage, task, attempt: 0 });

const description: WorkerDescription = {
  worker: "w-1" as WorkerId,
  incarnation: 1 as Incarnation,
  host: "here",
  rack: "/default-rack",
  slots: 1,
  shuffleAddress: "127.0.0.1:1",
  freeDiskBytes: 1,
  dataVersions: [1],
  nodeMajor: 24,
  protocols: [1],
};

const brief: JobBrief = {
  job,
  name: "played",
  bundleSha256: "0",
  params: {},
  shuffleKey: "aa",
  taskTimeoutMs: 60_000,
  inputGrowth: "refuse",
  seed: "0",
  stages: [
    { kind: "map", tasks: 4, partitions: 2, reads: -1, outputs: [] },
    { kind: "reduce", tasks: 2, partitions: 0, reads: 0, outputs: [] },
  ],
  stagingUri: "memory:///staging",
};

/** Time that stands still until the test moves it. */
class PlayedClock implements Clock {
  #nowMs = 0;
  readonly #calls = new Map<number, { readonly atMs: number; readonly act: () => void }>();
  #count = 0;

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return 0;
  }

  callAt(atMs: number, act: () => void): { cancel(): void } {
    this.#count += 1;
    const id = this.#count;
    this.#calls.set(id, { atMs, act });
    return { cancel: () => void this.#calls.delete(id) };
  }

  /** Let time pass; calls come in order of their times. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#calls].filter(([, { atMs }]) => atMs <= endMs).sort(([, a], [, b]) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#calls.delete(next[0]);
      this.#nowMs = Math.max(this.#nowMs, next[1].atMs);
      next[1].act();
      await settle();
    }
    this.#nowMs = endMs;
  }
}

/** Let promises that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Everything outside of the driver. */
class Played {
  readonly clock = new PlayedClock();
  readonly sent: WorkerMessage[] = [];
  readonly did: string[] = [];
  readonly handlers: WorkerSessionHandler[] = [];
  readonly orders = new Map<string, { readonly order: AttemptOrder; readonly handler: AttemptHandler }>();
  readonly fetches: {
    readonly request: SegmentRequest;
    readonly signal: AbortSignal;
    readonly end: (outcome: SegmentOutcome) => void;
  }[] = [];
  connectError: Error | undefined;
  prepared: Promise<void> = Promise.resolve();
  freeBytes: () => Promise<number> = async () => 42;
  readonly driver: WorkerDriver;

  constructor() {
    const note =
      (what: string) =>
      async (ref: AttemptRef): Promise<void> =>
        void this.did.push(`${what} ${attemptKey(ref)}`);
    const disk: WorkerDisk = {
      prepareJob: async (brief, fetchContent) => {
        await fetchContent(brief.bundleSha256);
        await this.prepared;
        this.did.push("prepared");
      },
      prepareGather: note("prepare-gather"),
      deleteRun: note("delete-run"),
      deleteGathered: note("delete-gathered"),
      deleteJob: async (id) => {
        this.did.push(`delete-job ${id}`);
        return [id];
      },
      freeBytes: () => this.freeBytes(),
      bundlePath: (id) => `${id}/bundle`,
      sideFilePath: (id, sha256) => `${id}/files/${sha256}`,
      runPath: (ref) => `run ${attemptKey(ref)}`,
      scratchPath: (ref) => `scratch ${attemptKey(ref)}`,
      logPath: (ref) => `log ${attemptKey(ref)}`,
      segmentPath: (ref, { task }) => `segment ${attemptKey(ref)} ${task}`,
      segmentInput: (reader, { task, pairs, rawBytes, digest }, stage) => ({
        task,
        path: `${stage}`,
        form: "segment",
        partition: reader.task,
        pairs,
        rawBytes,
        digest,
      }),
    };
    const ports: WorkerDriverPorts = {
      machine: new WorkerMachine({ orphanKeepMs: 1e9 }),
      clock: this.clock,
      disk,
      channel: {
        connect: async (handler) => {
          if (this.connectError !== undefined) throw this.connectError;
          this.handlers.push(handler);
          return { send: (message) => void this.sent.push(message), close: () => void this.did.push("close session") };
        },
        fetchBundle: async () => new Uint8Array(),
      },
      executor: {
        start: (order, handler) => void this.orders.set(attemptKey(order.attempt), { order, handler }),
        stop: (ref) => this.orders.get(attemptKey(ref))?.handler.onStopped(),
        forgetJob: (id) => void this.did.push(`forget ${id}`),
        close: async () => void this.did.push("close executor"),
      },
      segments: {
        source: {
          fetch: (request, signal) => new Promise((end) => this.fetches.push({ request, signal, end })),
          close: async () => undefined,
        },
        openJob: (id, key) => void this.did.push(`open ${id} ${key}`),
        closeJob: (id) => void this.did.push(`shut ${id}`),
        verifyRun: async () => true,
      },
      reconnectDelayMs: (failures) => 100 * 2 ** failures,
      measureMs: 5_000,
      onExit: (code) => void this.did.push(`exit ${code}`),
      onSession: (what) => void this.did.push(what),
    };
    this.driver = new WorkerDriver(ports);
  }

  async start(): Promise<void> {
    this.driver.start(description, []);
    await settle();
  }

  /** Start, connect, register, and send the brief. */
  async begin(sent = brief): Promise<void> {
    await this.start();
    this.tell({
      kind: "registered",
      epoch: 1 as Epoch,
      leaseMs: 10_000,
      heartbeatMs: 1_000,
      running: [],
      gathering: [],
      held: [],
    });
    this.tell({ kind: "brief", brief: sent });
    await settle();
    this.sent.length = 0;
    this.did.length = 0;
  }

  tell(message: CoordinatorMessage): void {
    this.handlers.at(-1)?.onMessage(message);
  }
}

const launchMap = (task: number): CoordinatorMessage => ({
  kind: "launch-map",
  attempt: attempt(0, task),
  split: { input: 0, parts: [], bytes: 0, hosts: [] },
});
const finishedOf = (ref: AttemptRef): Parameters<AttemptHandler["onFinished"]>[0] => ({
  attempt: ref,
  consumed: { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 },
  files: [],
  counters: {},
  badRecords: [],
  usage: { durationMs: 0, cpuMs: 0, peakRssBytes: 0 },
});

const ranged: JobBrief = {
  ...brief,
  stages: [
    { kind: "sample", tasks: 4, partitions: 0, reads: -1, outputs: [] },
    { kind: "map", tasks: 4, partitions: 3, reads: -1, outputs: [] },
  ],
};
const split = { input: 0, parts: [], bytes: 0, hosts: [] };

describe("WorkerDriver with key ranges", () => {
  it("starts a sample with its bound on keys, and tells what it sampled", async () => {
    const played = new Played();
    await played.begin(ranged);
    const ref = attempt(0, 0);
    played.tell({ kind: "launch-sample", attempt: ref, split, keysMax: 16 });
    await settle();
    const started = played.orders.get(attemptKey(ref));
    expect(started?.order).toMatchObject({ work: { kind: "sample", split, keysMax: 16 } });
    expect(started?.order).not.toHaveProperty("runPath");
    expect(started?.order).not.toHaveProperty("cuts");
    const result = { ...finishedOf(ref), sample: ["00", "ff"] };
    started?.handler.onFinished(result, undefined);
    await settle();
    expect(played.sent).toEqual([{ kind: "finished", result }]);
  });

  it("gives maps the cuts as bytes, the same for all attempts of a stage", async () => {
    const played = new Played();
    await played.begin(ranged);
    played.tell({ kind: "ranges", job, stage: 1, cuts: ["", "00ff80"] });
    const cutsOf = async (task: number): Promise<AttemptOrder["cuts"]> => {
      const ref = attempt(1, task);
      played.tell({ kind: "launch-map", attempt: ref, split });
      await settle();
      const started = played.orders.get(attemptKey(ref));
      started?.handler.onFailed({ code: "E_TASK_CRASHED", message: "the test says so" });
      await settle();
      return started?.order.cuts;
    };
    const first = await cutsOf(0);
    expect(first?.map((cut) => [...cut])).toEqual([[], [0, 255, 128]]);
    expect(await cutsOf(1)).toBe(first);
  });
});

describe("WorkerDriver", () => {
  it("connects, registers, tells each message in order and beats in time", async () => {
    const played = new Played();
    await played.start();
    expect(played.sent.map(({ kind }) => kind)).toEqual(["register"]);
    played.tell({
      kind: "registered",
      epoch: 1 as Epoch,
      leaseMs: 10_000,
      heartbeatMs: 1_000,
      running: [],
      gathering: [],
      held: [],
    });
    await played.clock.pass(5_500);
    expect(played.sent.map(({ kind }) => kind)).toEqual(["register", ...Array.from({ length: 6 }, () => "heartbeat")]);
    expect(played.sent.at(-1)).toMatchObject({ freeDiskBytes: 42 });
  });

  it("tries again with the delays that it is given, and at once stops trying when the error is final", async () => {
    const played = new Played();
    played.connectError = new MillraceError("E_UNREACHABLE", "nobody there");
    await played.start();
    await played.clock.pass(100 + 200 + 400);
    expect(played.did).toEqual(["unreachable", "unreachable", "unreachable", "unreachable"]);
    played.connectError = new MillraceError("E_AUTH", "wrong token");
    await played.clock.pass(800);
    expect(played.did.at(-1)).toBe("exit E_AUTH");
    await played.clock.pass(100_000);
    expect(played.did.filter((line) => line.startsWith("exit"))).toHaveLength(1);
  });

  it("takes a token for one in the making when an earlier one was welcome", async () => {
    const played = new Played();
    await played.begin();
    played.connectError = new MillraceError("E_AUTH", "wrong token");
    played.handlers.at(-1)?.onClosed("gone");
    await played.clock.pass(300);
    expect(played.did).toEqual(["close session", "closed", "unreachable", "unreachable"]);
    played.connectError = undefined;
    await played.clock.pass(400);
    expect(played.sent.at(-1)?.kind).toBe("register");
  });

  it("hears nothing of a session that has ended", async () => {
    const played = new Played();
    await played.begin();
    const [old] = played.handlers;
    old?.onClosed("gone");
    old?.onClosed("gone again");
    await played.clock.pass(100);
    old?.onMessage({ kind: "refused", code: "E_VERSION_MISMATCH", message: "late" });
    expect(played.did).not.toContain("exit E_VERSION_MISMATCH");
    expect(played.sent.filter(({ kind }) => kind === "register")).toHaveLength(1);
  });

  it("launches when the job is prepared, with everything made from ids", async () => {
    const played = new Played();
    const { promise, resolve } = Promise.withResolvers<void>();
    played.prepared = promise;
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    expect(played.orders.size).toBe(0);
    resolve();
    await settle();
    expect(played.orders.get("job-a/0-0.0")?.order).toMatchObject({
      bundlePath: "job-a/bundle",
      runPath: "run job-a/0-0.0",
      scratchPath: "scratch job-a/0-0.0",
      logPath: "log job-a/0-0.0",
      outputUri: "memory:///staging/attempts/0-0.0",
      work: { kind: "map" },
    });
  });

  it("launches with the local paths of the job's side files", async () => {
    const played = new Played();
    await played.begin({ ...brief, files: [{ name: "stop.txt", sha256: "ab", bytes: 4 }] });
    played.tell(launchMap(0));
    await settle();
    expect(played.orders.get("job-a/0-0.0")?.order.filePaths).toEqual({ "stop.txt": "job-a/files/ab" });
  });

  it("stops an attempt that still waits for its preparation without starting it", async () => {
    const played = new Played();
    const { promise, resolve } = Promise.withResolvers<void>();
    played.prepared = promise;
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    played.tell({ kind: "kill", attempt: attempt(0, 0), reason: "not needed" });
    expect(played.sent.at(-1)).toMatchObject({ kind: "failed", failure: { code: "E_KILLED" } });
    resolve();
    await settle();
    expect(played.orders.size).toBe(0);
  });

  it("fails an attempt with the reason for which its job could not be prepared", async () => {
    const played = new Played();
    played.prepared = Promise.reject(new MillraceError("E_NO_SPACE", "full"));
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    expect(played.sent.at(-1)).toMatchObject({ kind: "failed", failure: { code: "E_NO_SPACE", message: "full" } });
  });

  it("prepares a job anew for the next attempt when it could not be prepared", async () => {
    const played = new Played();
    played.prepared = Promise.reject(new MillraceError("E_UNREACHABLE", "away"));
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    expect(played.sent.at(-1)).toMatchObject({ kind: "failed", failure: { code: "E_UNREACHABLE" } });
    played.prepared = Promise.resolve();
    played.tell(launchMap(1));
    await settle();
    expect([...played.orders.keys()]).toEqual([attemptKey(attempt(0, 1))]);
  });

  it("tells of no room on a disk that cannot be asked, and asks again", async () => {
    const played = new Played();
    await played.begin();
    played.freeBytes = () => Promise.reject(new Error("EIO"));
    await played.clock.pass(6_500);
    expect(played.sent.at(-1)).toMatchObject({ kind: "heartbeat", freeDiskBytes: 0 });
    played.freeBytes = async () => 43;
    await played.clock.pass(6_500);
    expect(played.sent.at(-1)).toMatchObject({ kind: "heartbeat", freeDiskBytes: 43 });
  });

  it("gathers, cancels what it is told to, and never tells of a cancelled fetch", async () => {
    const played = new Played();
    await played.begin();
    const reader = attempt(1, 1);
    const place = {
      task: 0,
      attempt: 0,
      worker: "w-2" as WorkerId,
      address: "127.0.0.1:2",
      pairs: 1,
      rawBytes: 1,
      digest: "d",
    };
    played.tell({ kind: "gather", attempt: reader, maps: 1 });
    played.tell({ kind: "places", attempt: reader, places: [place] });
    await settle();
    expect(played.fetches[0]?.request).toMatchObject({
      source: attempt(0, 0),
      partition: 1,
      shuffleKey: "aa",
      path: "segment job-a/1-1.0 0",
    });
    played.tell({
      kind: "places",
      attempt: reader,
      places: [{ ...place, worker: "w-3" as WorkerId, address: "127.0.0.1:3" }],
    });
    await settle();
    expect(played.fetches[0]?.signal.aborted).toBe(true);
    played.fetches[0]?.end({ kind: "fetched", bytes: 1 });
    await settle();
    expect(played.sent.some(({ kind }) => kind === "gathered")).toBe(false);
    played.fetches[1]?.end({ kind: "fetched", bytes: 1 });
    await settle();
    expect(played.sent.at(-1)).toMatchObject({ kind: "gathered" });
    played.tell({ kind: "launch-reduce", attempt: reader });
    await settle();
    expect(played.orders.get("job-a/1-1.0")?.order.work).toMatchObject({
      kind: "reduce",
      partition: 1,
      segments: [{ task: 0 }],
    });
  });

  it("deletes a gather only when nothing writes into it any more, and a job after all else of it", async () => {
    const played = new Played();
    await played.begin();
    const reader = attempt(1, 0);
    played.tell({ kind: "gather", attempt: reader, maps: 2 });
    played.tell({
      kind: "places",
      attempt: reader,
      places: [
        { task: 0, attempt: 0, worker: "w-2" as WorkerId, address: "127.0.0.1:2", pairs: 1, rawBytes: 1, digest: "d" },
      ],
    });
    await settle();
    played.did.length = 0;
    played.tell({ kind: "forget-job", job });
    await settle();
    expect(played.did).toEqual([`forget ${job}`]);
    played.fetches[0]?.end({ kind: "failed", reason: "unreachable", message: "cancelled" });
    await settle();
    expect(played.did).toEqual([`forget ${job}`, "delete-gathered job-a/1-0.0", `delete-job ${job}`, `shut ${job}`]);
  });

  it("keeps a result while nobody listens, and tells it to the next coordinator", async () => {
    const played = new Played();
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    played.handlers.at(-1)?.onClosed("gone");
    played.orders.get("job-a/0-0.0")?.handler.onFinished(finishedOf(attempt(0, 0)), undefined);
    await played.clock.pass(100);
    expect(played.sent.at(-1)).toMatchObject({ kind: "register", inventory: { unacknowledged: [attempt(0, 0)] } });
    played.tell({
      kind: "registered",
      epoch: 2 as Epoch,
      leaseMs: 10_000,
      heartbeatMs: 1_000,
      running: [],
      gathering: [],
      held: [],
    });
    expect(played.sent.slice(-2).map(({ kind }) => kind)).toEqual(["finished", "heartbeat"]);
  });

  it("leaves a coordinator that does not answer its registration, and connects anew", async () => {
    const played = new Played();
    await played.start();
    await played.clock.pass(30_000);
    expect(played.sent.map(({ kind }) => kind)).toEqual(["register", "register", "register"]);
    expect(played.did).toEqual(["connected", "close session", "closed"]);
    await played.clock.pass(100);
    expect(played.sent).toHaveLength(4);
  });

  it("stop() ends attempts and the session, and nothing happens afterwards", async () => {
    const played = new Played();
    await played.begin();
    await played.driver.stop();
    await played.driver.stop();
    expect(played.did).toEqual(["close session", "close executor"]);
    played.tell(launchMap(0));
    await played.clock.pass(100_000);
    expect(played.orders.size).toBe(0);
    expect(played.sent).toEqual([]);
  });
});
