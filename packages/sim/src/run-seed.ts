// One run: a seed's cluster from its first event to the last check. The same seed gives the same run, to the last byte.

import { checkLeaks } from "./checkers/leak-checker.ts";
import { Cluster } from "./cluster.ts";
import type { MarkName } from "./marks.ts";
import { withTrap } from "./runtime-trap.ts";
import { Simulation } from "./simulation.ts";
import { drawSwarm, printSwarm } from "./swarm.ts";
import { demand, Violation } from "./violation.ts";
import { printWaits } from "./wait-graph.ts";

/** What a run gave. */
export interface SeedResult {
  readonly seed: number;
  readonly swarm: string;
  readonly hash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly marks: Partial<Record<MarkName, number>>;
  readonly outcomes: readonly string[];
  readonly failure: SeedFailure | undefined;
}

/** Why a run failed. */
export interface SeedFailure {
  /** Such as `I7`, or `crash` for an exception. */
  readonly invariant: string;
  readonly message: string;
  readonly trace: readonly string[];
}

/** Time after the last end in which sweeps, late storage steps and zombies may still do something wrong. */
const settleMs = 30_000;

/** Run one seed. Never throws. */
export function runSeed(seed: number, options: { readonly onTrace?: (line: string) => void } = {}): SeedResult {
  const swarm = drawSwarm(seed);
  const world = new Simulation(seed, swarm);
  world.trace.listener = options.onTrace;
  const outcomes: string[] = [];
  const failure = catching(world, () => {
    withTrap(() => {
      const cluster = new Cluster(world);
      cluster.begin();
      play(world, cluster);
      outcomes.push(...cluster.clients.map((client) => describeClient(cluster, client.job, client.refusal)));
    });
  });
  return {
    seed,
    swarm: printSwarm(swarm),
    hash: world.trace.digest(),
    events: world.events,
    virtualMs: world.nowMs,
    marks: world.marks.toRecord(),
    outcomes,
    failure,
  };
}

function play(world: Simulation, cluster: Cluster): void {
  const boundMs = world.options.faultsUntilMs + 240_000 + 400 * world.options.workMs;
  while (!cluster.over) {
    demand(world.step(), "I16", () => `nothing is left to happen, but jobs wait\n${printWaits(cluster)}`);
    demand(
      world.nowMs < boundMs,
      "I16",
      () => `jobs have not ended ${boundMs} ms after the start\n${printWaits(cluster)}`,
    );
  }
  const endMs = world.nowMs + settleMs;
  while (world.nowMs < endMs && world.step());
  const machine = cluster.coordinator.reigning;
  if (machine !== undefined) cluster.checker.compareAll(machine);
  cluster.checker.checkEnd();
  checkLeaks(cluster);
  if (world.options.workers * world.options.slots === 1) world.marks.hit("one-slot");
}

function describeClient(cluster: Cluster, job: string | undefined, refusal: string | undefined): string {
  if (job === undefined) return refusal ?? "no answer";
  const ledger = [...cluster.checker.ledgers.values()].find((candidate) => candidate.job === job);
  const end = ledger?.outcome;
  return `${ledger?.spec?.name} ${end?.outcome}${end?.failure === undefined ? "" : ` ${end.failure.code}`}`;
}

function catching(world: Simulation, act: () => void): SeedFailure | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const invariant = thrown instanceof Violation ? thrown.invariant : "crash";
    const message = thrown instanceof Violation ? error.message : (error.stack ?? error.message);
    return { invariant, message, trace: world.trace.last().filter((line) => line !== undefined) };
  }
}
