// When things go wrong: each kind of fault comes by itself, at times drawn from its own stream, until the end of the
// safety phase; then everything is healed but for a minority of workers that stays dead.

import type { StorageCall } from "@millrace/core";
import { concatenate } from "./disk/worker-disk.ts";
import type { Links, Place } from "./network/links.ts";
import type { ControlNetwork } from "./network/control-network.ts";
import type { CoordinatorProcess } from "./processes/coordinator-process.ts";
import type { WorkerProcess } from "./processes/worker-process.ts";
import type { ProcessLife } from "./process-life.ts";
import type { RandomStream } from "./random-stream.ts";
import type { Simulation } from "./simulation.ts";
import type { StorageModel } from "./storage/storage-model.ts";

/** Everything that can be hurt. */
export interface Victims {
  readonly world: Simulation;
  readonly links: Links;
  readonly control: ControlNetwork;
  readonly storage: StorageModel;
  readonly coordinator: CoordinatorProcess;
  readonly workers: readonly WorkerProcess[];
  /** Let the client of a job ask for its end. */
  readonly killJob: (job: string) => void;
}

const leaseMs = 2_000;

/** Begin to do harm. */
export function beginFaults(victims: Victims): void {
  const { world, workers } = victims;
  const { options } = world;
  repeat(victims, "crash-worker", options.workerCrashMeanMs, (stream) => crashWorker(victims, stream));
  repeat(victims, "crash-coordinator", options.coordinatorCrashMeanMs, (stream) => crashCoordinator(victims, stream));
  repeat(victims, "pause", options.pauseMeanMs, (stream) => pause(victims, stream));
  repeat(victims, "stall", options.stallMeanMs, (stream) =>
    freeze(victims, victims.coordinator.process, stream.integer(500, 4 * leaseMs)),
  );
  repeat(victims, "partition", options.partitionMeanMs, (stream) => partition(victims, stream));
  repeat(victims, "reset", options.resetMeanMs, (stream) => {
    const place = stream.pick(workers).place;
    world.note(`fault reset ${place}`);
    victims.control.reset((other) => other === place);
  });
  repeat(victims, "lose-run", options.runLostMeanMs, (stream) => hurtRun(victims, stream, "lose"));
  repeat(victims, "flip-run", options.runFlipMeanMs, (stream) => hurtRun(victims, stream, "flip"));
  repeat(victims, "change-input", options.inputChangeMeanMs, (stream) => changeInput(victims, stream));
  crashInCommits(victims);
  world.at(options.faultsUntilMs, () => heal(victims));
}

function repeat(victims: Victims, kind: string, meanMs: number, act: (stream: RandomStream) => void): void {
  if (meanMs === 0) return;
  const { world } = victims;
  const stream = world.stream("fault", kind);
  const next = (): void => {
    const delayMs = stream.delayMs(meanMs);
    if (world.nowMs + delayMs >= world.options.faultsUntilMs) return;
    world.after(delayMs, () => {
      act(stream);
      next();
    });
  };
  next();
}

function crashWorker(victims: Victims, stream: RandomStream): void {
  const { world, workers } = victims;
  const worker = stream.pick(workers);
  const machine = stream.chance(world.options.machineCrash);
  const downMs = stream.pick([1, 500, leaseMs, 4 * leaseMs]);
  if (!worker.up) return;
  worker.crash();
  if (machine) worker.disk.machineCrash(stream);
  if (workers.every((other) => !other.up)) world.marks.hit("all-workers-dead");
  world.after(downMs, () => {
    if (!worker.up && !world.healed) worker.start();
  });
}

function crashCoordinator(victims: Victims, stream: RandomStream): void {
  const { world, coordinator } = victims;
  const downMs = stream.pick([1, 300, leaseMs, 3 * leaseMs]);
  if (!coordinator.process.up) return;
  if (stream.chance(world.options.syncCrash)) coordinator.crashInSync = () => killCoordinator(victims, downMs);
  else killCoordinator(victims, downMs);
}

function killCoordinator(victims: Victims, downMs: number): void {
  const { world, coordinator } = victims;
  if (world.healed || !coordinator.process.up) return;
  coordinator.crash();
  world.after(downMs, () => {
    if (!coordinator.process.up) coordinator.start();
  });
}

/**
 * Now and then the coordinator dies around a step of a commit: before it runs, between run and reply, or after. And now
 * and then a client asks for the end of its job, when it is too late.
 */
