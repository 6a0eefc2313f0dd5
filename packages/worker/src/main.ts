// Puts a worker together: the one place that chooses the makers of its ports. As a daemon it reaches its coordinator by
// gRPC, runs attempts in processes and moves segments in a thread of its own; embedded it lives beside its coordinator,
// runs attempts in threads, and loads nothing of the network.

import { hostname } from "node:os";
import { protocolVersion, WorkerMachine, type AttemptRef, type WorkerDescription, type WorkerId } from "@millrace/core";
import { dataVersion } from "@millrace/data";
import {
  createSystemClock,
  createSystemRandomness,
  type ControlChannel,
  type Storage,
  type TaskExecutor,
} from "@millrace/ports";
import type { ClientOptions } from "@millrace/rpc";
import { createLoneShuffleService, type ShuffleService } from "@millrace/shuffle/files";
import type { SlotMemory } from "@millrace/task-host";
import { checkReports } from "./check-reports.ts";
import { WorkerDriver } from "./driver.ts";
import { followCoordinator, type ClosableChannel } from "./follow-coordinator.ts";
import { reconnectDelayMs } from "./reconnect-delay.ts";
import { WorkDirectory } from "./work-directory.ts";

/** How a worker reaches its coordinator, and what goes with that. */
export type WorkerSurroundings =
  | {
      readonly kind: "daemon";
      /** Find the coordinator's address and the worker token; asked before each session. */
      readonly findCoordinator: () => Promise<ClientOptions>;
      /** `host:port` of the segment server, loopback; port 0 for any free one. */
      readonly shuffleListen: string;
    }
  | { readonly kind: "embedded"; readonly channel: ControlChannel; readonly storage: Storage };

/** What a worker is made of. */
export interface WorkerOptions {
  readonly surroundings: WorkerSurroundings;
  /** Held by this worker alone while it lives; everything in it is the worker's. */
  readonly workDirectory: string;
  /** Attempts at a time, at least 1. */
  readonly slots: number;
  /** Name for locality; default: the machine's host name. */
  readonly hostName?: string;
  /** Rack path; default `/default-rack`. */
  readonly rack?: string;
  readonly memory?: Partial<SlotMemory>;
  /** The worker cannot go on: the process ends with the exit code of the error table. */
  readonly onExit: (code: string, message: string) => void;
  /** For the log: a session began, ended, or cannot be had (told once for each reason). */
  readonly onSession?: (what: "connected" | "closed" | "unreachable", reason: string) => void;
}

/** A worker that lives. */
export interface RunningWorker {
  readonly id: WorkerId;
  /** `host:port` of its segment server; port 0 when it is embedded. */
  readonly shuffleAddress: string;
  /** File of what user code of an attempt printed; it may not exist. */
  logPath(attempt: AttemptRef): string;
  /** End attempts, give the directory back; run files stay. Resolves within about ten seconds. Twice is fine. */
  close(): Promise<void>;
}

/** Longest graceful end: kills are answered within milliseconds, a broken disk may never answer. */
const closeTimeoutMs = 10_000;
/** A gather fills a disk at 100 MB/s at most, so the coordinator's view is wrong by half a GB at most. */
const measureMs = 5_000;

