// Logs of attempts that outlive their workers: the end of each failed attempt's log, and of the first finished ones, is
// fetched when the attempt ends and kept with the job's history. A worker drops a job's logs once the job is over, so a
// failure, which may end its job, is told to the coordinator only after its log was fetched, or could not be in time.

import { attemptName } from "@millrace/core";
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
  /** Messages of a session that wait behind a failure, in order. */
  readonly #held = new Map<SessionId, WorkerMessage[]>();

  constructor(next: SessionListener, ports: LogKeeperPorts) {
    this.#next = next;
    this.#ports = ports;
  }

  onOpened(...[session, peer]: Parameters<SessionListener["onOpened"]>): void {
    this.#next.onOpened(session, peer);
  }

  onMessage(session: SessionId, message: WorkerMessage): void {
    const held = this.#held.get(session);
    if (held === undefined) this.#pass(session, message);
    else held.push(message);
  }

  onClosed(session: SessionId): void {
    this.#held.delete(session);
    this.#addresses.delete(session);
    this.#next.onClosed(session);
  }

  #pass(session: SessionId, message: WorkerMessage): void {
    if (message.kind === "register") this.#addresses.set(session, message.description.shuffleAddress);
    const address = this.#addresses.get(session);
    if (address !== undefined && message.kind === "finished" && this.#mayKeep(message.result.attempt.job, "finished")) {
      void this.#keep(message.result.attempt, address);
    }
    const failed = message.kind === "failed" && message.failure.code !== "E_KILLED" ? message.attempt : undefined;
    if (address === undefined || failed === undefined || !this.#mayKeep(failed.job, "failed")) {
      this.#next.onMessage(session, message);
      return;
    }
    this.#held.set(session, [message]);
    void this.#keep(failed, address).then(() => this.#release(session));
  }

  /** Let the held messages go on. The first is the failure itself; another failure among the rest holds them again. */
  #release(session: SessionId): void {
    const held = this.#held.get(session);
    if (held === undefined) return;
    this.#held.delete(session);
    const [first, ...rest] = held;
    if (first !== undefined) this.#next.onMessage(session, first);
    for (const message of rest) this.onMessage(session, message);
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
      if (bytes.length > 0) await this.#ports.keep(attempt.job, attemptName(attempt), bytes.subarray(-tailBytesMax));
    } catch {
      // Gone with its worker, or too slow to come.
    }
  }
}
