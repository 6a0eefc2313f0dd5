// A coordinator that a test plays: a real gRPC server whose orders the test gives, and real worker processes.

import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  AttemptRef,
  CoordinatorMessage,
  Epoch,
  JobBrief,
  JobId,
  SegmentPlace,
  SessionId,
  Split,
  WorkerDescription,
  WorkerMessage,
} from "@millrace/core";
import type { CoordinatorSession } from "@millrace/ports";
import { createTokenGate, createWorkerService, startServer, type RoleTokens, type RunningServer } from "@millrace/rpc";

export const job = `job-${"a".repeat(26)}` as JobId;
const tokens: RoleTokens = { client: "c".repeat(64), worker: "a".repeat(64), read: "e".repeat(64) };

/** Counts words. */
export const wordCount = `
  import { defineJob, sum, textLines, textTable } from "millrace";
  export default defineJob({
    name: "word-count", input: textLines(),
    map: (line, emit) => { for (const word of line.split(/\\s+/u)) if (word !== "") emit(word, 1); },
    reduce: sum(), output: textTable(),
  });`;

/** Never ends. */
export const endless = `
  import { defineJob, sum, textLines, textTable } from "millrace";
  export default defineJob({ name: "endless", input: textLines(), map: () => { console.log("turning"); for (;;); }, reduce: sum(), output: textTable() });`;

export const attempt = (stage: number, task: number, number = 0): AttemptRef => ({ job, stage, task, attempt: number });