/**
 * Start a worker; it registers by itself, now or when its coordinator comes.
 * @throws {MillraceError} E_STATE_LOCKED, E_CONFIGURATION, E_UNSAFE_LISTEN, E_PORT_IN_USE.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  // The directory of an embedded one goes away with its process.
  const directory = WorkDirectory.open(options.workDirectory, {
    isTakenOver: options.surroundings.kind !== "embedded",
  });
  const closers: (() => unknown)[] = [() => directory.close()];
  try {
    const { held, keys } = await directory.adopt();
    const shuffle = await startShuffle(options, directory);
    closers.unshift(() => shuffle.service.close());
    for (const { job, key } of keys) shuffle.service.openJob(job, key);
    const executor = await startExecutor(options, directory);
    closers.unshift(() => executor.close());
    const channel = await openChannel(options.surroundings);
    closers.unshift(() => channel.close());
    const driver = createDriver(options, { directory, shuffle: shuffle.service, executor, channel });
    closers.unshift(() => driver.stop());
    driver.start(await describeWorker(options, directory, shuffle.address), held);
    let closing: Promise<void> | undefined;
    return {
      id: directory.worker,
      shuffleAddress: shuffle.address,
      logPath: (attempt) => directory.logPath(attempt),
      close: () => (closing ??= within(closeTimeoutMs, closeAll(closers))),
    };
  } catch (thrown) {
    await closeAll(closers);
    throw thrown;
  }
}

interface DriverParts {
  readonly directory: WorkDirectory;
  readonly shuffle: ShuffleService;
  readonly executor: TaskExecutor;
  readonly channel: ControlChannel;
}

function createDriver(options: WorkerOptions, { directory, shuffle, executor, channel }: DriverParts): WorkerDriver {
  const randomness = createSystemRandomness();
  return new WorkerDriver({
    machine: new WorkerMachine(),
    clock: createSystemClock(),
    channel,
    executor,
    segments: shuffle,
    disk: directory,
    reconnectDelayMs: (failures) => reconnectDelayMs(failures, randomness),
    measureMs,
    onExit: options.onExit,
    onSession: onlyNews(options.onSession ?? (() => undefined)),
  });
}

/** A coordinator that is away for long is one line of a log, not one for each try. */
function onlyNews(tell: NonNullable<WorkerOptions["onSession"]>): NonNullable<WorkerOptions["onSession"]> {
  let before = "";
  return (what, reason) => {
    const news = `${what} ${reason}`;
    if (what !== "unreachable" || news !== before) tell(what, reason);
    before = news;
  };
}

async function describeWorker(
  options: WorkerOptions,
  directory: WorkDirectory,
  shuffleAddress: string,
): Promise<WorkerDescription> {
  return {
    worker: directory.worker,
    incarnation: directory.incarnation,
    ...placeOf(options),
    slots: options.slots,
    shuffleAddress,
    freeDiskBytes: await directory.freeBytes(),
    dataVersions: [dataVersion],
    nodeMajor: Number(process.versions.node.split(".")[0]),
    protocols: [protocolVersion],
  };
}

function placeOf(options: WorkerOptions): Pick<WorkerDescription, "host" | "rack"> {
  return { host: options.hostName ?? hostname(), rack: options.rack ?? "/default-rack" };
}

async function startShuffle(
  options: WorkerOptions,
  directory: WorkDirectory,
): Promise<{ readonly service: ShuffleService; readonly address: string }> {
  const { surroundings } = options;
  if (surroundings.kind === "embedded")
    return { service: createLoneShuffleService(directory.path), address: "127.0.0.1:0" };
  const [{ listenError, printHostPort, requireLoopback }, { startShuffleThread }] = await Promise.all([
    import("@millrace/rpc"),
    import("@millrace/shuffle"),
  ]);
  const { host, port } = await requireLoopback(surroundings.shuffleListen);
  try {
    const service = await startShuffleThread({ root: directory.path, host, port }, (reason) => {
      options.onExit(
        "E_INTERNAL",
        `Cannot move segments: the shuffle thread ended, ${reason.message}; start the worker again`,
      );
    });
    return { service, address: printHostPort({ host, port: service.port }) };
  } catch (thrown) {
    throw listenError({ host, port }, thrown);
  }
}

async function startExecutor(options: WorkerOptions, directory: WorkDirectory): Promise<TaskExecutor> {
  const { createProcessExecutor, createThreadExecutor } = await import("@millrace/task-host");
  const shared = {
    slots: options.slots,
    place: placeOf(options),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  };
  if (options.surroundings.kind === "embedded")
    return createThreadExecutor({ ...shared, storage: options.surroundings.storage });
  const { encodeWorkerMessage } = await import("@millrace/wire");
  return checkReports(createProcessExecutor({ ...shared, directory: `${directory.path}/hosts` }), encodeWorkerMessage);
}

async function openChannel(surroundings: WorkerSurroundings): Promise<ClosableChannel> {
  if (surroundings.kind === "embedded") {
    const { channel } = surroundings;
    return {
      connect: (handler) => channel.connect(handler),
      fetchBundle: (job, sha256) => channel.fetchBundle(job, sha256),
      close: () => undefined,
    };
  }
  const { createControlChannel } = await import("@millrace/rpc");
  return followCoordinator({
    find: surroundings.findCoordinator,
    open: createControlChannel,
    same: (a, b) => a.address === b.address && a.token === b.token,
  });
}

async function closeAll(closers: readonly (() => unknown)[]): Promise<void> {
  for (const close of closers) await close();
}

/** Wait for work, but not for ever: what has not ended by then ends with the process. */
async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)))]);
  clearTimeout(timer);
}
