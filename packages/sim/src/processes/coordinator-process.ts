// A simulated coordinator daemon: the real CoordinatorMachine behind a driver that keeps the real one's promise of
// order: drain the queue, step all events, make the job journals durable, then the cluster's, then perform effects.

import { attemptName } from "@millrace/core";
import type {
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorMachine,
  CoordinatorMessage,
  JobId,
  JobSpec,
  RequestReply,
  SessionId,
  StepResult,
  WorkerMessage,
} from "@millrace/core";
import type { Checker } from "../checkers/checker.ts";
import { StateDirectory } from "../disk/state-directory.ts";
import { printLine } from "../disk/journal-file.ts";
import type { ControlListener, ControlNetwork } from "../network/control-network.ts";
import type { FetchNetwork } from "../network/fetch-network.ts";
import { ProcessLife } from "../process-life.ts";
import type { Simulation } from "../simulation.ts";
import type { StorageModel } from "../storage/storage-model.ts";
import { acceptedVectorOf, makeBrief, makePlaces } from "./coordinator-lookups.ts";
import { openReign } from "./open-reign.ts";
import { printCoordinatorEvent } from "./print-events.ts";

/** What a coordinator lives among. */
export interface CoordinatorSurroundings {
  readonly world: Simulation;
  readonly control: ControlNetwork;
  readonly fetches: FetchNetwork;
  readonly storage: StorageModel;
  readonly checker: Checker;
}

interface Peer {
  readonly send: (message: CoordinatorMessage) => void;
  readonly close: () => void;
}

/** The coordinator over all its reigns. */
export class CoordinatorProcess implements ControlListener {
  readonly process: ProcessLife;
  readonly directory = new StateDirectory();
  /** Set by a fault that waits for a journal that is written and not yet synced. */
  crashInSync: (() => void) | undefined;
  private readonly at: CoordinatorSurroundings;
  private readonly world: Simulation;
  private machine: CoordinatorMachine | undefined;
  private queue: CoordinatorEvent[] = [];
  private busy = false;
  private readonly peers = new Map<SessionId, Peer>();
  private readonly requests = new Map<number, (reply: RequestReply) => void>();
  private nextRequest = 1;
  private wakeNumber = 0;
  private wakeAtMs = 0;

  constructor(surroundings: CoordinatorSurroundings) {
    this.at = surroundings;
    this.world = surroundings.world;
    this.process = new ProcessLife(this.world, "coordinator");
    surroundings.control.listener = this;
  }

  /** Start the process: replay the journals, begin a reign. */
  start(): void {
    this.at.checker.trouble.noteEverywhere();
    this.process.begin();
    this.queue = [];
    this.busy = false;
    this.peers.clear();
    this.requests.clear();
    const opened = openReign(this.world, this.directory);
    this.machine = opened.machine;
    this.world.note(`coordinator starts, epoch ${opened.epoch}, ${opened.liveJobs} live jobs`);
    this.at.checker.restarted(this.directory, opened.epoch);
    this.enqueue({ kind: "recovered", epoch: opened.epoch, wallMs: this.world.wallMs });
  }

  /** The process dies; journals keep what was synced, and some of the rest. */
  crash(): void {
    if (!this.process.up) return;
    this.world.note("coordinator dies");
    this.process.end();
    this.machine = undefined;
    this.directory.crash(this.world, this.world.stream("journal-crash"));
    this.at.control.reset(() => true);
  }

  onOpened(session: SessionId, send: (message: CoordinatorMessage) => void, close: () => void): void {
    this.peers.set(session, { send, close });
  }

  onMessage(session: SessionId, message: WorkerMessage): void {
    this.enqueue({ kind: "worker-message", session, message, wallMs: this.world.wallMs });
  }

  onClosed(session: SessionId): void {
    this.peers.delete(session);
    this.enqueue({ kind: "session-closed", session });
  }

  /** A client submits. The reply comes at most once: never when the process dies before. */
  submit(job: JobId, spec: JobSpec, key: string | undefined, reply: (reply: RequestReply) => void): void {
    const request = this.nextRequest++;
    this.requests.set(request, reply);
    const keyed = key === undefined ? {} : { idempotencyKey: key };
    this.enqueue({
      kind: "submit",
      request,
      job,
      spec,
      specDigest: `digest-${spec.output.uri}`,
      ...keyed,
      wallMs: this.world.wallMs,
    });
  }

  kill(job: JobId, reply: (reply: RequestReply) => void): void {
    const request = this.nextRequest++;
    this.requests.set(request, reply);
    this.enqueue({ kind: "kill-job", request, job, reason: "the client asked", wallMs: this.world.wallMs });
  }

  /** The machine of the present reign, for checkers. */
  get reigning(): CoordinatorMachine | undefined {
    return this.machine;
  }

  private enqueue(event: CoordinatorEvent): void {
    this.queue.push(event);
    this.pump();
  }

  private pump(): void {
    if (this.busy || this.queue.length === 0 || this.machine === undefined) return;
    this.busy = true;
    // Queued messages go before expiries: what a late tick would draw may be known better by then.
    const events = [
      ...this.queue.filter(({ kind }) => kind !== "tick"),
      ...this.queue.filter(({ kind }) => kind === "tick"),
    ];
    this.queue = [];
    const withVectors = events.map((event) => this.storeVector(event));
    if (withVectors.every((event, index) => event === events[index])) return this.stepAll(withVectors);
    this.afterSync(() => {
      for (const directory of this.directory.jobs.values()) directory.syncedVectors = directory.vectors.length;
      this.stepAll(withVectors);
    });
  }