function crashInCommits(victims: Victims): void {
  const { world, storage } = victims;
  const stream = world.stream("fault", "commit");
  const steps = new Set<StorageCall["kind"]>(["place", "write-file", "publish", "rename", "list-files"]);
  storage.onAsked = (job, call, delayMs) => {
    if (world.healed || !steps.has(call.kind)) return;
    if (stream.chance(0.3 * world.options.killJob))
      world.after(stream.integer(0, 2 * delayMs), () => victims.killJob(job));
    if (!stream.chance(world.options.commitCrash)) return;
    const afterMs = stream.pick([0, delayMs + 1, 2 * delayMs + 2]);
    const downMs = stream.pick([1, 300, leaseMs]);
    world.after(afterMs, () => killCoordinator(victims, downMs));
  };
}

function pause(victims: Victims, stream: RandomStream): void {
  const { world, workers, coordinator } = victims;
  const process = stream.chance(0.1) ? coordinator.process : stream.pick(workers).life;
  freeze(victims, process, stream.delayMs(world.options.pauseLengthMs));
}

function freeze({ world, coordinator, control }: Victims, process: ProcessLife, lengthMs: number): void {
  const { life } = process;
  if (!process.up || process.frozen) return;
  world.note(`fault freeze ${process.name} for ${lengthMs}`);
  process.freeze();
  control.refresh();
  world.after(lengthMs, () => {
    if (process.life !== life) return;
    if (lengthMs > leaseMs && process !== coordinator.process) world.marks.hit("worker-paused");
    world.note(`fault thaw ${process.name}`);
    process.thaw();
    control.refresh();
  });
}

function partition(victims: Victims, stream: RandomStream): void {
  const { world, links, workers } = victims;
  const places: Place[] = ["coordinator", ...workers.map(({ place }) => place)];
  const lone = stream.chance(0.6);
  const side = new Set(lone ? [stream.pick(places)] : places.filter(() => stream.chance(0.5)));
  const oneWay = stream.chance(world.options.oneWay);
  const lengthMs = stream.pick([200, leaseMs, 3 * leaseMs, 6 * leaseMs]);
  world.note(`fault partition ${[...side].join(" ")}${oneWay ? " one way" : ""} for ${lengthMs}`);
  if (oneWay) world.marks.hit("one-way");
  if (lengthMs > leaseMs) world.marks.hit("partitioned");
  const pairs = places.flatMap((from) =>
    places
      .filter((to) => side.has(from) !== side.has(to) && (!oneWay || side.has(from)))
      .map((to) => [from, to] as const),
  );
  for (const [from, to] of pairs) links.cut(from, to);
  world.after(lengthMs, () => {
    for (const [from, to] of pairs) links.heal(from, to);
  });
}

function hurtRun(victims: Victims, stream: RandomStream, how: "lose" | "flip"): void {
  const worker = stream.pick(victims.workers);
  const names = [...worker.disk.names("run/"), ...worker.disk.names("gather/")];
  if (names.length === 0) return;
  const name = stream.pick(names);
  victims.world.note(`fault ${how} ${worker.place} ${name.slice(0, 8)}…${name.slice(-6)}`);
  if (how === "lose") worker.disk.remove(name);
  else worker.disk.flip(name, stream);
}

/** Somebody appends to an input, as to a log that is still written. */
function changeInput({ world, storage }: Victims, stream: RandomStream): void {
  const { tree, archive } = storage;
  const files = tree.filesBelow("sim://store/in").filter(({ name }) => !name.includes("_"));
  if (files.length === 0) return;
  const { name, file } = stream.pick(files);
  const uri = `sim://store/in/${name}`;
  world.note(`fault change ${uri}`);
  archive.write(tree, uri, concatenate([file.bytes, new TextEncoder().encode("and more\n")]), world.wallMs);
}

/** End of the safety phase: links heal, the frozen go on, the dead come back but for a minority of workers. */
function heal(victims: Victims): void {
  const { world, links, workers, coordinator, control } = victims;
  world.note("healed: nothing new goes wrong");
  world.healed = true;
  links.healAll();
  coordinator.process.thaw();
  for (const worker of workers) worker.life.thaw();
  control.refresh();
  if (!coordinator.process.up) coordinator.start();
  const gone = world.stream("never-back").integer(0, workers.length - 1);
  workers.forEach((worker, index) => {
    const away = (index - gone + workers.length) % workers.length;
    if (away < world.options.neverBack) worker.crash();
    else if (!worker.up && worker.exited === undefined) worker.start();
  });
}
