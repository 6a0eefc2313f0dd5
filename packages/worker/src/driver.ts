// The worker's driver: turns what happens into events, steps the machine, performs its effects in order. It decides
// nothing: what to run, fetch, stop, tell or delete is the machine's, and how long to wait for anything is too.

import {
  attemptKey,
  attemptUriOf,
  errorEntry,
  isMillraceError,
  type AttemptFailure,
  type AttemptRef,
  type HeldSegments,
  type JobBrief,
  type JobId,
  type SegmentPlace,
  type SideFile,
  type WorkerDescription,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerMachine,
} from "@millrace/core";
import {
  awaitFailpoint,
  type AttemptOrder,
  type Clock,
  type ControlChannel,
  type SegmentSource,
  type TaskExecutor,
  type Timer,
  type WorkerSession,
} from "@millrace/ports";
import { FetchTable } from "./fetch-table.ts";
import { GatherTally } from "./gather-tally.ts";
import { JobQueues } from "./job-queues.ts";
import type { WorkerDisk } from "./worker-disk.ts";

/** Segments as the driver handles them. */
export interface SegmentWork {
  readonly source: SegmentSource;
  openJob(job: JobId, key: string): void;
  closeJob(job: JobId): void;
  verifyRun(source: AttemptRef): Promise<boolean>;
}

/** The outside of a driver. */
export interface WorkerDriverPorts {
  readonly machine: Pick<WorkerMachine, "step">;
  readonly clock: Clock;
  readonly channel: ControlChannel;
  readonly executor: TaskExecutor;
  readonly segments: SegmentWork;
  readonly disk: WorkerDisk;
  /** Wait before the next try to connect, in ms. @param failures tries that failed since the last session. */
  readonly reconnectDelayMs: (failures: number) => number;
  /** Time between two looks at the free disk, in ms. */
  readonly measureMs: number;
  /** The machine wants the process to end, with a code of the error table. */
  readonly onExit: (code: string, message: string) => void;
  /** For the log: a session began, ended, or could not be had. */
  readonly onSession: (what: "connected" | "closed" | "unreachable", reason: string) => void;
}

type LaunchEffect = Extract<WorkerEffect, { kind: "run-map" | "run-sample" | "run-reduce" }>;

/** Drives one life of a worker. */
export class WorkerDriver {
  readonly #ports: WorkerDriverPorts;
  readonly #queue: WorkerEvent[] = [];
  readonly #briefs = new Map<JobId, JobBrief>();
  /** Preparations by job: launches wait for them. */
  readonly #prepared = new Map<JobId, Promise<AttemptFailure | undefined>>();
  /** Attempts that wait for a preparation; taken out when they are stopped meanwhile. */
  readonly #starting = new Set<string>();
  readonly #fetches = new FetchTable();
  readonly #gathered = new GatherTally();
  /** Key ranges in bytes, kept as long as the machine keeps what they are made from. */
  readonly #cuts = new WeakMap<readonly string[], readonly Uint8Array[]>();
  readonly #jobs = new JobQueues();
  #session: WorkerSession | undefined;
  #failures = 0;
  /** A session stood once in this life. */
  #welcome = false;
  #stepping = false;
  #stopped = false;
  #wake: Timer | undefined;
  #measure: Timer | undefined;
  #reconnect: Timer | undefined;

  constructor(ports: WorkerDriverPorts) {
    this.#ports = ports;
  }

  /** Begin: tell the machine what there is, then connect for as long as the driver lives. */
  start(description: WorkerDescription, held: readonly HeldSegments[]): void {
    this.#take({ kind: "started", description, held });
    this.#measureLater();
    void this.#connect();
  }

