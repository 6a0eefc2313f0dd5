// The world of the coordinator's scripts: one machine, workers and storage that do as they are told, journals in memory.
// After every step each journal is replayed and compared with the live state (invariant I20).

import { expect } from "vitest";
import type {
  AttemptRef,
  AttemptResult,
  ClusterRecord,
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorSettings,
  Epoch,
  Incarnation,
  InputFile,
  Inventory,
  JobId,
  JobRecord,
  JobSpec,
  SegmentVector,
  SessionId,
  StepResult,
  StorageCall,
  StorageReply,
  WorkerId,
  WorkerMessage,
} from "../../../src/index.ts";
import {
  CoordinatorMachine,
  attemptUriOf,
  createPartitionSums,
  addVector,
  findTask,
  outputsOf,
  partitionSum,
  replayCluster,
  replayJob,
  splitsOf,
  vectorDigest,
} from "../../../src/index.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { printClusterRecord, printEffect, printJobRecord } from "./print-step.ts";
import { ScriptedWorker } from "./scripted-worker.ts";

/** A storage call that has not been answered. */
export interface OpenStorageCall {
  readonly job: JobId;
  readonly call: number;
  readonly request: StorageCall;
}

/** Settings of scripts: few tries, no waiting for a better place unless a script is about it. */
export const scriptSettings: Partial<CoordinatorSettings> = {
  localityWaitMs: 0,
  otherWorkerWaitMs: 1_000,
  storageTriesMax: 3,
};

/** Everything a script acts on. */
export class CoordinatorWorld {
  machine: CoordinatorMachine;
  atMs = 0;
  readonly storage = new MemoryStorage();
  readonly workers = new Map<string, ScriptedWorker>();
  readonly jobs = new Map<string, JobId>();
  readonly names = new Map<JobId, string>();
  readonly jobJournals = new Map<JobId, JobRecord[]>();
  readonly clusterJournal: ClusterRecord[] = [];
  readonly sideFile: SegmentVector[] = [];
  readonly calls: OpenStorageCall[] = [];
  /** Calls of these kinds are answered by script only. */
  readonly heldCalls = new Set<string>();
  settings: Partial<CoordinatorSettings>;
  lines: string[] = [];
  readonly #sessions = new Map<number, string>();
  readonly #sent = new Map<number, Inventory>();
  readonly #mail: { readonly session: number; readonly message: WorkerMessage }[] = [];
  #nextSession = 1;
  #nextRequest = 1;
  wakeAtMs: number | undefined;

  constructor(settings: Partial<CoordinatorSettings> = scriptSettings) {
    this.settings = settings;
    this.machine = new CoordinatorMachine({ settings });
  }

  /** Begin a reign. */
  recovered(epoch: number): void {
    this.step({ kind: "recovered", epoch: epoch as Epoch, wallMs: this.atMs });
    this.settle();
  }

  /** Step the machine, print and keep what it decided, and compare state with journals. */
  step(event: CoordinatorEvent): StepResult {
    const result = this.machine.step(this.atMs, event);
    for (const { job, record } of result.jobRecords) {
      const journal = this.jobJournals.get(job) ?? [];
      this.jobJournals.set(job, journal);
      journal.push(record);
      this.lines.push(`  ${this.names.get(job)}: ${printJobRecord(record)}`);
    }
    for (const record of result.clusterRecords) {
      this.clusterJournal.push(record);
      this.lines.push(`  cluster: ${printClusterRecord(this.names, record)}`);
    }
    for (const effect of result.effects) this.#perform(effect);
    if (result.jobRecords.length > 0 || result.clusterRecords.length > 0) this.checkReplay();
    return result;
  }

  /** Invariant I20: replay of the journals gives the live durable state. */
  checkReplay(): void {
    expect(replayCluster(this.clusterJournal)).toEqual(this.machine.cluster);
    for (const state of this.machine.jobStates())
      expect(replayJob(this.jobJournals.get(state.job) ?? [])).toEqual(state);
  }

