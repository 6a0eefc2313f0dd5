// What a run is like, drawn from its seed: the size of the cluster, which faults are on, how often they come. All of it
// is printed in one line, since a fault that is on without anyone seeing it makes a failing run unreadable.

import { createStream } from "./random-stream.ts";
import type { RandomStream } from "./random-stream.ts";

/** The conditions of one run. A mean of 0 ms means that the fault is off. */
export interface SwarmOptions {
  /** Nothing goes wrong but what user code does. */
  readonly calm: boolean;
  readonly workers: number;
  readonly slots: number;
  readonly jobs: number;
  /** Workers of each host; several share a host's name. */
  readonly hosts: number;
  /** End of the safety phase; from then on nothing new goes wrong. */
  readonly faultsUntilMs: number;
  /** Workers that stay dead when all else is healed. */
  readonly neverBack: number;
  readonly workerCrashMeanMs: number;
  /** Share of worker crashes that take the machine, and what it had not synced, along. */
  readonly machineCrash: number;
  readonly coordinatorCrashMeanMs: number;
  /** Share of coordinator crashes that wait until a journal is written and not yet synced. */
  readonly syncCrash: number;
  /** Probability that the coordinator dies around a storage step of a commit. */
  readonly commitCrash: number;
  readonly pauseMeanMs: number;
  readonly pauseLengthMs: number;
  /** Mean time between stalls of the coordinator, of up to four leases. */
  readonly stallMeanMs: number;
  readonly partitionMeanMs: number;
  readonly oneWay: number;
  readonly resetMeanMs: number;
  /** Mean delay of a message on a link. */
  readonly linkDelayMs: number;
  /** Probability that a message is kept and comes again from its closed session. */
  readonly stale: number;
  /** Probability that an HTTP exchange between workers is cut or loses a bit. */
  readonly fetchCut: number;
  readonly fetchFlip: number;
  /** Storage: mean time of a step, probabilities of a lost reply, a refusal and a long wait. */
  readonly storageDelayMs: number;
  readonly storageUnknown: number;
  readonly storageRefused: number;
  readonly storageSlow: number;
  /** How long after a lost reply its step may still run. */
  readonly storageLateMs: number;
  /** Whether publish replaces an empty directory, as local disks do and HDFS does not. */
  readonly storageReplacesEmpty: boolean;
  /** Mean time between losses and between bit flips of a run file somewhere. */
  readonly runLostMeanMs: number;
  readonly runFlipMeanMs: number;
  readonly diskFull: number;
  readonly taskCrash: number;
  /** Workers at which no task process starts, until all is healed: none or one of several. */
  readonly brokenWorkers: number;
  /** Probability that a worker's disk does not answer when a run file is to be looked at. */
  readonly verifyHang: number;
  /** Probability that an attempt hangs. */
  readonly taskHang: number;
  /** Probability that a reduce attempt passes over a segment, as a host with a bug might. */
  readonly taskSkip: number;
  /** Mean time of an attempt's work. */
  readonly workMs: number;
  readonly syncMs: number;
  /** A crash leaves unsynced journal bytes whole, cut at a byte, or not at all. */
  readonly samePort: boolean;
  readonly killJob: number;
  readonly chained: number;
  /** Probability that a job writes to the output of the job before it. */
  readonly shareOutput: number;
  /** Mean time between changes of some input file. */
  readonly inputChangeMeanMs: number;
}

const on = (stream: RandomStream, low: number, high: number): number =>
  stream.chance(0.5) ? stream.integer(low, high) : 0;
const rate = (stream: RandomStream, most: number): number => (stream.chance(0.5) ? most * stream.float() : 0);

/** Draw a run's conditions. One run in eight has no faults at all, and one in eight one slot in all. */
export function drawSwarm(seed: number): SwarmOptions {
  const stream = createStream(seed, "swarm");
  const calm = stream.chance(0.125);
  const single = stream.chance(0.125);
  const drawn = drawAll(stream, single);
  return calm ? { ...drawn, ...calmFaults, calm } : drawn;
}

