// Logs of attempts that outlive their workers: the end of each failed attempt's log, and of the first finished ones, is
// fetched when the attempt ends and kept with the job's history. A worker drops a job's logs once the job is over, so a
// failure, which may end its job, is told to the coordinator only after its log was fetched, or could not be in time.

import { attemptName, limits } from "@millrace/core";
import type { AttemptRef, JobId, SessionId, WorkerMessage } from "@millrace/core";
import type { SessionListener } from "@millrace/ports";

/** The outside of a keeper. */
export interface LogKeeperPorts {
  /** Fetch the end of a log from the worker at an address. Rejects when it is not to be had in time. */
  readonly fetch: (attempt: AttemptRef, address: string) => Promise<Uint8Array>;
  /** Keep the end of a log with the job. */
  readonly keep: (job: JobId, attempt: string, bytes: Uint8Array) => Promise<void>;
}

/** End of a log that is kept. */
const tailBytesMax = 64 * 1024;
/** Logs that are kept of one job: 13 MB at most. Failures come first, as they are few. */
const failedKeptMax = 150;
const finishedKeptMax = 50;
/** Jobs that are counted; one that was forgotten may keep some more. */
const jobsCountedMax = 1_000;

interface Waiting {
  readonly message: WorkerMessage;
  /** The log of a failure is fetched, or cannot be had. */
  readonly ready: Promise<void> | undefined;
}

interface Kept {
  failed: number;
  finished: number;
}

/** Stands before a listener and keeps logs as messages pass. */
export class LogKeeper implements SessionListener {
  readonly #next: SessionListener;
  readonly #ports: LogKeeperPorts;
  readonly #kept = new Map<JobId, Kept>();
  readonly #addresses = new Map<SessionId, string>();
  /** Messages of a session that wait for a log or behind one that does, in order. */
  readonly #held = new Map<SessionId, Waiting[]>();
  /** Resolve once nothing of a session is held. */
  readonly #passing = new Map<SessionId, Promise<void>>();

  constructor(next: SessionListener, ports: LogKeeperPorts) {
    this.#next = next;
    this.#ports = ports;
  }

  onOpened(...[session, peer]: Parameters<SessionListener["onOpened"]>): void {
    this.#next.onOpened(session, peer);
  }

  onMessage(session: SessionId, message: WorkerMessage): void {
    if (message.kind === "register") this.#addresses.set(session, message.description.shuffleAddress);
    // Asked for at once, also behind others: so nothing waits longer than one fetch may take, heartbeats least of all.
    const ready = this.#fetch(session, message);
    const held = this.#held.get(session);
    if (held !== undefined) held.push({ message, ready });
    else if (ready === undefined) this.#next.onMessage(session, message);
    else this.#passing.set(session, this.#passInOrder(session, [{ message, ready }]));
  }

  whenRoom(session: SessionId): Promise<void> | undefined {
    const held = this.#held.get(session)?.length ?? 0;
    if (held >= limits.sessionMessagesWaitingMax) return this.#passing.get(session);
    return this.#next.whenRoom?.(session);
  }

  onClosed(session: SessionId): void {
    this.#held.delete(session);
    this.#passing.delete(session);
    this.#addresses.delete(session);
    this.#next.onClosed(session);
  }

  /** Begin to fetch the log of an attempt that ended. @returns what a failure has to wait for. */
  #fetch(session: SessionId, message: WorkerMessage): Promise<void> | undefined {
    const address = this.#addresses.get(session);
    if (address === undefined) return undefined;
    if (message.kind === "finished") {
      const { attempt } = message.result;
      if (this.#mayKeep(attempt.job, "finished")) void this.#keep(attempt, address);
    }
    if (message.kind !== "failed" || message.failure.code === "E_KILLED") return undefined;
    return this.#mayKeep(message.attempt.job, "failed") ? this.#keep(message.attempt, address) : undefined;
  }

  /** Pass on what waits, each when its log is there, and what came meanwhile, until nothing waits or the session ends. */
  async #passInOrder(session: SessionId, waiting: Waiting[]): Promise<void> {
    this.#held.set(session, waiting);
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
      if (first.ready !== undefined) await first.ready;
      if (this.#held.get(session) !== waiting) return;
      this.#next.onMessage(session, first.message);
    }
    this.#held.delete(session);
    this.#passing.delete(session);
  }

  #mayKeep(job: JobId, end: "failed" | "finished"): boolean {
    const kept = this.#kept.get(job) ?? { failed: 0, finished: 0 };
    this.#kept.delete(job);
    this.#kept.set(job, kept);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > jobsCountedMax && oldest !== undefined) this.#kept.delete(oldest);
    if (kept[end] >= (end === "failed" ? failedKeptMax : finishedKeptMax)) return false;
    kept[end] += 1;
    return true;
  }

  /** Fetch and keep one log. Never rejects: a log that is lost is no reason to lose a job. */
  async #keep(attempt: AttemptRef, address: string): Promise<void> {
    try {
      const bytes = await this.#ports.fetch(attempt, address);
      // Also an empty one: that nothing was printed is worth knowing when the worker is gone.
      await this.#ports.keep(attempt.job, attemptName(attempt), bytes.subarray(-tailBytesMax));
    } catch {
      // Gone with its worker, or too slow to come.
    }
  }
}