  /** Stop: take no more events, end attempts and the session. What is on disk stays. Resolves when nothing runs. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of [this.#wake, this.#measure, this.#reconnect]) timer?.cancel();
    this.#session?.close();
    await this.#ports.executor.close();
    await this.#jobs.idle();
  }

  #take(event: WorkerEvent): void {
    if (this.#stopped) return;
    this.#queue.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const effects = this.#ports.machine.step(this.#ports.clock.monotonicMs(), next);
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#stepping = false;
    }
  }

  #perform(effect: WorkerEffect): void {
    switch (effect.kind) {
      case "send":
        return this.#session?.send(effect.message);
      case "prepare-job":
        return this.#prepareJob(effect.brief);
      case "run-map":
      case "run-sample":
      case "run-reduce":
        return void this.#launch(effect);
      case "stop-attempt":
        return this.#stopAttempt(effect.attempt);
      case "fetch":
        return this.#fetch(effect.reader, effect.place);
      case "cancel-fetches":
        return this.#fetches.cancel(effect.reader, effect.tasks);
      case "verify-run":
        return void this.#verifyRun(effect.source);
      case "delete-run":
        return this.#file(effect.attempt.job, () => this.#ports.disk.deleteRun(effect.attempt));
      case "delete-gathered":
        return this.#deleteGathered(effect.reader);
      case "delete-job":
        return this.#deleteJob(effect.job);
      case "disconnect":
        return this.#endSession(this.#session, effect.reason);
      case "exit":
        return this.#ports.onExit(effect.code, effect.message);
      case "wake":
        return this.#wakeAt(effect.atMs);
    }
  }

  // Sessions

  async #connect(): Promise<void> {
    if (this.#stopped) return;
    let session: WorkerSession | undefined;
    let closed: string | undefined;
    try {
      await awaitFailpoint("worker.beforeRegister");
      session = await this.#ports.channel.connect({
        onMessage: (message) => {
          if (session === undefined || session === this.#session) this.#take({ kind: "message", message });
        },
        onClosed: (reason) => {
          closed = reason;
          this.#endSession(session, reason);
        },
      });
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#ports.onSession("unreachable", reason);
      // A wrong token or another release does not mend by itself: the error table says so. One that was right before may
      // just be in the making anew.
      const final = isMillraceError(thrown) && !errorEntry(thrown.code).retry && !this.#welcome;
      if (final) return this.#ports.onExit(thrown.code, reason);
      return this.#connectLater();
    }
    if (this.#stopped) return session.close();
    if (closed !== undefined) {
      this.#ports.onSession("unreachable", closed);
      return this.#connectLater();
    }
    this.#failures = 0;
    this.#session = session;
    this.#welcome = true;
    this.#ports.onSession("connected", "");
    this.#take({ kind: "connected" });
  }

  #endSession(session: WorkerSession | undefined, reason: string): void {
    if (session === undefined || session !== this.#session) return;
    this.#session = undefined;
    session.close();
    this.#ports.onSession("closed", reason);
    this.#take({ kind: "disconnected" });
    this.#connectLater();
  }

  #connectLater(): void {
    if (this.#stopped) return;
    const { clock, reconnectDelayMs } = this.#ports;
    this.#reconnect?.cancel();
    this.#reconnect = clock.callAt(clock.monotonicMs() + reconnectDelayMs(this.#failures), () => void this.#connect());
    this.#failures += 1;
  }

  // Jobs

  #prepareJob(told: JobBrief): void {
    const { segments } = this.#ports;
    const brief = withTokens(told, this.#briefs.get(told.job));
    this.#briefs.set(brief.job, brief);
    segments.openJob(brief.job, brief.shuffleKey);
    void this.#prepare(brief);
  }

  /** Prepare a job, and forget a preparation that failed: the next attempt tries anew. */
  #prepare(brief: JobBrief): Promise<AttemptFailure | undefined> {
    const { disk, channel } = this.#ports;
    const work: Promise<AttemptFailure | undefined> = this.#jobs
      .run(brief.job, () => disk.prepareJob(brief, (sha256) => channel.fetchBundle(brief.job, sha256)))
      .then(
        () => undefined,
        (thrown: unknown) => {
          if (this.#prepared.get(brief.job) === work) this.#prepared.delete(brief.job);
          return describeFailure(brief.job, thrown);
        },
      );
    this.#prepared.set(brief.job, work);
    return work;
  }