  /** Deliver what workers said at once and answer storage, until nothing is left. */
  settle(): void {
    for (;;) {
      const mail = this.#mail.shift();
      if (mail !== undefined) {
        this.deliver(mail.session, mail.message);
        continue;
      }
      const index = this.calls.findIndex(({ request }) => !this.heldCalls.has(request.kind));
      if (index < 0) return;
      const [open] = this.calls.splice(index, 1);
      if (open !== undefined) this.replyStorage(open, this.storage.perform(open.request));
    }
  }

  /** Answer one storage call. */
  replyStorage(open: OpenStorageCall, reply: StorageReply): void {
    this.step({ kind: "storage-replied", job: open.job, call: open.call, reply, wallMs: this.atMs });
  }

  /** Submit under a script's name for the job. */
  submit(
    name: string,
    spec: JobSpec,
    files: readonly InputFile[],
    options: { readonly key?: string; readonly digest?: string } = {},
  ): void {
    const job = `job-${String(this.names.size).padStart(26, "0")}` as JobId;
    if (!this.jobs.has(name)) this.jobs.set(name, job);
    this.names.set(job, this.jobs.get(name) === job ? name : `${name}'`);
    this.storage.inputs = [
      { files, skipped: 0, unmatched: files.length === 0 ? [...(spec.inputs[0]?.patterns ?? [])] : [], refused: [] },
    ];
    const key = options.key === undefined ? {} : { idempotencyKey: options.key };
    this.step({
      kind: "submit",
      request: this.#nextRequest++,
      job,
      spec,
      specDigest: options.digest ?? "d",
      ...key,
      wallMs: this.atMs,
    });
  }

  kill(name: string, reason: string): void {
    this.step({
      kind: "kill-job",
      request: this.#nextRequest++,
      job: this.jobs.get(name) ?? (name as JobId),
      reason,
      wallMs: this.atMs,
    });
  }

  /** Connect a worker anew and register it. */
  connect(worker: ScriptedWorker): void {
    const session = this.#nextSession++;
    worker.session = session;
    this.#sessions.set(session, worker.id);
    this.workers.set(worker.id, worker);
    const inventory = worker.inventory();
    this.#sent.set(session, inventory);
    const description = { ...worker.description, freeDiskBytes: worker.freeDiskBytes };
    this.deliver(session, { kind: "register", description, inventory });
  }

  /** Say the registration again in the same session, as a worker does that waits long for its answer. */
  registerAgain(worker: ScriptedWorker): void {
    const { session } = worker;
    const inventory = session === undefined ? undefined : this.#sent.get(session);
    if (session === undefined || inventory === undefined) return;
    const description = { ...worker.description, freeDiskBytes: worker.freeDiskBytes };
    this.deliver(session, { kind: "register", description, inventory });
  }

  disconnect(worker: ScriptedWorker): void {
    const { session } = worker;
    worker.session = undefined;
    if (session !== undefined) this.step({ kind: "session-closed", session: session as SessionId });
  }

  worker(id: string): ScriptedWorker {
    const found = this.workers.get(id);
    if (found === undefined) throw new Error(`no worker ${id}`);
    return found;
  }

  /** A worker says something; `finished` goes through the side file as a driver's does. */
  say(worker: ScriptedWorker, message: WorkerMessage): void {
    if (worker.session !== undefined) this.deliver(worker.session, message);
  }

  deliver(session: number, message: WorkerMessage): void {
    const event = { kind: "worker-message", session: session as SessionId, message, wallMs: this.atMs } as const;
    if (message.kind !== "finished" || message.vector === undefined) {
      this.step(event);
      return;
    }
    const vectorAt = this.sideFile.push(message.vector) - 1;
    const { job, stage, task } = message.result.attempt;
    const state = this.machine.jobState(job);
    const accepted = state === undefined ? undefined : findTask(state, stage, task)?.accepted;
    const acceptedVector = accepted === undefined ? undefined : this.sideFile[accepted.result.vectorAt];
    this.step({ ...event, vectorAt, ...(acceptedVector === undefined ? {} : { acceptedVector }) });
  }

