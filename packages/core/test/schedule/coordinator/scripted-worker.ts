// A worker as scripts drive it: it remembers what it was told and does nothing by itself but end what it must end.

import type {
  AttemptRef,
  CoordinatorMessage,
  Inventory,
  WorkerDescription,
  WorkerId,
  WorkerMessage,
} from "../../../src/index.ts";
import { attemptKey } from "../../../src/index.ts";

/** One worker of a script. */
export class ScriptedWorker {
  readonly description: WorkerDescription;
  session: number | undefined;
  frozen = false;
  readonly running = new Map<string, AttemptRef>();
  readonly gathering = new Map<string, AttemptRef>();
  readonly owed = new Map<string, WorkerMessage>();
  readonly held = new Map<string, { readonly attempt: AttemptRef; readonly vectorDigest: string }>();
  freeDiskBytes: number;

  constructor(description: WorkerDescription) {
    this.description = description;
    this.freeDiskBytes = description.freeDiskBytes;
  }

  get id(): WorkerId {
    return this.description.worker;
  }

  /** What it tells when it registers. */
  inventory(): Inventory {
    const sorted = <Item>(map: ReadonlyMap<string, Item>): readonly Item[] =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    const ended = [...this.owed.keys()].sort().flatMap((name) => this.#ended.get(name) ?? []);
    return {
      running: sorted(this.running),
      gathering: sorted(this.gathering),
      unacknowledged: ended,
      held: sorted(this.held),
    };
  }

  readonly #ended = new Map<string, AttemptRef>();

  /** An attempt ended here; its message is owed until it is acknowledged. */
  end(ref: AttemptRef, message: WorkerMessage): void {
    const key = attemptKey(ref);
    this.running.delete(key);
    this.gathering.delete(key);
    this.owed.set(key, message);
    this.#ended.set(key, ref);
  }

  /** Obey a message. @returns what it says at once. */
  obey(message: CoordinatorMessage, sent: Inventory | undefined): readonly WorkerMessage[] {
    switch (message.kind) {
      case "launch-map":
      case "launch-sample":
        this.running.set(attemptKey(message.attempt), message.attempt);
        return [];
      case "gather":
        this.gathering.set(attemptKey(message.attempt), message.attempt);
        return [];
      case "launch-reduce":
        this.gathering.delete(attemptKey(message.attempt));
        this.running.set(attemptKey(message.attempt), message.attempt);
        return [];
      case "kill":
        return this.#stop(message.attempt, message.reason);
      case "acknowledge":
        this.owed.delete(attemptKey(message.attempt));
        return [];
      case "release":
        this.held.delete(attemptKey(message.attempt));
        return [];
      case "forget-job":
        for (const map of [this.running, this.gathering, this.owed, this.held])
          for (const key of map.keys()) if (key.startsWith(`${message.job}/`)) map.delete(key);
        return [];
      case "registered":
        return this.#obeyVerdicts(message, sent);
      case "brief":
      case "ranges":
      case "places":
      case "places-lost":
      case "refused":
      case "verify":
        return [];
    }
  }

  #stop(ref: AttemptRef, reason: string): readonly WorkerMessage[] {
    const key = attemptKey(ref);
    if (!this.running.has(key) && !this.gathering.has(key)) return [];
    const failed: WorkerMessage = { kind: "failed", attempt: ref, failure: { code: "E_KILLED", message: reason } };
    this.end(ref, failed);
    return [failed];
  }

  #obeyVerdicts(
    message: Extract<CoordinatorMessage, { kind: "registered" }>,
    sent: Inventory | undefined,
  ): readonly WorkerMessage[] {
    const said: WorkerMessage[] = [];
    sent?.running.forEach((ref, index) => {
      if (message.running[index] === "kill") said.push(...this.#stop(ref, "not wanted"));
    });
    sent?.gathering.forEach((ref, index) => {
      if (message.gathering[index] === "kill") said.push(...this.#stop(ref, "not wanted"));
    });
    sent?.held.forEach(({ attempt }, index) => {
      if (message.held[index] === "delete" && !this.owed.has(attemptKey(attempt)))
        this.held.delete(attemptKey(attempt));
    });
    return [
      ...said,
      ...[...this.owed]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, owed]) => owed)
        .filter((owed) => !said.includes(owed)),
    ];
  }
}
