// The task processes of one worker: each attempt takes its time, tells its progress, and ends well, with a failure, or
// by a stop. They go on while their daemon is frozen and die with it.

import { attemptKey, attemptName } from "@millrace/core";
import type { AttemptFailure, AttemptRef, JobBrief, SegmentVector, WorkerEffect } from "@millrace/core";
import { runMap, runReduce, runSample } from "../data-plane/attempt-work.ts";
import type { WorkOutcome } from "../data-plane/attempt-work.ts";
import { runName } from "../data-plane/disk-names.ts";
import type { Simulation } from "../simulation.ts";
import type { StorageModel } from "../storage/storage-model.ts";
import type { Program } from "../workload/programs.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Time in which a process does not start. */
const startMs = 20;

type LaunchEffect = Extract<WorkerEffect, { kind: "run-map" | "run-sample" | "run-reduce" }>;

/** What task hosts need beside their worker. */
export interface HostSurroundings {
  readonly world: Simulation;
  readonly storage: StorageModel;
  readonly programOf: (job: string) => Program;
  /** Told of each run file that an attempt made. */
  readonly onRun: (attempt: AttemptRef, vector: SegmentVector) => void;
  /** Told when an attempt is made to fail. */
  readonly onHurt: (attempt: AttemptRef, cause: string) => void;
  /** Told of each map attempt that begins, with the key ranges that it was given. */
  readonly onMap: (attempt: AttemptRef, cuts: readonly string[] | undefined) => void;
  /** Told of each result before its worker is. */
  readonly onOutcome: (attempt: AttemptRef, outcome: WorkOutcome) => void;
}

/** The task hosts of one worker. */
export class TaskHosts {
  private readonly surroundings: HostSurroundings;
  private readonly world: Simulation;
  private readonly worker: WorkerProcess;
  private readonly attempts = new Map<string, { readonly attempt: AttemptRef; alive: boolean }>();

  constructor(surroundings: HostSurroundings, worker: WorkerProcess) {
    this.surroundings = surroundings;
    this.world = surroundings.world;
    this.worker = worker;
  }

  running(): string[] {
    return [...this.attempts.values()].map(({ attempt }) => attemptName(attempt));
  }

  start(launch: LaunchEffect, brief: JobBrief): void {
    const { world } = this;
    const { attempt } = launch;
    const key = attemptKey(attempt);
    if (this.attempts.has(key)) throw new Error(`Cannot run "${key}": it runs already`);
    if (this.attempts.size >= world.options.slots)
      throw new Error(`Cannot run "${key}": all ${world.options.slots} slots are taken`);
    if (launch.kind === "run-map") this.surroundings.onMap(attempt, launch.cuts);
    const host = { attempt, alive: true };
    this.attempts.set(key, host);
    if (!world.healed && this.worker.index < world.options.brokenWorkers) return this.neverBegins(key, launch, host);
    const stream = world.stream("work", key);
    if (!world.healed && stream.chance(world.options.taskHang)) {
      world.marks.hit("task-hang");
      this.surroundings.onHurt(attempt, "it hangs");
      return;
    }
    const workMs = stream.delayMs(world.options.workMs);
    const crashes = !world.healed && stream.chance(world.options.taskCrash);
    const full = !world.healed && stream.chance(world.options.diskFull);
    for (let told = 1; told <= 3; told += 1)
      world.after((workMs * told) / 4, () => host.alive && this.tellProgress(launch, told / 4));
    world.after(workMs, () => {
      if (!host.alive) return;
      const planned = crashes ? fail("E_TASK_CRASHED") : full ? fail("E_NO_SPACE") : undefined;
      if (crashes || full) this.surroundings.onHurt(attempt, crashes ? "its process died" : "the disk was full");
      if (crashes) world.marks.hit("task-crash");
      if (full) world.marks.hit("disk-full");
      this.end(key, launch, planned ?? this.work(launch, brief));
    });
  }

  /** No process can be started for an attempt. */
  private neverBegins(key: string, launch: LaunchEffect, host: { readonly alive: boolean }): void {
    this.world.marks.hit("host-start-failed");
    this.surroundings.onHurt(launch.attempt, "its process did not start");
    this.world.after(startMs, () => host.alive && this.end(key, launch, fail("E_HOST_START")));
  }

  /** Kill an attempt; told when nothing of it is left. Unknown ones are ignored. */
  stop(attempt: AttemptRef): void {
    const key = attemptKey(attempt);
    const host = this.attempts.get(key);
    if (host === undefined) return;
    host.alive = false;
    const life = this.worker.life.life;
    this.world.after(this.world.stream("stop", key).integer(1, 60), () => {
      if (this.attempts.get(key) !== host) return;
      this.attempts.delete(key);
      this.worker.life.deliver(life, () => this.worker.step({ kind: "attempt-stopped", attempt }));
    });
  }

  killAll(): void {
    for (const host of this.attempts.values()) host.alive = false;
    this.attempts.clear();
  }

  private work(launch: LaunchEffect, brief: JobBrief): WorkOutcome {
    const { attempt } = launch;
    const { world, storage, programOf } = this.surroundings;
    const onRun = (vector: SegmentVector): void => this.surroundings.onRun(attempt, vector);
    const work = {
      seed: world.seed,
      program: programOf(attempt.job),
      brief,
      attempt,
      disk: this.worker.disk,
      storage,
      onRun,
    };
    const inPlace = launch.kind === "run-reduce" && launch.segments.some(({ where }) => where === "own-run");
    if (inPlace) world.marks.hit("own-run");
    if (launch.kind === "run-sample") return runSample(work, launch.split, launch.keysMax);
    if (launch.kind === "run-map") return runMap(work, launch.split, launch.cuts);
    const skips =
      !world.healed &&
      launch.segments.length > 0 &&
      world.stream("skip", attemptKey(attempt)).chance(world.options.taskSkip);
    if (skips) this.surroundings.onHurt(attempt, "it passes over a segment");
    if (skips) world.marks.hit("segment-skipped");
    return runReduce(work, skips ? launch.segments.slice(1) : launch.segments);
  }

  private end(key: string, launch: LaunchEffect, outcome: WorkOutcome): void {
    const { attempt } = launch;
    const { life, disk } = this.worker;
    this.attempts.delete(key);
    this.surroundings.onOutcome(attempt, outcome);
    const run = runName(attempt);
    this.world.after(3_000, () => disk.sync(run));
    life.deliver(life.life, () => {
      if (outcome.kind === "failed") this.worker.step({ kind: "attempt-failed", attempt, failure: outcome.failure });
      else
        this.worker.step({
          kind: "attempt-finished",
          result: outcome.result,
          ...(outcome.vector === undefined ? {} : { vector: outcome.vector }),
        });
    });
  }

  private tellProgress({ attempt, kind }: LaunchEffect, fraction: number): void {
    const { life } = this.worker;
    const phase = kind === "run-reduce" ? ("reduce" as const) : ("map" as const);
    const progress = {
      attempt,
      phase,
      fraction,
      records: 0,
      bytes: Math.round(fraction * 100),
    };
    life.deliver(life.life, () => this.worker.step({ kind: "attempt-progress", progress }));
  }
}

function fail(code: string): WorkOutcome {
  const failure: AttemptFailure = { code, message: "the simulated task host failed" };
  return { kind: "failed", failure };
}