  /** Time passes in steps: living workers send heartbeats, ticks come when asked for. */
  pass(totalMs: number): void {
    const endMs = this.atMs + totalMs;
    let heartbeatAtMs = this.atMs + 1_000;
    while (this.atMs < endMs) {
      this.atMs = Math.max(this.atMs, Math.min(endMs, heartbeatAtMs, this.wakeAtMs ?? endMs));
      if (this.atMs >= heartbeatAtMs) {
        heartbeatAtMs += 1_000;
        for (const worker of this.workers.values())
          if (!worker.frozen)
            this.say(worker, { kind: "heartbeat", progress: [], freeDiskBytes: worker.freeDiskBytes });
      }
      if (this.wakeAtMs !== undefined && this.atMs >= this.wakeAtMs) this.tick(0);
      this.settle();
    }
  }

  tick(lateMs: number): void {
    this.wakeAtMs = undefined;
    this.step({ kind: "tick", lateMs, wallMs: this.atMs });
  }

  /** The coordinator dies and another one begins: only journals, side files, storage and workers are left. */
  restart(epoch: number): void {
    const cluster = replayCluster(this.clusterJournal);
    const jobs = [...this.jobJournals.values()]
      .flatMap((records) => replayJob(records) ?? [])
      .filter(({ swept }) => !swept);
    this.machine = new CoordinatorMachine({ cluster, jobs, settings: this.settings });
    this.restoreVectors();
    this.calls.length = 0;
    this.#mail.length = 0;
    this.wakeAtMs = undefined;
    for (const worker of this.workers.values()) worker.session = undefined;
    this.recovered(epoch);
  }

  /** Hand the machine the vectors of all accepted tasks. */
  restoreVectors(): void {
    for (const state of this.machine.jobStates()) {
      state.stages.forEach((stage, index) => {
        stage.tasks.forEach(({ accepted }, task) => {
          const vector = accepted === undefined ? undefined : this.sideFile[accepted.result.vectorAt];
          if (vector !== undefined) this.machine.restoreVector(state.job, index, task, vector);
        });
      });
    }
  }

  /** What a finished attempt reports: made from its name and variant, so that a repetition is equal. */
  result(
    ref: AttemptRef,
    options: { readonly variant?: number; readonly bad?: number } = {},
  ): { readonly result: AttemptResult; readonly vector?: SegmentVector } {
    const state = this.machine.jobState(ref.job);
    if (state === undefined) throw new Error(`no job ${ref.job}`);
    const stage = state.stages[ref.stage];
    const split = splitsOf(state, ref.stage)[ref.task];
    const partitions = stage?.plan.partitions ?? 0;
    const vector = partitions === 0 ? undefined : vectorOf(ref, partitions, options.variant ?? 0);
    // A named output has files of every other task.
    const written = outputsOf(state.spec.stages[ref.stage]).filter(({ name }) => name === "" || ref.task % 2 === 0);
    const files = written.map(({ name, extension }) => ({
      output: name,
      path: `part-${name === "" ? "main" : name}.${extension}`,
      bytes: 10 * (ref.task + 1),
      records: ref.task + 1,
      crc32: ref.task,
    }));
    for (const file of files)
      this.storage.files.set(`${attemptUriOf(state.stagingUri, ref)}/${file.path}`, { bytes: file.bytes });
    const consumed =
      split === undefined
        ? { kind: "segments" as const, ...this.written(ref) }
        : {
            kind: "splits" as const,
            ranges:
              stage?.plan.kind === "sample"
                ? []
                : split.parts.map(({ uri, offset, bytes }) => ({ uri, begin: offset, end: offset + bytes })),
            records: split.bytes,
            badRecords: options.bad ?? 0,
            bytes: split.bytes,
          };
    const run =
      vector === undefined
        ? {}
        : {
            run: {
              partitions,
              storedBytes: 100,
              pairs: sum(vector.pairs),
              rawBytes: sum(vector.rawBytes),
              vectorDigest: vectorDigest(vector),
            },
          };
    const result: AttemptResult = {
      attempt: ref,
      consumed,
      ...run,
      files,
      counters: { records: consumed.kind === "splits" ? consumed.records : consumed.pairs },
      badRecords: [],
      ...(stage?.plan.kind === "sample" ? { sample: sampleOf(ref) } : {}),
      usage: { durationMs: 1, cpuMs: 1, peakRssBytes: 1 },
    };
    return vector === undefined ? { result } : { result, vector };
  }

