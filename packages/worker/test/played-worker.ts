// A worker's driver with the real machine and everything else played, for its tests.

import {
  attemptKey,
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

export const job = "job-a" as JobId;
export const attempt = (stage: number, task: number): AttemptRef => ({ job, stage, task, attempt: 0 });

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

export const brief: JobBrief = {
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
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Everything outside of the driver. */
export class Played {
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

export const launchMap = (task: number): CoordinatorMessage => ({
  kind: "launch-map",
  attempt: attempt(0, task),
  split: { input: 0, parts: [], bytes: 0, hosts: [] },
});
export const finishedOf = (ref: AttemptRef): Parameters<AttemptHandler["onFinished"]>[0] => ({
  attempt: ref,
  consumed: { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 },
  files: [],
  counters: {},
  badRecords: [],
  usage: { durationMs: 0, cpuMs: 0, peakRssBytes: 0 },
});
