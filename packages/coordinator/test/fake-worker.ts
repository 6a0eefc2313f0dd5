// A worker that makes its results up: enough for the coordinator's side to be tested without task hosts. It keeps its
// segments and what was not acknowledged over sessions, as a real one does.

import { writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { attemptKey, attemptUriOf, sumSegments, vectorDigest } from "@millrace/core";
import type {
  AttemptFailure,
  AttemptRef,
  AttemptResult,
  CoordinatorMessage,
  HeldSegments,
  Incarnation,
  JobBrief,
  SegmentPlace,
  SegmentVector,
  Split,
  WorkerId,
  WorkerMessage,
} from "@millrace/core";
import type { ControlChannel, WorkerSession } from "@millrace/ports";

/** Connects, registers, and answers every order at once with a result that fits. */
export class FakeWorker {
  readonly worker: WorkerId;
  readonly received: CoordinatorMessage["kind"][] = [];
  /** Maps that were launched here, in order. */
  readonly launched: AttemptRef[] = [];
  /** Where its segments and logs are said to be. */
  shuffleAddress = "127.0.0.1:9";
  slots = 1;
  /** Of each run file; every segment is the same. */
  partitions = 1;
  /** A map that is not finished when it is launched. */
  slowMap: number | undefined;
  /** What every map fails with, if anything. */
  failure: AttemptFailure | undefined;
  /** Resolves when the session has ended. */
  closed: Promise<void> = Promise.resolve();
  #session: WorkerSession | undefined;
  readonly #briefs = new Map<string, JobBrief>();
  readonly #places = new Map<string, SegmentPlace[]>();
  readonly #gathering = new Map<string, { readonly attempt: AttemptRef; readonly maps: number }>();
  readonly #held = new Map<string, HeldSegments>();
  readonly #unacknowledged = new Map<string, WorkerMessage & { readonly kind: "finished" }>();

  constructor(name: string) {
    this.worker = `w-${name}` as WorkerId;
  }

  async connect(channel: ControlChannel): Promise<void> {
    let onClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (onClosed = resolve));
    this.#session = await channel.connect({ onMessage: (message) => this.#take(message), onClosed });
    this.closed = closed;
    this.register();
  }

  /** Say who it is and what it has, then again what was not acknowledged. */
  register(): void {
    const unacknowledged = [...this.#unacknowledged.values()];
    this.#session?.send({
      kind: "register",
      description: {
        worker: this.worker,
        incarnation: 1 as Incarnation,
        host: "here",
        rack: "/default-rack",
        slots: this.slots,
        shuffleAddress: this.shuffleAddress,
        freeDiskBytes: 1e12,
        dataVersions: [1],
        nodeMajor: 24,
        protocols: [1],
      },
      inventory: {
        running: [],
        gathering: [...this.#gathering.values()].map(({ attempt }) => attempt),
        unacknowledged: unacknowledged.map(({ result }) => result.attempt),
        held: [...this.#held.values()],
      },
    });
    for (const message of unacknowledged) this.#session?.send(message);
  }

  close(): void {
    this.#session?.close();
  }

  /** Places that it knows, of all gathers together. */
  get placesKnown(): number {
    return [...this.#places.values()].reduce((sum, places) => sum + places.length, 0);
  }

  get #vector(): SegmentVector {
    const { partitions } = this;
    return {
      pairs: Array(partitions).fill(3),
      rawBytes: Array(partitions).fill(30),
      digests: Array(partitions).fill("00000000000000aa"),
    };
  }

  #take(message: CoordinatorMessage): void {
    this.received.push(message.kind);
    if (message.kind === "brief") this.#briefs.set(message.brief.job, message.brief);
    if (message.kind === "launch-map") this.#finishMap(message.attempt, message.split);
    if (message.kind === "launch-reduce") this.#finishReduce(message.attempt);
    if (message.kind === "acknowledge") this.#unacknowledged.delete(attemptKey(message.attempt));
    if (message.kind === "release") this.#held.delete(attemptKey(message.attempt));
    if (message.kind === "gather") {
      this.#gathering.set(attemptKey(message.attempt), message);
      this.#maybeGathered(message.attempt);
    }
    if (message.kind === "places") {
      const known = this.#places.get(attemptKey(message.attempt)) ?? [];
      // A newer place of a map's segment replaces the older one.
      const kept = known.filter((old) => !message.places.some((place) => place.task === old.task));
      this.#places.set(attemptKey(message.attempt), [...kept, ...message.places]);
      this.#maybeGathered(message.attempt);
    }
    if (message.kind === "kill") {
      this.#gathering.delete(attemptKey(message.attempt));
      const failure = { code: "E_KILLED", message: message.reason };
      this.#session?.send({ kind: "failed", attempt: message.attempt, failure });
    }
  }

  #maybeGathered(attempt: AttemptRef): void {
    const places = this.#places.get(attemptKey(attempt)) ?? [];
    if (places.length === this.#gathering.get(attemptKey(attempt))?.maps)
      this.#session?.send({ kind: "gathered", attempt, bytes: 30 });
  }

  #finishMap(attempt: AttemptRef, split: Split): void {
    this.launched.push(attempt);
    if (this.failure !== undefined) {
      this.#session?.send({ kind: "failed", attempt, failure: this.failure });
      return;
    }
    if (this.slowMap === attempt.task) return;
    const digest = vectorDigest(this.#vector);
    const ranges = split.parts.map((part) => ({ uri: part.uri, begin: part.offset, end: part.offset + part.bytes }));
    this.#held.set(attemptKey(attempt), { attempt, vectorDigest: digest });
    this.#finish({
      attempt,
      consumed: { kind: "splits", ranges, records: 1, badRecords: 0, bytes: split.bytes },
      run: {
        partitions: this.partitions,
        storedBytes: 40 * this.partitions,
        pairs: 3 * this.partitions,
        rawBytes: 30 * this.partitions,
        vectorDigest: digest,
      },
      files: [],
    });
  }

  #finishReduce(attempt: AttemptRef): void {
    this.#gathering.delete(attemptKey(attempt));
    const places = this.#places.get(attemptKey(attempt)) ?? [];
    const path = fileURLToPath(`${attemptUriOf(this.#briefs.get(attempt.job)?.stagingUri ?? "", attempt)}/part`);
    const text = `${places.length}\n`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const sum = (pick: (place: SegmentPlace) => number): number =>
      places.reduce((total, place) => total + pick(place), 0);
    this.#finish({
      attempt,
      consumed: {
        kind: "segments",
        maps: places.length,
        pairs: sum((place) => place.pairs),
        rawBytes: sum((place) => place.rawBytes),
        digest: sumSegments(places),
      },
      files: [{ output: "", path: "part", bytes: text.length, records: 1, crc32: crc32(text) }],
    });
  }

  #finish(result: Pick<AttemptResult, "attempt" | "consumed" | "run" | "files">): void {
    const message: WorkerMessage & { readonly kind: "finished" } = {
      kind: "finished",
      result: {
        ...result,
        counters: { lines: 1 },
        badRecords: [],
        usage: { durationMs: 1, cpuMs: 1, peakRssBytes: 1 },
      },
      ...(result.run === undefined ? {} : { vector: this.#vector }),
    };
    this.#unacknowledged.set(attemptKey(result.attempt), message);
    this.#session?.send(message);
  }
}
