// A simulated worker daemon: the real WorkerMachine, its effects performed on a simulated disk and network. It decides
// nothing; it connects again when it is not connected.

import { attemptKey, WorkerMachine } from "@millrace/core";
import type {
  AttemptRef,
  CoordinatorMessage,
  HeldSegments,
  Incarnation,
  JobBrief,
  JobId,
  WorkerDescription,
  WorkerEffect,
  WorkerEvent,
  WorkerId,
  WorkerSummary,
} from "@millrace/core";
import { gatherPrefix, parseRunName, runName } from "../data-plane/disk-names.ts";
import { readHeldRun, segmentOf, verifyRunBytes } from "../data-plane/run-files.ts";
import { WorkerDisk } from "../disk/worker-disk.ts";
import type { ControlNetwork, ControlSession } from "../network/control-network.ts";
import type { FetchNetwork, ServedSegment, ShuffleServer } from "../network/fetch-network.ts";
import { ProcessLife } from "../process-life.ts";
import type { Simulation } from "../simulation.ts";
import { printWorkerEffect, printWorkerEvent } from "./print-events.ts";
import { SegmentFetches } from "./segment-fetches.ts";
import { workerLimits } from "./settings.ts";
import type { TaskHosts } from "./task-hosts.ts";

/** What all workers of a run share. */
export interface WorkerSurroundings {
  readonly world: Simulation;
  readonly control: ControlNetwork;
  readonly fetches: FetchNetwork;
}

const freeDiskBytes = 1_000_000_000;

/** One worker over all its lives. */
export class WorkerProcess implements ShuffleServer {
  readonly id: WorkerId;
  readonly index: number;
  readonly place: string;
  readonly life: ProcessLife;
  readonly disk = new WorkerDisk();
  readonly hosts: TaskHosts;
  private readonly surroundings: WorkerSurroundings;
  private readonly world: Simulation;
  private machine: WorkerMachine | undefined;
  private session: ControlSession | undefined;
  private readonly briefs = new Map<JobId, JobBrief>();
  private readonly fetches: SegmentFetches;
  private wakeNumber = 0;
  /** Set when the coordinator refused it for good. */
  exited: string | undefined;

  constructor(surroundings: WorkerSurroundings, index: number, makeHosts: (worker: WorkerProcess) => TaskHosts) {
    this.surroundings = surroundings;
    this.world = surroundings.world;
    this.index = index;
    this.place = `w-${index}`;
    this.id = this.place as WorkerId;
    this.life = new ProcessLife(this.world, this.place);
    this.fetches = new SegmentFetches(this.world, surroundings.fetches, this);
    this.hosts = makeHosts(this);
  }

  get up(): boolean {
    return this.life.up;
  }

  get frozen(): boolean {
    return this.life.frozen;
  }

  get address(): string {
    return `${this.place}:${this.world.options.samePort ? 7000 : 7000 + this.disk.incarnation}`;
  }

  /** Start the process: adopt run files, begin to connect. */
  start(): void {
    this.disk.incarnation += 1;
    this.life.begin();
    this.machine = new WorkerMachine(workerLimits);
    this.session = undefined;
    this.briefs.clear();
    this.fetches.forget();
    this.disk.removeBelow("gather/");
    this.disk.removeBelow("tmp/");
    const held = this.adopt();
    this.world.note(`${this.place} starts, life ${this.disk.incarnation}, ${held.length} runs`);
    this.step({ kind: "started", description: this.describe(), held });
    this.connect();
  }

  /** The process dies; its task hosts die with it. */
  crash(): void {
    if (!this.life.up) return;
    this.world.note(`${this.place} dies`);
    this.life.end();
    this.machine = undefined;
    this.hosts.killAll();
    this.session?.close();
    this.session = undefined;
    this.surroundings.control.refresh();
  }

  serve(source: Parameters<ShuffleServer["serve"]>[0], partition: number): ServedSegment {
    const bytes = this.disk.read(runName(source as AttemptRef));
    const segment = bytes === undefined ? undefined : segmentOf(bytes, partition);
    return segment === undefined ? { kind: "missing" } : { kind: "bytes", bytes: segment };
  }

  /** The stage whose shuffle an attempt reads. */
  readsOf({ job, stage }: AttemptRef): number {
    return this.briefs.get(job)?.stages[stage]?.reads ?? 0;
  }

  /** What the machine has, for checkers. */
  summary(): WorkerSummary | undefined {
    return this.machine?.summary;
  }