  /** What the accepted tasks have written for a reduce task, as its segments say. */
  written(ref: AttemptRef): {
    readonly maps: number;
    readonly pairs: number;
    readonly rawBytes: number;
    readonly digest: string;
  } {
    const state = this.machine.jobState(ref.job);
    const producer = state?.stages[state.stages[ref.stage]?.plan.reads ?? -1];
    const sums = createPartitionSums(producer?.plan.partitions ?? 0);
    producer?.tasks.forEach(({ accepted }, task) => {
      const vector = accepted === undefined ? undefined : this.sideFile[accepted.result.vectorAt];
      if (vector !== undefined) addVector(sums, task, vector);
    });
    return partitionSum(sums, ref.task);
  }

  #perform(effect: CoordinatorEffect): void {
    const line = printEffect(this.names, this.#sessions, effect);
    if (line !== undefined) this.lines.push(`  ${line}`);
    if (effect.kind === "wake") this.wakeAtMs = effect.atMs;
    if (effect.kind === "storage") this.calls.push({ job: effect.job, call: effect.call, request: effect.request });
    if (effect.kind === "close-session") {
      for (const worker of this.workers.values()) if (worker.session === effect.session) worker.session = undefined;
    }
    if (effect.kind !== "send") return;
    const worker = [...this.workers.values()].find(({ session }) => session === effect.session);
    if (worker === undefined || worker.frozen) return;
    for (const message of worker.obey(effect.message, this.#sent.get(effect.session)))
      this.#mail.push({ session: effect.session, message });
  }
}

/** What a sample task tells: three keys, the first common to all. */
function sampleOf(ref: AttemptRef): readonly string[] {
  const task = ref.task.toString(16).padStart(2, "0");
  return ["10", `20${task}`, `30${task}`];
}

/** The vector of an attempt: the same for each attempt of a task, unless the variant differs. */
function vectorOf(ref: AttemptRef, partitions: number, variant: number): SegmentVector {
  const indexes = Array.from({ length: partitions }, (_, partition) => partition);
  return {
    pairs: indexes.map((partition) => ref.task + partition + variant),
    rawBytes: indexes.map((partition) => 100 * (ref.task + partition + variant)),
    digests: indexes.map((partition) =>
      ((ref.stage + 1) * 1_000_000 + ref.task * 1_000 + partition * 10 + variant).toString(16).padStart(16, "0"),
    ),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Make the description of a scripted worker. */
export function describeWorker(
  id: string,
  options: {
    readonly slots?: number;
    readonly host?: string;
    readonly rack?: string;
    readonly incarnation?: number;
    readonly node?: number;
    readonly disk?: number;
  },
): ScriptedWorker {
  return new ScriptedWorker({
    worker: id as WorkerId,
    incarnation: (options.incarnation ?? 1) as Incarnation,
    host: options.host ?? id,
    rack: options.rack ?? "/default-rack",
    slots: options.slots ?? 1,
    shuffleAddress: `${id}:${7000 + (options.incarnation ?? 1)}`,
    freeDiskBytes: options.disk ?? 1e12,
    dataVersions: [1],
    nodeMajor: options.node ?? 24,
    protocols: [1],
  });
}
