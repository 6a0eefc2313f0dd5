// A worker that makes its results up: enough for the coordinator's side to be tested without task hosts.

import { writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { attemptUriOf, sumSegments, vectorDigest } from "@millrace/core";
import type {
  AttemptRef,
  AttemptResult,
  CoordinatorMessage,
  Incarnation,
  JobBrief,
  SegmentPlace,
  Split,
  WorkerId,
} from "@millrace/core";
import type { ControlChannel, WorkerSession } from "@millrace/ports";

const vector = { pairs: [3], rawBytes: [30], digests: ["00000000000000aa"] };

/** Connects, registers, and answers every order at once with a result that fits. */
export class FakeWorker {
  readonly worker: WorkerId;
  #session: WorkerSession | undefined;
  readonly #briefs = new Map<string, JobBrief>();
  readonly #places = new Map<string, SegmentPlace[]>();
  readonly #maps = new Map<string, number>();
  readonly received: CoordinatorMessage["kind"][] = [];
  /** Where its segments and logs are said to be. */
  shuffleAddress = "127.0.0.1:9";

  constructor(name: string) {
    this.worker = `w-${name}` as WorkerId;
  }

  async connect(channel: ControlChannel): Promise<void> {
    this.#session = await channel.connect({ onMessage: (message) => this.#take(message), onClosed: () => undefined });
    this.register();
  }

  /** Say again who it is. */
  register(): void {
    this.#session?.send({
      kind: "register",
      description: {
        worker: this.worker,
        incarnation: 1 as Incarnation,
        host: "here",
        rack: "/default-rack",
        slots: 1,
        shuffleAddress: this.shuffleAddress,
        freeDiskBytes: 1e12,
        dataVersions: [1],
        nodeMajor: 24,
        protocols: [1],
      },
      inventory: { running: [], gathering: [], unacknowledged: [], held: [] },
    });
  }

  close(): void {
    this.#session?.close();
  }

  #take(message: CoordinatorMessage): void {
    this.received.push(message.kind);
    switch (message.kind) {
      case "brief":
        this.#briefs.set(message.brief.job, message.brief);
        return;
      case "launch-map":
        return this.#finishMap(message.attempt, message.split);
      case "gather":
        this.#maps.set(nameOf(message.attempt), message.maps);
        return this.#maybeGathered(message.attempt);
      case "places":
        // A newer place of a map's segment replaces the older one.
        this.#places.set(nameOf(message.attempt), [
          ...(this.#places.get(nameOf(message.attempt)) ?? []).filter(
            (known) => !message.places.some((place) => place.task === known.task),
          ),
          ...message.places,
        ]);
        return this.#maybeGathered(message.attempt);
      case "launch-reduce":
        return this.#finishReduce(message.attempt);
      default:
    }
  }

  #maybeGathered(attempt: AttemptRef): void {
    const places = this.#places.get(nameOf(attempt)) ?? [];
    if (places.length === this.#maps.get(nameOf(attempt)))
      this.#session?.send({ kind: "gathered", attempt, bytes: 30 });
  }

  #finishMap(attempt: AttemptRef, split: Split): void {
    const ranges = split.parts.map((part) => ({ uri: part.uri, begin: part.offset, end: part.offset + part.bytes }));
    this.#finish({
      attempt,
      consumed: { kind: "splits", ranges, records: 1, badRecords: 0, bytes: split.bytes },
      run: { partitions: 1, storedBytes: 40, pairs: 3, rawBytes: 30, vectorDigest: vectorDigest(vector) },
      files: [],
    });
  }

  #finishReduce(attempt: AttemptRef): void {
    const places = this.#places.get(nameOf(attempt)) ?? [];
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
    this.#session?.send({
      kind: "finished",
      result: {
        ...result,
        counters: { lines: 1 },
        badRecords: [],
        usage: { durationMs: 1, cpuMs: 1, peakRssBytes: 1 },
      },
      ...(result.run === undefined ? {} : { vector }),
    });
  }
}

function nameOf(attempt: AttemptRef): string {
  return `${attempt.job}/${attempt.stage}-${attempt.task}.${attempt.attempt}`;
}
