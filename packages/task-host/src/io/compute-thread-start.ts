// Starts compute threads, some before it is known what for: booting one takes 40 ms, which a command spends beside its
// own imports when it asks for it first. Keeps to few imports, since it is the first that such a command loads.

import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { createMeterCells } from "../attempt/attempt-meter.ts";
import type { ComputeData } from "../compute/io-messages.ts";
import { defaultSlotMemory } from "../host-limits.ts";
import { userEnvironment } from "../process/user-environment.ts";
import { codeCacheVariables } from "./code-cache.ts";
import { hostModules, moduleFlags } from "./host-modules.ts";

/** A thread that boots, or has booted, and waits for its first order. */
export interface ComputeThread {
  /** Its streams are not read yet: reading them keeps the process alive. */
  readonly worker: Worker;
  /** Messages wait in it until it is listened to. */
  readonly port: MessagePort;
  readonly meter: Float64Array;
}

/** What a thread is started with. */
export interface ComputeThreadOptions {
  /** URL of its program. */
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  /** V8's limit on its heap. */
  readonly heapMiB: number;
  /** Memory that its attempts have. */
  readonly slotBytes: number;
  /** Whether it writes what it compiled once it has booted: in a process that is killed in the end. Else it does at its end. */
  readonly keepsCompiled: boolean;
}

/** Start a thread. */
export function startComputeThread(options: ComputeThreadOptions): ComputeThread {
  const { module, environment, heapMiB, slotBytes, keepsCompiled } = options;
  const meter = createMeterCells();
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL(module), {
    workerData: { meter, port: port2, keepsCompiled, slotBytes } satisfies ComputeData,
    transferList: [port2],
    env: { ...environment, ...codeCacheVariables() },
    // Nothing of the parent's flags: a debugger or a loader of the daemon is no business of user code.
    execArgv: [...moduleFlags(module)],
    argv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
  });
  return { worker, port: port1, meter };
}

/** V8's limit of a thread that is watched from this process: it only stops what the watch is too slow for. */
export function watchedHeapMiB(heapBytes: number): number {
  return Math.ceil((heapBytes * 4) / 2 ** 20);
}

interface StartedAhead extends ComputeThread, ComputeThreadOptions {
  ended: boolean;
  readonly onEnd: () => void;
}

let ahead: StartedAhead | undefined;

/**
 * Start the first thread of a thread executor with default memory that this process will soon make. It does not keep the
 * process alive while nobody has taken it. Never throws: who needs a thread starts another.
 */
export function startComputeThreadAhead(): void {
  if (ahead !== undefined) return;
  try {
    const options = {
      module: hostModules().compute,
      environment: userEnvironment(process.env),
      heapMiB: watchedHeapMiB(defaultSlotMemory.heapBytes),
      slotBytes: defaultSlotMemory.slotBytes,
      keepsCompiled: false,
    };
    const onEnd = (): void => {
      started.ended = true;
    };
    const started: StartedAhead = { ...startComputeThread(options), ...options, ended: false, onEnd };
    started.worker.on("error", onEnd).on("exit", onEnd).unref();
    ahead = started;
  } catch {
    // Told by the start of the thread that takes its place.
  }
}

/** Give the thread that was started ahead, once, if it is what these options ask for and lives. */
export function takeComputeThreadAhead(options: ComputeThreadOptions): ComputeThread | undefined {
  const started = ahead;
  ahead = undefined;
  if (started === undefined || started.ended || !isSame(started, options)) return undefined;
  started.worker.off("error", started.onEnd).off("exit", started.onEnd).ref();
  return started;
}

function isSame(one: ComputeThreadOptions, other: ComputeThreadOptions): boolean {
  const text = ({ module, environment, heapMiB, slotBytes, keepsCompiled }: ComputeThreadOptions): string =>
    JSON.stringify([module, environment, heapMiB, slotBytes, keepsCompiled]);
  return text(one) === text(other);
}