  /** What the machine waits for, for people. */
  describeState(): string {
    const state = this.life.up ? (this.frozen ? "frozen" : "up") : "down";
    return `${this.place} ${state} session=${this.session !== undefined} hosts=[${this.hosts.running().join(" ")}] runs=${this.disk.names("run/").length}`;
  }

  /** Give the machine one event and do what it asks. */
  step(event: WorkerEvent): void {
    const { machine } = this;
    if (machine === undefined) return;
    this.world.note(`${this.place} < ${printWorkerEvent(event)}`);
    for (const effect of machine.step(this.world.nowMs, event)) this.perform(effect);
  }

  private adopt(): HeldSegments[] {
    const held: HeldSegments[] = [];
    for (const name of this.disk.names("run/")) {
      const attempt = parseRunName(name);
      const digest = readHeldRun(this.disk.read(name));
      if (attempt === undefined || digest === undefined) {
        this.world.marks.hit("run-rejected");
        this.disk.remove(name);
      } else {
        this.world.marks.hit("run-adopted");
        held.push({ attempt, vectorDigest: digest });
      }
    }
    return held;
  }

  private describe(): WorkerDescription {
    return {
      worker: this.id,
      incarnation: this.disk.incarnation as Incarnation,
      host: `host-${Number(this.place.slice(2)) % this.world.options.hosts}`,
      rack: "/default-rack",
      slots: this.world.options.slots,
      shuffleAddress: this.address,
      freeDiskBytes,
      dataVersions: [1],
      nodeMajor: 24,
      protocols: [1],
    };
  }

  private connect(): void {
    const again = (): void =>
      this.life.after(this.world.stream("reconnect", this.place).integer(20, 250), () => this.connect());
    const caller = {
      place: this.place,
      process: this.life,
      onMessage: (message: CoordinatorMessage) => this.step({ kind: "message", message }),
      onClosed: () => {
        this.session = undefined;
        this.step({ kind: "disconnected" });
        again();
      },
    };
    this.surroundings.control.connect(
      caller,
      (session) => {
        this.session = session;
        this.step({ kind: "connected" });
      },
      again,
    );
  }

  private perform(effect: WorkerEffect): void {
    if (effect.kind !== "wake") this.world.note(`${this.place} > ${printWorkerEffect(effect)}`);
    switch (effect.kind) {
      case "send":
        this.session?.send(effect.message);
        return;
      case "prepare-job":
        this.briefs.set(effect.brief.job, effect.brief);
        return;
      case "run-map":
      case "run-sample":
      case "run-reduce":
        this.startAttempt(effect);
        return;
      case "stop-attempt":
        this.hosts.stop(effect.attempt);
        return;
      case "fetch":
        this.fetches.start(effect.reader, effect.place);
        return;
      case "cancel-fetches":
        this.fetches.cancel(effect.reader, effect.tasks);
        return;
      case "verify-run":
        if (!this.verifyHangs()) this.verify(effect.source);
        return;
      case "delete-run":
        this.disk.remove(runName(effect.attempt));
        return;
      case "delete-gathered":
        this.disk.removeBelow(gatherPrefix(effect.reader));
        return;
      case "delete-job":
        this.disk.removeBelow(`run/${effect.job}/`);
        this.disk.removeBelow(`gather/${effect.job}/`);
        this.briefs.delete(effect.job);
        return;
      case "wake":
        this.wake(effect.atMs);
        return;
      case "disconnect":
        this.session?.close();
        return;
      case "exit":
        this.exited = effect.code;
        this.crash();
        return;
    }
  }

  private startAttempt(effect: Extract<WorkerEffect, { kind: "run-map" | "run-sample" | "run-reduce" }>): void {
    const brief = this.briefs.get(effect.attempt.job);
    if (brief === undefined) throw new Error(`Cannot run "${attemptKey(effect.attempt)}": no brief came before`);
    this.hosts.start(effect, brief);
  }

  private wake(atMs: number): void {
    const number = ++this.wakeNumber;
    this.life.at(atMs, () => {
      if (number === this.wakeNumber) this.step({ kind: "tick" });
    });
  }

  private verifyHangs(): boolean {
    const { world } = this;
    const hangs = !world.healed && world.stream("verify", this.place).chance(world.options.verifyHang);
    if (hangs) world.marks.hit("verify-hang");
    return hangs;
  }

  private verify(source: AttemptRef): void {
    this.life.after(this.world.stream("verify", this.place).delayMs(20), () => {
      const bytes = this.disk.read(runName(source));
      const intact = bytes !== undefined && verifyRunBytes(bytes);
      this.world.marks.hit(intact ? "complaint-good" : "complaint-bad");
      this.step({ kind: "run-verified", source, intact });
    });
  }
}
