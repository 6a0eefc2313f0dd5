// A whole simulated cluster for one seed: storage, network, coordinator, workers, clients, faults and checkers.

import type { JobId } from "@millrace/core";
import { Checker } from "./checkers/checker.ts";
import { beginFaults } from "./faults.ts";
import { ControlNetwork } from "./network/control-network.ts";
import { FetchNetwork } from "./network/fetch-network.ts";
import { keepaliveMs } from "./network/session.ts";
import { Links } from "./network/links.ts";
import { CoordinatorProcess } from "./processes/coordinator-process.ts";
import { TaskHosts } from "./processes/task-hosts.ts";
import { WorkerProcess } from "./processes/worker-process.ts";
import type { Simulation } from "./simulation.ts";
import { StorageModel } from "./storage/storage-model.ts";
import { Client } from "./workload/client.ts";
import { drawJob } from "./workload/draw-job.ts";

/** Beyond this mean delay three messages may take as long as a lease. */
const slowLinkMs = 40;
/** Time after healing in which what waited before a frozen coordinator is heard. */
const lastEventsMs = 5_000;

/** Everything of one run. */
export class Cluster {
  readonly world: Simulation;
  readonly storage: StorageModel;
  readonly checker: Checker;
  readonly coordinator: CoordinatorProcess;
  readonly workers: readonly WorkerProcess[];
  readonly clients: readonly Client[];

  constructor(world: Simulation) {
    this.world = world;
    this.storage = new StorageModel(world);
    this.checker = new Checker(world, this.storage);
    const links = new Links(world);
    const control = new ControlNetwork(world, links);
    control.onTrouble = (place) => this.checker.trouble.note(place);
    links.onChange((from, to) => {
      this.checker.trouble.note(from);
      this.checker.trouble.note(to);
    });
    const fetches = new FetchNetwork(world, links);
    const { storage, checker } = this;
    this.coordinator = new CoordinatorProcess({ world, control, fetches, storage, checker });
    const hosts = {
      world,
      storage,
      programOf: (job: string) => this.programOf(job),
      onRun: checker.truths.addRun.bind(checker.truths),
      onHurt: checker.truths.hurt.bind(checker.truths),
      onMap: checker.mapBegins.bind(checker),
      onOutcome: checker.outcome.bind(checker),
    };
    this.workers = Array.from(
      { length: world.options.workers },
      (_, index) => new WorkerProcess({ world, control, fetches }, index, (worker) => new TaskHosts(hosts, worker)),
    );
    for (const worker of this.workers) {
      fetches.add(worker);
      worker.life.onChange = () => this.checker.trouble.note(worker.place);
    }
    // A stall of the coordinator must cost no worker its lease. On slow links finding it again may take longer than one.
    this.coordinator.process.onChange = () => {
      const cut = this.coordinator.process.frozenMs >= keepaliveMs;
      if (cut && world.options.linkDelayMs > slowLinkMs) checker.trouble.noteEverywhere();
    };
    checker.trouble.ongoing = (place) => {
      const worker = this.workers.find((candidate) => candidate.place === place);
      const cut = !links.open(place, "coordinator") || !links.open("coordinator", place);
      return cut || worker?.up !== true || worker.frozen;
    };
    this.clients = Array.from(
      { length: world.options.jobs },
      (_, index) => new Client(world, this.coordinator, checker, drawJob(world, storage, index)),
    );
    for (const { drawn } of this.clients) checker.outputs.watch(drawn.spec.output.uri);
    beginFaults({
      world,
      links,
      control,
      storage,
      coordinator: this.coordinator,
      workers: this.workers,
      killJob: (job) => this.clients.find((client) => client.job === job)?.kill(),
    });
  }

  /** Start all processes and clients. */
  begin(): void {
    this.coordinator.start();
    for (const worker of this.workers) worker.start();
    for (const client of this.clients) client.begin();
  }

  /** Whether every client has its answer and every job that was accepted has ended. */
  get over(): boolean {
    const { nowMs, options } = this.world;
    if (nowMs < options.faultsUntilMs + lastEventsMs || !this.clients.every((client) => client.settled)) return false;
    if ((this.coordinator.reigning?.reign.submissions.size ?? 1) > 0) return false;
    return [...this.checker.ledgers.values()].every((ledger) => ledger.outcome !== undefined);
  }

  /** Jobs without an end, for people. */
  waiting(): readonly JobId[] {
    return [...this.checker.ledgers.values()]
      .filter((ledger) => ledger.outcome === undefined)
      .map((ledger) => ledger.job);
  }

  private programOf(job: string): Client["drawn"]["program"] {
    const drawn = this.checker.drawn.get(job);
    if (drawn === undefined) throw new Error(`Cannot run a task of "${job}": nobody submitted it`);
    return drawn.program;
  }
}
