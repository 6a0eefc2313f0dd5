// A server with a backend of its own, on a free loopback port.

import { Client, Metadata, credentials } from "@grpc/grpc-js";
import type { CoordinatorMessage, JobId, JobRecord, JobSpec, JobView, SessionId, WorkerMessage } from "@millrace/core";
import { MillraceError } from "@millrace/core";
import type { CoordinatorSession, SessionListener } from "@millrace/ports";
import type { JobBackend, RoleTokens, RunningServer } from "../src/index.ts";
import { createJobService, createTokenGate, createWorkerService, startServer } from "../src/index.ts";

export const tokens: RoleTokens = { client: "c".repeat(64), worker: "a".repeat(64), read: "e".repeat(64) };
export const jobA = `job-${"a".repeat(26)}` as JobId;

export const spec: JobSpec = {
  name: "word-count",
  bundle: { sha256: "ab".repeat(32), bytes: 3 },
  dataVersion: 1,
  nodeMajor: 24,
  inputs: [{ patterns: ["file:///in"], format: { name: "text", splitting: "delimiter" } }],
  stages: [{ kind: "map", inputs: [0], outputs: [{ name: "", extension: "txt" }] }],
  output: { uri: "file:///out", overwrite: false },
  params: { __proto__x: "1" },
  options: {
    priority: -3,
    splitBytes: "auto",
    badRecordsMax: 0.01,
    taskTimeoutMs: 1000,
    attemptsMax: 4,
    inputGrowth: "refuse",
  },
};

/** A view of a job as it stands after `progress` of it. */
export function viewOf(job: string, progress: number): JobView {
  const base = {
    job,
    name: "word-count",
    priority: 0,
    submittedMs: 1,
    outputUri: "file:///out",
    progress,
    tasks: 2,
    tasksDone: progress === 1 ? 2 : 0,
    attemptsRunning: 1,
    attemptsFailed: 0,
    attemptsLost: 0,
    inputFiles: 1,
    inputBytes: 10,
    skippedFiles: 0,
    planHash: "",
    stages: [],
    counters: { ["__proto__"]: 7 },
    badRecords: [],
    waits: [],
  };
  return progress === 1 ? { ...base, state: "succeeded", endedMs: 5 } : { ...base, state: "running" };
}

/** A backend whose answers a test may replace. */
export function backendOf(parts: Partial<JobBackend> = {}): JobBackend {
  return {
    submit: async () => ({ job: jobA, again: false }),
    kill: async () => undefined,
    get: async (job) => viewOf(job, 0.5),
    list: async () => ({ jobs: [viewOf(jobA, 1)], total: 1 }),
    watch: async function* (job) {
      yield viewOf(job, 0.5);
      yield viewOf(job, 1);
    },
    tasks: async () => ({ tasks: [], total: 0 }),
    events: async function* (_job, { from }) {
      yield records.map((record, index) => ({ index, record })).slice(from);
    },
    log: async function* () {
      yield Buffer.from("line 1\n");
      yield Buffer.alloc(700_000, "x");
    },
    workers: () => [],
    ...parts,
  };
}

const records: readonly JobRecord[] = [
  { kind: "submitted", job: jobA, spec, stagingUri: "file:///staging", wallMs: 1 },
  { kind: "splits", stage: 0, first: 0, splits: [{ input: 0, parts: [], bytes: 0, hosts: [] }] },
  { kind: "ended-job", outcome: "succeeded", wallMs: 2 },
];

/** A listener that remembers, and can be waited on. */
export class Sessions implements SessionListener {
  readonly log: string[] = [];
  readonly messages: WorkerMessage[] = [];
  readonly peers = new Map<SessionId, CoordinatorSession>();
  /** What a peer has to wait for, set by a test. */
  room: Promise<void> | undefined;
  #waiting: (() => void)[] = [];

  whenRoom(): Promise<void> | undefined {
    return this.room;
  }

  onOpened(session: SessionId, peer: CoordinatorSession): void {
    this.peers.set(session, peer);
    this.#note(`opened ${session}`);
  }

  onMessage(session: SessionId, message: WorkerMessage): void {
    this.messages.push(message);
    this.#note(`${message.kind} ${session}`);
  }

  onClosed(session: SessionId): void {
    this.peers.delete(session);
    this.#note(`closed ${session}`);
  }

  send(session: number, message: CoordinatorMessage): void {
    this.peers.get(session as SessionId)?.send(message);
  }

  /** Wait until a line is in the log. */
  async has(line: string): Promise<void> {
    while (!this.log.includes(line)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #note(line: string): void {
    this.log.push(line);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** All that runs for a test. */
export interface Fixture {
  readonly server: RunningServer;
  readonly sessions: Sessions;
  readonly faults: unknown[];
}

/** Start a server with both services. */
export async function startFixture(
  backend: Partial<JobBackend> = {},
  listen = "127.0.0.1:0",
  sessionIdleMs = 30_000,
  outboxBytesMax?: number,
): Promise<Fixture> {
  const sessions = new Sessions();
  const faults: unknown[] = [];
  let next = 0;
  const server = await startServer({
    listen,
    gate: createTokenGate(tokens),
    services: {
      JobService: createJobService(backendOf(backend), (thrown) => faults.push(thrown)),
      WorkerService: createWorkerService({
        listener: sessions,
        idleMs: sessionIdleMs,
        ...(outboxBytesMax === undefined ? {} : { outboxBytesMax }),
        nextSession: () => (next += 1) as SessionId,
        readContent: async function* (job, sha256) {
          if (job !== jobA) throw new MillraceError("E_UNKNOWN_JOB", `Cannot read the bundle of "${job}": no such job`);
          const bytes = Buffer.alloc(1_000_000, sha256.slice(0, 2));
          yield bytes.subarray(0, 700_000);
          yield bytes.subarray(700_000, 700_000);
          yield bytes.subarray(700_000);
        },
        onFault: (_session, thrown) => faults.push(thrown),
      }),
    },
  });
  return { server, sessions, faults };
}

/** A bare client, for what the project's own would never send. */
export function bareClient(address: string): Client {
  return new Client(address, credentials.createInsecure(), {
    "grpc.max_send_message_length": -1,
    "grpc.use_local_subchannel_pool": 1,
  });
}

/** Metadata with a token, or with none. */
export function metadataOf(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}