  #deleteJob(job: JobId): void {
    const { disk, executor, segments } = this.#ports;
    executor.forgetJob(job);
    this.#briefs.delete(job);
    this.#prepared.delete(job);
    this.#file(job, async () => {
      for (const gone of await disk.deleteJob(job)) if (!this.#briefs.has(gone)) segments.closeJob(gone);
    });
  }

  /** Do something to a job's files, after what was asked before. */
  #file(job: JobId, step: () => Promise<void>): void {
    void this.#jobs.run(job, step);
  }

  // Attempts

  async #launch(effect: LaunchEffect): Promise<void> {
    const { attempt } = effect;
    const key = attemptKey(attempt);
    this.#starting.add(key);
    const failure = await this.#preparation(attempt.job);
    await awaitFailpoint("worker.beforeLaunch");
    // Stopped while it waited: that has been told.
    if (!this.#starting.delete(key) || this.#stopped) return;
    const brief = this.#briefs.get(attempt.job);
    if (failure !== undefined || brief === undefined) {
      return this.#take({ kind: "attempt-failed", attempt, failure: failure ?? jobGone(attempt) });
    }
    this.#ports.executor.start(this.#orderOf(effect, brief), {
      onProgress: (progress) => this.#take({ kind: "attempt-progress", progress }),
      onFinished: (result, vector) =>
        void this.#report({
          kind: "attempt-finished",
          result: this.#gathered.counted(result),
          ...(vector === undefined ? {} : { vector }),
        }),
      onFailed: (reason) => void this.#report({ kind: "attempt-failed", attempt, failure: reason }),
      onStopped: () => this.#take({ kind: "attempt-stopped", attempt }),
    });
  }

  #preparation(job: JobId): Promise<AttemptFailure | undefined> | undefined {
    const brief = this.#briefs.get(job);
    return this.#prepared.get(job) ?? (brief === undefined ? undefined : this.#prepare(brief));
  }

  async #report(event: WorkerEvent): Promise<void> {
    await awaitFailpoint("worker.beforeReport");
    this.#take(event);
    await awaitFailpoint("worker.afterReport");
  }

  #orderOf(effect: LaunchEffect, brief: JobBrief): AttemptOrder {
    const { disk } = this.#ports;
    const { attempt } = effect;
    const stage = brief.stages[attempt.stage];
    const reads = stage?.reads ?? 0;
    return {
      attempt,
      brief,
      bundlePath: disk.bundlePath(attempt.job),
      ...(brief.files === undefined ? {} : { filePaths: this.#filePaths(brief.job, brief.files) }),
      scratchPath: disk.scratchPath(attempt),
      outputUri: attemptUriOf(brief.stagingUri, attempt),
      logPath: disk.logPath(attempt),
      ...(stage !== undefined && stage.partitions > 0 ? { runPath: disk.runPath(attempt) } : {}),
      ...(effect.kind === "run-map" && effect.cuts !== undefined ? { cuts: this.#cutsOf(effect.cuts) } : {}),
      work: this.#workOf(effect, reads),
    };
  }

  #workOf(effect: LaunchEffect, reads: number): AttemptOrder["work"] {
    const { disk } = this.#ports;
    switch (effect.kind) {
      case "run-map":
        return { kind: "map", split: effect.split };
      case "run-sample":
        return { kind: "sample", split: effect.split, keysMax: effect.keysMax };
      case "run-reduce":
        return {
          kind: "reduce",
          partition: effect.attempt.task,
          segments: effect.segments.map((segment) => disk.segmentInput(effect.attempt, segment, reads)),
        };
    }
  }

  /** Cuts as bytes: the machine has one array of them for all attempts of a stage. */
  #cutsOf(hex: readonly string[]): readonly Uint8Array[] {
    let cuts = this.#cuts.get(hex);
    if (cuts === undefined) this.#cuts.set(hex, (cuts = hex.map((cut) => Buffer.from(cut, "hex"))));
    return cuts;
  }

  #filePaths(job: JobId, files: readonly SideFile[]): Readonly<Record<string, string>> {
    return Object.fromEntries(files.map(({ name, sha256 }) => [name, this.#ports.disk.sideFilePath(job, sha256)]));
  }

  #stopAttempt(attempt: AttemptRef): void {
    if (this.#starting.delete(attemptKey(attempt))) this.#take({ kind: "attempt-stopped", attempt });
    else this.#ports.executor.stop(attempt);
  }

  // Segments

  #fetch(reader: AttemptRef, place: SegmentPlace): void {
    const { task, attempt } = place;
    this.#fetches.start(
      { reader, task },
      (signal) => this.#bring(reader, place, signal),
      (outcome) => {
        if (outcome.kind === "fetched") {
          this.#gathered.add(reader, outcome);
          this.#take({ kind: "fetched", reader, task, attempt, bytes: outcome.bytes });
        } else if (outcome.kind === "failed")
          this.#take({ kind: "fetch-failed", reader, task, attempt, reason: outcome.reason });
        else this.#take({ kind: "fetch-failed", reader, task, attempt, reason: "missing", local: outcome.failure });
      },
    );
  }

  async #bring(reader: AttemptRef, place: SegmentPlace, signal: AbortSignal): ReturnType<SegmentSource["fetch"]> {
    const { disk, segments } = this.#ports;
    const brief = this.#briefs.get(reader.job);
    if (brief === undefined) return { kind: "failed", reason: "missing", message: "The reader's job is over" };
    try {
      await awaitFailpoint("worker.beforeFetch");
      if (signal.aborted) return { kind: "failed", reason: "unreachable", message: "The fetch was cancelled" };
      await disk.prepareGather(reader);
    } catch (thrown) {
      return { kind: "local", failure: describeFailure(reader.job, thrown) };
    }
    const source = {
      job: reader.job,
      stage: brief.stages[reader.stage]?.reads ?? 0,
      task: place.task,
      attempt: place.attempt,
    };
    const outcome = await segments.source.fetch(
      {
        reader,
        source,
        partition: reader.task,
        place,
        shuffleKey: brief.shuffleKey,
        path: disk.segmentPath(reader, place),
      },
      signal,
    );
    await awaitFailpoint("worker.afterFetch");
    return outcome;
  }

  #deleteGathered(reader: AttemptRef): void {
    this.#gathered.forget(reader);
    this.#file(reader.job, async () => {
      await this.#fetches.quiet(reader);
      await this.#ports.disk.deleteGathered(reader);
    });
  }

  async #verifyRun(source: AttemptRef): Promise<void> {
    const intact = await this.#ports.segments.verifyRun(source);
    this.#take({ kind: "run-verified", source, intact });
  }

  // Time

  #wakeAt(atMs: number): void {
    this.#wake?.cancel();
    this.#wake = this.#ports.clock.callAt(atMs, () => this.#take({ kind: "tick" }));
  }

  #measureLater(): void {
    const { clock, disk, measureMs } = this.#ports;
    if (this.#stopped) return;
    this.#measure = clock.callAt(clock.monotonicMs() + measureMs, () => {
      // A disk that cannot be asked has no room: nothing should be gathered onto it.
      const measured = disk.freeBytes().catch(() => 0);
      void measured.then((freeDiskBytes) => {
        this.#take({ kind: "disk-measured", freeDiskBytes });
        this.#measureLater();
      });
    });
  }
}

/** The bundle or the directory of a job could not be had: whose fault that is stands in the error's code. */
function describeFailure(job: JobId, thrown: unknown): AttemptFailure {
  if (isMillraceError(thrown)) return { code: thrown.code, message: thrown.message };
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "E_UNREACHABLE", message: `Cannot prepare job "${job}": ${reason}; another attempt tries again` };
}

function jobGone(attempt: AttemptRef): AttemptFailure {
  return { code: "E_KILLED", message: `Cannot start attempt "${attemptKey(attempt)}": its job is over` };
}

/** A coordinator that has just started may have no tokens yet: those of the brief before serve until they end. */
function withTokens(brief: JobBrief, before: JobBrief | undefined): JobBrief {
  const storageTokens = { ...before?.storageTokens, ...brief.storageTokens };
  return Object.keys(storageTokens).length === 0 ? brief : { ...brief, storageTokens };
}
