// The fetches of one worker: sent, answered or cancelled; what arrives is verified as a gatherer verifies it, and stored.

import { attemptKey } from "@millrace/core";
import type { AttemptFailure, AttemptRef, ComplaintReason, SegmentPlace } from "@millrace/core";
import { gatheredName } from "../data-plane/disk-names.ts";
import { verifySegment } from "../data-plane/run-files.ts";
import type { FetchAnswer, FetchNetwork } from "../network/fetch-network.ts";
import type { Simulation } from "../simulation.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Fetches under way in a worker's present life. */
export class SegmentFetches {
  private readonly world: Simulation;
  private readonly network: FetchNetwork;
  private readonly worker: WorkerProcess;
  /** Number of the fetch that still counts, by reader and task. */
  private readonly open = new Map<string, number>();
  private count = 0;

  constructor(world: Simulation, network: FetchNetwork, worker: WorkerProcess) {
    this.world = world;
    this.network = network;
    this.worker = worker;
  }

  /** A new life begins: answers to fetches of the last one mean nothing. */
  forget(): void {
    this.open.clear();
  }

  start(reader: AttemptRef, place: SegmentPlace): void {
    const { worker } = this;
    const key = `${attemptKey(reader)}|${place.task}`;
    const number = ++this.count;
    this.open.set(key, number);
    const { life } = worker.life;
    const source = { job: reader.job, stage: worker.readsOf(reader), task: place.task, attempt: place.attempt };
    this.network.fetch({ from: worker.place, address: place.address, source, partition: reader.task }, (answer) => {
      worker.life.deliver(life, () => {
        if (this.open.get(key) !== number) return;
        this.open.delete(key);
        this.take(reader, place, answer);
      });
    });
  }

  cancel(reader: AttemptRef, tasks: readonly number[] | undefined): void {
    const prefix = `${attemptKey(reader)}|`;
    for (const key of this.open.keys()) {
      const mine = key.startsWith(prefix) && (tasks === undefined || tasks.includes(Number(key.slice(prefix.length))));
      if (mine) this.open.delete(key);
    }
  }

  private take(reader: AttemptRef, { task, attempt, ...place }: SegmentPlace, answer: FetchAnswer): void {
    const failed = this.failureOf(answer, { task, attempt, ...place });
    if (failed !== undefined) return this.worker.step({ kind: "fetch-failed", reader, task, attempt, ...failed });
    const bytes = answer.kind === "bytes" ? answer.bytes : new Uint8Array(0);
    this.worker.disk.write(gatheredName(reader, task), bytes);
    this.worker.step({ kind: "fetched", reader, task, attempt, bytes: bytes.length });
  }

  private failureOf(
    answer: FetchAnswer,
    place: SegmentPlace,
  ): { readonly reason: ComplaintReason; readonly local?: AttemptFailure } | undefined {
    if (answer.kind === "failed") return { reason: answer.reason };
    const wrong = verifySegment(answer.bytes, place);
    if (wrong !== undefined) return { reason: wrong };
    const { world } = this;
    const full = !world.healed && world.stream("disk-full", this.worker.place).chance(world.options.diskFull);
    if (!full) return undefined;
    world.marks.hit("disk-full");
    return { reason: "missing", local: { code: "E_NO_SPACE", message: "the simulated disk is full" } };
  }
}
