// The coordinator's driver: it turns what happens into events, steps the machine, makes the records durable, and then
// performs the effects. It decides nothing.
//
//   queue → (vectors synced) → step all → job journals, one write and one sync each → cluster journal → effects in order
//
// Where nobody outlives this process, the writes and syncs wait for a batch that changes storage.

import type {
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorMachine,
  CoordinatorMessage,
  JobId,
  RequestId,
  RequestReply,
  SegmentPlace,
  SegmentVector,
  SessionId,
  StorageCall,
  StorageReply,
  WorkerMessage,
} from "@millrace/core";
import { MillraceError, findTask, invariant, isLastingCall, jobBrief, limits } from "@millrace/core";
import type { Clock, CoordinatorSession, SessionListener, Timer } from "@millrace/ports";
import { awaitFailpoint } from "@millrace/ports";
import type { JobBook } from "./job-book.ts";
import type { CollectedRecords } from "./collect-records.ts";
import { collectRecords } from "./collect-records.ts";

/** What the driver needs of the machine. */
export type SteppedMachine = Pick<CoordinatorMachine, "step" | "jobState">;

/** The outside of a driver. */
export interface DriverPorts {
  readonly clock: Clock;
  readonly machine: SteppedMachine;
  readonly book: JobBook;
  /** Perform one storage step; never rejects. */
  readonly performStorage: (call: StorageCall, job: JobId) => Promise<StorageReply>;
  /** Delegation tokens that workers get with the brief; undefined when there are none. */
  readonly tokensOf?: (job: JobId) => Readonly<Record<string, string>> | undefined;
  /** Try to connect to an address. */
  readonly probe: (address: string) => Promise<"alive" | "refused" | "unknown">;
  /** Something about a job changed. */
  readonly onJobChanged: (job: JobId) => void;
  /** Nothing came of a submission. */
  readonly onDiscarded?: (job: JobId) => void;
  /** The coordinator cannot go on: a journal failed, or a bug showed. Nothing more is performed. */
  readonly onFatal: (thrown: unknown) => void;
}

/** A step of local storage takes milliseconds; one that takes longer than this may never come back. */
const storageRestMsMax = 5_000;

type SubmitEvent = Extract<CoordinatorEvent, { kind: "submit" }>;
/** An event whose wall-clock time the driver adds. */
type Unstamped<Event> = Event extends { readonly wallMs: number } ? Omit<Event, "wallMs"> : Event;

/** Drives one reign. */
export class CoordinatorDriver implements SessionListener {
  readonly #ports: DriverPorts;
  readonly #queue: CoordinatorEvent[] = [];
  readonly #sessions = new Map<SessionId, CoordinatorSession>();
  readonly #requests = new Map<RequestId, (reply: RequestReply) => void>();
  /** Storage steps under way. */
  readonly #storage = new Set<Promise<void>>();
  #nextRequest: RequestId = 1;
  #draining: Promise<void> | undefined;
  #wake: { readonly atMs: number; readonly timer: Timer } | undefined;
  /** When the last tick was asked for. */
  #tickAskedMs = 0;
  #stopped = false;
  #failed = false;
  /** Jobs of which something was decided that is not durable yet, and when it will be. */
  #undurable: ReadonlySet<JobId> = new Set();
  /** Messages that wait or are in hand, by session, and what those wait for who have too many. */
  readonly #backlog = new Map<SessionId, number>();
  #room: PromiseWithResolvers<void> | undefined;
  #durable: Promise<void> = Promise.resolve();

  constructor(ports: DriverPorts) {
    this.#ports = ports;
  }

  /** Submit a job whose files are in the book already. @returns the machine's answer, once it is durable. */
  async submit(event: Omit<Unstamped<SubmitEvent>, "kind" | "request">): Promise<RequestReply> {
    return this.#request((request) => ({ kind: "submit", request, wallMs: this.#ports.clock.wallMs(), ...event }));
  }

  /** Ask to end a job. */
  async kill(job: JobId, reason: string): Promise<RequestReply> {
    return this.#request((request) => ({ kind: "kill-job", request, job, reason, wallMs: this.#ports.clock.wallMs() }));
  }