/** A session of one worker. */
export class PlayedSession {
  readonly messages: WorkerMessage[] = [];
  readonly peer: CoordinatorSession;
  closed = false;
  /** Told by `register`. */
  description: WorkerDescription | undefined;
  #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(peer: CoordinatorSession) {
    this.peer = peer;
  }

  note(message?: WorkerMessage): void {
    if (message === undefined) this.closed = true;
    else this.messages.push(message);
    if (message?.kind === "register") this.description = message.description;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  send(message: CoordinatorMessage): void {
    this.peer.send(message);
  }

  /** Wait for the next message of a kind; those before it are passed over. */
  async next<Kind extends WorkerMessage["kind"]>(
    ...kinds: readonly Kind[]
  ): Promise<Extract<WorkerMessage, { kind: Kind }>> {
    for (;;) {
      while (this.#taken < this.messages.length) {
        const message = this.messages[this.#taken];
        this.#taken += 1;
        if (message !== undefined && (kinds as readonly string[]).includes(message.kind))
          return message as Extract<WorkerMessage, { kind: Kind }>;
      }
      if (this.closed)
        throw new Error(
          `The session ended before ${kinds.join(" or ")}; it said ${JSON.stringify(this.messages.map(({ kind }) => kind))}`,
        );
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Wait for a registration and answer it: everything is kept. */
  async register(epoch = 1): Promise<Extract<WorkerMessage, { kind: "register" }>> {
    const message = await this.next("register");
    const { running, gathering, held } = message.inventory;
    const keep = (items: readonly unknown[]): "keep"[] => items.map(() => "keep");
    this.send({
      kind: "registered",
      epoch: epoch as Epoch,
      leaseMs: 10_000,
      heartbeatMs: 200,
      running: keep(running),
      gathering: keep(gathering),
      held: keep(held),
    });
    return message;
  }
}

/** All that runs for a test. */
export class PlayedCoordinator {
  readonly directory = mkdtempSync(join(tmpdir(), "millrace-worker-"));
  readonly #server: RunningServer;
  readonly #sessions = new Map<SessionId, PlayedSession>();
  readonly #daemons = new Set<ChildProcess>();
  #opened: PlayedSession[] = [];
  #waiting: ((session: PlayedSession) => void)[] = [];
  bundle = wordCount;

  private constructor(server: RunningServer) {
    this.#server = server;
  }

  static async start(): Promise<PlayedCoordinator> {
    let next = 0;
    const played: { coordinator?: PlayedCoordinator } = {};
    const server = await startServer({
      listen: "127.0.0.1:0",
      gate: createTokenGate(tokens),
      services: {
        WorkerService: createWorkerService({
          nextSession: () => (next += 1) as SessionId,
          readContent: async function* () {
            yield Buffer.from(played.coordinator?.bundle ?? "");
          },
          onFault: (_session, thrown) => console.error(thrown),
          listener: {
            onOpened: (id, peer) => played.coordinator?.open(id, peer),
            onMessage: (id, message) => played.coordinator?.session(id)?.note(message),
            onClosed: (id) => played.coordinator?.session(id)?.note(),
          },
        }),
      },
    });
    played.coordinator = new PlayedCoordinator(server);
    return played.coordinator;
  }

  open(id: SessionId, peer: CoordinatorSession): void {
    const session = new PlayedSession(peer);
    this.#sessions.set(id, session);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#opened.push(session);
    else waiting(session);
  }

  session(id: SessionId): PlayedSession | undefined {
    return this.#sessions.get(id);
  }

  /** Wait for the next session. */
  nextSession(): Promise<PlayedSession> {
    const opened = this.#opened.shift();
    return opened === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(opened);
  }

  /** Start a worker process. */
  startDaemon(
    name: string,
    options: { readonly slots?: number; readonly token?: string; readonly environment?: Record<string, string> } = {},
  ): ChildProcess {
    const program = new URL("fixtures/worker-daemon.ts", import.meta.url).pathname;
    const config = {
      address: this.#server.address,
      token: options.token ?? tokens.worker,
      workDirectory: this.workDirectory(name),
      slots: options.slots ?? 1,
    };
    const child = spawn(process.execPath, [program, JSON.stringify(config)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...options.environment },
    });
    this.#daemons.add(child);
    child.on("exit", () => this.#daemons.delete(child));
    return child;
  }

  workDirectory(name: string): string {
    return join(this.directory, name);
  }

  /** A brief of a map stage and a reduce stage with one output. */
  brief(partitions = 1): JobBrief {
    return {
      job,
      name: "played",
      bundleSha256: createHash("sha256").update(this.bundle).digest("hex"),
      params: {},
      shuffleKey: "5e".repeat(32),
      taskTimeoutMs: 600_000,
      inputGrowth: "refuse",
      seed: "0".repeat(32),
      stages: [
        { kind: "map", tasks: 4, partitions, reads: -1, outputs: [] },
        { kind: "reduce", tasks: partitions, partitions: 0, reads: 0, outputs: [{ name: "", extension: "txt" }] },
      ],
      stagingUri: pathToFileURL(join(this.directory, "staging")).href,
    };
  }

  async close(): Promise<void> {
    for (const daemon of this.#daemons) {
      daemon.kill("SIGKILL");
      await once(daemon, "exit");
    }
    await this.#server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The whole of a file as a split. */
export function splitOf(path: string, bytes: number, modifiedMs: number): Split {
  return {
    input: 0,
    parts: [{ uri: pathToFileURL(path).href, offset: 0, bytes, fileBytes: bytes, modifiedMs, codec: "none" }],
    bytes,
    hosts: [],
  };
}

/** Where a finished map attempt's segment is. */
export function placeOf(
  finished: Extract<WorkerMessage, { kind: "finished" }>,
  source: WorkerDescription,
  partition: number,
): SegmentPlace {
  const { vector, result } = finished;
  return {
    task: result.attempt.task,
    attempt: result.attempt.attempt,
    worker: source.worker,
    address: source.shuffleAddress,
    pairs: vector?.pairs[partition] ?? 0,
    rawBytes: vector?.rawBytes[partition] ?? 0,
    digest: vector?.digests[partition] ?? "",
  };
}

/** Process ids of a worker's task hosts, from its work directory. */
export function hostPids(workDirectory: string): readonly number[] {
  return readdirSync(join(workDirectory, "hosts")).flatMap((name) =>
    name.endsWith(".host") ? [Number(name.slice(0, -".host".length))] : [],
  );
}