const calmFaults = {
  neverBack: 0,
  workerCrashMeanMs: 0,
  coordinatorCrashMeanMs: 0,
  linkDelayMs: 5,
  pauseMeanMs: 0,
  stallMeanMs: 0,
  partitionMeanMs: 0,
  resetMeanMs: 0,
  stale: 0,
  fetchCut: 0,
  fetchFlip: 0,
  storageUnknown: 0,
  storageRefused: 0,
  storageSlow: 0,
  runLostMeanMs: 0,
  runFlipMeanMs: 0,
  diskFull: 0,
  taskCrash: 0,
  brokenWorkers: 0,
  verifyHang: 0,
  taskHang: 0,
  taskSkip: 0,
  inputChangeMeanMs: 0,
  syncCrash: 0,
  commitCrash: 0,
} satisfies Partial<SwarmOptions>;

function drawAll(stream: RandomStream, single: boolean): SwarmOptions {
  const workers = single ? 1 : stream.integer(1, 5);
  return {
    calm: false,
    workers,
    slots: single ? 1 : stream.integer(1, 3),
    jobs: stream.integer(1, 4),
    hosts: stream.integer(1, workers),
    faultsUntilMs: stream.integer(15_000, 60_000),
    neverBack: stream.chance(0.5) ? Math.floor((workers - 1) / 2) : 0,
    workerCrashMeanMs: on(stream, 3_000, 40_000),
    machineCrash: rate(stream, 0.5),
    coordinatorCrashMeanMs: on(stream, 2_000, 30_000),
    syncCrash: rate(stream, 1),
    commitCrash: rate(stream, 0.15),
    pauseMeanMs: on(stream, 4_000, 40_000),
    pauseLengthMs: stream.pick([300, 3_000, 12_000, 30_000]),
    stallMeanMs: on(stream, 6_000, 40_000),
    partitionMeanMs: on(stream, 5_000, 40_000),
    oneWay: rate(stream, 1),
    resetMeanMs: on(stream, 1_000, 20_000),
    linkDelayMs: stream.pick([1, 5, 40, 300]),
    stale: rate(stream, 0.3),
    fetchCut: rate(stream, 0.3),
    fetchFlip: rate(stream, 0.2),
    storageDelayMs: stream.pick([1, 10, 80]),
    storageUnknown: rate(stream, 0.3),
    storageRefused: stream.chance(0.15) ? 0.03 : 0,
    storageSlow: rate(stream, 0.1),
    storageLateMs: stream.pick([50, 500, 1_500]),
    storageReplacesEmpty: stream.chance(0.5),
    runLostMeanMs: on(stream, 2_000, 30_000),
    runFlipMeanMs: on(stream, 2_000, 30_000),
    diskFull: rate(stream, 0.1),
    taskCrash: rate(stream, 0.1),
    taskHang: rate(stream, 0.03),
    taskSkip: stream.chance(0.1) ? 0.05 : 0,
    workMs: stream.pick([5, 60, 600, 3_000]),
    syncMs: stream.pick([1, 4, 30]),
    samePort: stream.chance(0.3),
    killJob: rate(stream, 0.3),
    chained: rate(stream, 0.8),
    shareOutput: rate(stream, 0.5),
    inputChangeMeanMs: stream.chance(0.15) ? stream.integer(2_000, 20_000) : 0,
    brokenWorkers: workers > 1 && stream.chance(0.15) ? 1 : 0,
    verifyHang: rate(stream, 0.3),
  };
}

/** Print the conditions in one line, what is off left out. */
export function printSwarm(options: SwarmOptions): string {
  const shown = Object.entries(options).filter(([, value]) => value !== 0 && value !== false);
  return shown
    .map(
      ([name, value]) => `${name}=${typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : value}`,
    )
    .join(" ");
}