  /**
   * Look at the machine when all that it decided of a job, or of any job without one, is durable: what a client has seen
   * must be so after a crash too.
   * @throws {MillraceError} E_UNREACHABLE when it will never be.
   */
  async look<Seen>(job: JobId | undefined, look: () => Seen): Promise<Seen> {
    for (;;) {
      if (this.#failed)
        throw new MillraceError(
          "E_UNREACHABLE",
          "Cannot answer: the coordinator cannot go on, and ends; see its log, and start it again",
        );
      const wait = job === undefined ? this.#undurable.size > 0 : this.#undurable.has(job);
      if (!wait) return look();
      await this.#durable;
    }
  }

  /** Give the machine something that happened. */
  enqueue(event: Unstamped<CoordinatorEvent>): void {
    if (this.#stopped) return;
    this.#queue.push({ wallMs: this.#ports.clock.wallMs(), ...event } as CoordinatorEvent);
    this.#draining ??= this.#drain();
  }

  onOpened(session: SessionId, peer: CoordinatorSession): void {
    this.#sessions.set(session, peer);
  }

  onMessage(session: SessionId, message: WorkerMessage): void {
    if (!this.#stopped) this.#backlog.set(session, (this.#backlog.get(session) ?? 0) + 1);
    this.enqueue({ kind: "worker-message", session, message });
  }

  whenRoom(session: SessionId): Promise<void> | undefined {
    if ((this.#backlog.get(session) ?? 0) < limits.sessionMessagesWaitingMax) return undefined;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  onClosed(session: SessionId): void {
    this.#sessions.delete(session);
    this.enqueue({ kind: "session-closed", session });
  }

  /** Take no more events; resolves when the batch in hand is done. Jobs go on when a next reign recovers them. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.timer.cancel();
    await this.#draining;
    await this.#storageAtRest();
    for (const peer of this.#sessions.values()) peer.close();
    for (const answer of this.#requests.values())
      answer({
        kind: "refused",
        code: "E_UNREACHABLE",
        message: "Cannot answer: the coordinator is stopping; try again when it is back",
      });
    this.#requests.clear();
  }

  async #request(event: (request: RequestId) => CoordinatorEvent): Promise<RequestReply> {
    const request = this.#nextRequest;
    this.#nextRequest += 1;
    return new Promise((resolve) => {
      this.#requests.set(request, resolve);
      this.enqueue(event(request));
      if (this.#stopped)
        resolve({
          kind: "refused",
          code: "E_UNREACHABLE",
          message: "Cannot answer: the coordinator is stopping; try again when it is back",
        });
    });
  }

  async #drain(): Promise<void> {
    try {
      // What arrives in the same turn of the loop is one batch, and so one sync.
      await Promise.resolve();
      while (this.#queue.length > 0) {
        await this.#batch(this.#queue.splice(0));
        this.#makeRoom();
      }
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#draining = undefined;
      this.#makeRoom();
    }
  }

  #fail(thrown: unknown): void {
    this.#stopped = true;
    this.#failed = true;
    this.#queue.length = 0;
    this.#ports.onFatal(thrown);
  }

  /** A batch is done: what counts is what came meanwhile. */
  #makeRoom(): void {
    this.#backlog.clear();
    for (const event of this.#queue)
      if (event.kind === "worker-message")
        this.#backlog.set(event.session, (this.#backlog.get(event.session) ?? 0) + 1);
    this.#room?.resolve();
    this.#room = undefined;
  }

  async #batch(events: readonly CoordinatorEvent[]): Promise<void> {
    const { clock, machine, book } = this.#ports;
    const stored = events.map((event) => this.#storeVector(event));
    await book.syncVectors();
    const atMs = clock.monotonicMs();
    // Queued messages go before expiries: a lease may have been renewed while a tick waited for a slow sync.
    const ordered = [...stored.filter(({ kind }) => kind !== "tick"), ...stored.filter(({ kind }) => kind === "tick")];
    const results = ordered.map((event) => machine.step(atMs, this.#addAccepted(this.#addLateness(event, atMs))));
    await this.#write(collectRecords(results));
    if (
      results.some(({ effects }) =>
        effects.some((effect) => effect.kind === "storage" && isLastingCall(effect.request)),
      )
    )
      await book.beforeChanges();
    await awaitFailpoint("coordinator.beforeEffects");
    for (const effect of results.flatMap(({ effects }) => effects)) if (!this.#failed) await this.#perform(effect);
  }

  /** Make the records of a batch durable: jobs first, as the cluster's record is what makes a submission. */
  async #write({ jobRecords, clusterRecords }: CollectedRecords): Promise<void> {
    const { book } = this.#ports;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#undurable = new Set(jobRecords.map(([job]) => job));
    this.#durable = promise;
    try {
      const ends = jobRecords.some(([, records]) => records.some((record) => record.kind === "ended-job"));
      if (ends) await awaitFailpoint("coordinator.beforeJobEnd");
      await Promise.all(jobRecords.map(async ([job, records]) => book.append(job, records)));
      await book.appendCluster(clusterRecords);
      this.#undurable = new Set();
    } finally {
      resolve();
    }
  }

  /** Put a finished attempt's vector beside the journal before the machine hears of it. */
  #storeVector(event: CoordinatorEvent): CoordinatorEvent {
    if (event.kind !== "worker-message" || event.message.kind !== "finished") return event;
    const { result, vector } = event.message;
    const file = vector === undefined ? undefined : this.#ports.book.vectors(result.attempt.job);
    return vector === undefined || file === undefined ? event : { ...event, vectorAt: file.append(vector) };
  }

  /** A tick is as late as its step is, the time that it waited in the queue included. */
  #addLateness(event: CoordinatorEvent, atMs: number): CoordinatorEvent {
    return event.kind === "tick" ? { ...event, lateMs: Math.max(0, atMs - this.#tickAskedMs) } : event;
  }

  /** Hand the machine the vector of the attempt that the task has accepted already. */
  #addAccepted(event: CoordinatorEvent): CoordinatorEvent {
    if (event.kind !== "worker-message" || event.message.kind !== "finished" || event.vectorAt === undefined)
      return event;
    const { job, stage, task } = event.message.result.attempt;
    const state = this.#ports.machine.jobState(job);
    const position = state === undefined ? undefined : findTask(state, stage, task)?.accepted?.result.vectorAt;
    const acceptedVector: SegmentVector | undefined =
      position === undefined || position < 0 ? undefined : this.#ports.book.vectors(job)?.read(position);
    return acceptedVector === undefined ? event : { ...event, acceptedVector };
  }

  async #perform(effect: CoordinatorEffect): Promise<void> {
    switch (effect.kind) {
      case "send":
        this.#sessions.get(effect.session)?.send(effect.message);
        return;
      case "send-brief":
        return this.#sendBrief(effect.session, effect.job);
      case "send-places":
        // A worker with many gathers that comes back needs all places of each at once: hundreds of MB.
        this.#sessions.get(effect.session)?.sendEach(this.#placesOf(effect));
        return;
      case "close-session":
        this.#sessions.get(effect.session)?.close();
        return;
      case "probe-worker":
        void this.#probe(effect);
        return;
      case "storage":
        this.#startStorage(effect);
        return;
      case "reply":
        await awaitFailpoint("coordinator.afterSubmit");
        this.#requests.get(effect.request)?.(effect.reply);
        this.#requests.delete(effect.request);
        return;
      case "job-changed":
        this.#ports.onJobChanged(effect.job);
        return;
      case "discard-job":
        this.#ports.onDiscarded?.(effect.job);
        return this.#ports.book.discard(effect.job);
      case "wake":
        this.#sleepUntil(effect.atMs);
        return;
    }
  }

  async #sendBrief(session: SessionId, job: JobId): Promise<void> {
    const state = this.#ports.machine.jobState(job);
    const brief = state === undefined ? undefined : jobBrief(state);
    if (brief === undefined) return;
    const shuffleKey = await this.#ports.book.shuffleKey(job);
    const storageTokens = this.#ports.tokensOf?.(job);
    const secrets = { shuffleKey, ...(storageTokens === undefined ? {} : { storageTokens }) };
    this.#sessions.get(session)?.send({ kind: "brief", brief: { ...brief, ...secrets } });
  }

  /** Fill in what segments hold, a message at a time: when one is made, the job may be over, and its vectors closed. */
  *#placesOf({ attempt, places }: Extract<CoordinatorEffect, { kind: "send-places" }>): Generator<CoordinatorMessage> {
    try {
      for (let at = 0; at < places.length; at += limits.placesPerMessageMax) {
        const vectors = this.#ports.book.vectors(attempt.job);
        const over = this.#ports.machine.jobState(attempt.job)?.outcome !== undefined;
        if (vectors === undefined || over) return;
        const page = places.slice(at, at + limits.placesPerMessageMax);
        const filled = page.map(({ vectorAt, ...place }): SegmentPlace => ({
          ...place,
          ...vectors.readEntry(vectorAt, attempt.task),
        }));
        yield { kind: "places", attempt, places: filled };
      }
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #probe({ worker, incarnation, address }: Extract<CoordinatorEffect, { kind: "probe-worker" }>): Promise<void> {
    const answer = await this.#ports.probe(address);
    this.enqueue({ kind: "worker-probed", worker, incarnation, answer });
  }

  #startStorage({ job, call, request }: Extract<CoordinatorEffect, { kind: "storage" }>): void {
    const performed = this.#ports.performStorage(request, job).then((reply) => {
      this.#storage.delete(performed);
      this.enqueue({ kind: "storage-replied", job, call, reply });
    });
    this.#storage.add(performed);
  }

  /** Wait for the storage steps that are under way: the next reign must not meet them. At most so long. */
  async #storageAtRest(): Promise<void> {
    let timer: Timer | undefined;
    const { clock } = this.#ports;
    const late = new Promise<void>(
      (resolve) => (timer = clock.callAt(clock.monotonicMs() + storageRestMsMax, resolve)),
    );
    await Promise.race([Promise.allSettled(this.#storage), late]);
    timer?.cancel();
  }

  /** Keep one timer, for the earliest time asked for last. A tick tells by how much it came late. */
  #sleepUntil(atMs: number): void {
    invariant(Number.isFinite(atMs), "a wake has a time");
    this.#wake?.timer.cancel();
    const timer = this.#ports.clock.callAt(atMs, () => {
      this.#wake = undefined;
      this.#tickAskedMs = atMs;
      this.enqueue({ kind: "tick", lateMs: 0 });
    });
    this.#wake = { atMs, timer };
  }
}