  /** Append a finished attempt's vector to its job's side file, and look up the accepted one. */
  private storeVector(event: CoordinatorEvent): CoordinatorEvent {
    if (event.kind !== "worker-message" || event.message.kind !== "finished" || event.message.vector === undefined)
      return event;
    const { job } = event.message.result.attempt;
    const directory = this.directory.jobs.get(job);
    if (directory === undefined) return event;
    directory.vectors.push(event.message.vector);
    return { ...event, vectorAt: directory.vectors.length - 1 };
  }

  private stepAll(events: readonly CoordinatorEvent[]): void {
    const { machine } = this;
    if (machine === undefined) return;
    const results: StepResult[] = [];
    for (const event of events) {
      const looked = this.lookUp(machine, event);
      this.world.note(`coordinator < ${printCoordinatorEvent(looked)}`);
      const result = machine.step(this.world.nowMs, looked);
      this.at.checker.stepped(looked, result, machine);
      results.push(result);
    }
    this.persist(results);
  }

  private lookUp(machine: CoordinatorMachine, event: CoordinatorEvent): CoordinatorEvent {
    if (event.kind !== "tick") return acceptedVectorOf(machine, this.directory, event);
    const lateMs = Math.max(0, this.world.nowMs - this.wakeAtMs);
    if (lateMs > 2_000) this.world.marks.hit("late-tick");
    return { ...event, lateMs };
  }

  private persist(results: readonly StepResult[]): void {
    const jobs = new Set<string>();
    const clusterRecords = results.flatMap((result) => result.clusterRecords);
    for (const { job, record } of results.flatMap((result) => result.jobRecords)) {
      const line = printLine(record);
      this.world.note(`journal ${job.slice(4, 8)} ${line.slice(9, 320).trimEnd()}`);
      this.directory.job(job).journal.append(line);
      jobs.add(job);
    }
    const ends = [...jobs].map(
      (job) => [this.directory.job(job).journal, this.directory.job(job).journal.length] as const,
    );
    this.afterSyncOf(ends.length > 0, () => {
      for (const [journal, end] of ends) journal.sync(end);
      for (const record of clusterRecords) {
        this.world.note(`journal cluster ${JSON.stringify(record).slice(0, 120)}`);
        this.directory.cluster.append(printLine(record));
      }
      const end = this.directory.cluster.length;
      this.afterSyncOf(clusterRecords.length > 0, () => {
        this.directory.cluster.sync(end);
        for (const result of results) for (const effect of result.effects) this.perform(effect);
        this.busy = false;
        this.pump();
      });
    });
  }

  private afterSyncOf(needed: boolean, act: () => void): void {
    if (needed) this.afterSync(act);
    else act();
  }

  private afterSync(act: () => void): void {
    const syncMs = this.world.stream("sync").delayMs(this.world.options.syncMs);
    const crash = this.crashInSync;
    this.crashInSync = undefined;
    // Added first, so that it comes before the sync when both come at one time.
    if (crash !== undefined) this.process.after(syncMs / 2, crash);
    this.process.after(syncMs, act);
  }

  private perform(effect: CoordinatorEffect): void {
    const { machine, directory } = this;
    if (machine === undefined) return;
    switch (effect.kind) {
      case "send":
        return this.send(effect.session, effect.message);
      case "send-brief":
        return this.send(effect.session, makeBrief(machine, effect.job));
      case "send-places":
        return this.send(effect.session, makePlaces(directory, effect));
      case "close-session":
        this.peers.get(effect.session)?.close();
        return;
      case "probe-worker":
        return this.probe(effect);
      case "storage":
        return this.callStorage(effect);
      case "reply":
        this.at.checker.replied(effect.reply);
        this.requests.get(effect.request)?.(effect.reply);
        this.requests.delete(effect.request);
        return;
      case "wake":
        return this.wake(effect.atMs);
      case "discard-job":
        this.at.checker.discarded(effect.job);
        directory.jobs.delete(effect.job);
        return;
      case "job-changed":
        return;
    }
  }

  private send(session: SessionId, message: CoordinatorMessage | undefined): void {
    if (message === undefined) return;
    this.at.checker.spoke(message);
    this.world.note(
      `coordinator > ${session} ${message.kind}${"attempt" in message ? ` ${attemptName(message.attempt)}` : ""}`,
    );
    this.peers.get(session)?.send(message);
  }

  private probe(effect: Extract<CoordinatorEffect, { kind: "probe-worker" }>): void {
    const { life } = this.process;
    this.at.fetches.probe(effect.address, (answer) => {
      this.process.deliver(life, () =>
        this.enqueue({ kind: "worker-probed", worker: effect.worker, incarnation: effect.incarnation, answer }),
      );
    });
  }

  private callStorage(effect: Extract<CoordinatorEffect, { kind: "storage" }>): void {
    const { life } = this.process;
    this.at.checker.storageAsked(effect.job, effect.request);
    this.at.storage.call(effect.job, effect.request, (reply) => {
      this.process.deliver(life, () =>
        this.enqueue({ kind: "storage-replied", job: effect.job, call: effect.call, reply, wallMs: this.world.wallMs }),
      );
    });
  }

  private wake(atMs: number): void {
    this.wakeAtMs = atMs;
    const number = ++this.wakeNumber;
    this.process.at(atMs, () => {
      if (number !== this.wakeNumber) return;
      this.enqueue({ kind: "tick", lateMs: 0, wallMs: this.world.wallMs });
    });
  }
}
