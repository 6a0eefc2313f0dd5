// One host process as its worker sees it: spawned with its own group, directory and pipe, watched for memory, killed as
// a group. How it ended is told from what it said, what it was killed for, and how the kernel says it went.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { appendFileSync, closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { limits } from "@millrace/core";
import type { AttemptFailure } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import { hostLimits } from "../host-limits.ts";
import type { SlotMemory } from "../host-limits.ts";
import type { WorkerPlace } from "../worker-place.ts";
import { codeCacheVariables } from "../io/code-cache.ts";
import { moduleFlags } from "../io/host-modules.ts";
import type { HostModules } from "../io/host-modules.ts";
import type { Host, HostEvents } from "../pool/host.ts";
import { createFramePipe } from "./frame-pipe.ts";
import type { FramePipe } from "./frame-pipe.ts";
import { frameOrder, hostPipe } from "./host-messages.ts";
import type { HostOrder, HostReport } from "./host-messages.ts";
import { killGroup, removePidFile, writePidFile } from "./pid-files.ts";
import { residentBytes } from "./process-memory.ts";

/** What a host process is made of. */
export interface ProcessHostOptions {
  /** Directory of the executor; the host's own is below it. */
  readonly directory: string;
  /** Unique among the executor's hosts. */
  readonly name: string;
  readonly memory: SlotMemory;
  readonly modules: HostModules;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that say how storages are reached; user code does not see them. */
  readonly storage: Readonly<Record<string, string>>;
  readonly place: WorkerPlace;
  readonly onGone: () => void;
}

/** Own one host process. */
export class ProcessHost implements Host {
  readonly #options: ProcessHostOptions;
  readonly #path: string;
  readonly #child: ChildProcess;
  readonly #pipe: FramePipe<HostOrder>;
  readonly #log: number;
  readonly #exited: Promise<void>;
  #running: { readonly order: AttemptOrder; readonly events: HostEvents } | undefined;
  #poll: NodeJS.Timeout | undefined;
  /** Why the process is, or is about to be, gone: known before its exit. */
  #failure: AttemptFailure | undefined;
  #bootTimer: NodeJS.Timeout | undefined;
  #silent = false;

  constructor(options: ProcessHostOptions) {
    this.#options = options;
    this.#path = join(options.directory, options.name);
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    this.#log = openSync(join(this.#path, "output"), "a+", 0o600);
    this.#child = spawnHost(options, this.#path, this.#log);
    this.#exited = new Promise((resolve) => {
      this.#child.on("error", (error) => {
        this.#failure ??= startFailure(error.message);
        if (this.#child.pid === undefined) this.#ended(resolve, undefined, undefined);
      });
      this.#child.on("exit", (code, signal) => {
        this.#ended(resolve, code, signal);
      });
    });
    const stdio = this.#child.stdio as unknown as readonly Socket[] | undefined;
    // Node makes no pipes at all when this process has too many files open; its error event cleans up.
    if (stdio === undefined) throw new Error("this worker has too many files open");
    this.#pipe = createFramePipe<HostReport, HostOrder>(
      { from: stdio[hostPipe.reportsDescriptor] as Socket, to: stdio[hostPipe.ordersDescriptor] as Socket },
      {
        onMessage: (message) => {
          this.#receive(message);
        },
        // The exit tells; a pipe closed by user code in a living process is ended as a crash.
        onClosed: () => {
          this.#killGroup();
        },
      },
    );
    const { memory, modules, storage, place } = options;
    this.#pipe.send({ kind: "boot", memory, module: modules.compute, storage, place });
    this.#bootTimer = setTimeout(() => {
      this.#failure ??= startFailure(`it was not up after ${hostLimits.bootDeadlineMs} ms`);
      this.#killGroup();
    }, hostLimits.bootDeadlineMs);
  }

  run(order: AttemptOrder, events: HostEvents): void {
    this.#running = { order, events };
    this.#poll = setInterval(() => {
      this.#checkMemory();
    }, hostLimits.memoryPollMs);
    try {
      this.#pipe.send({ kind: "run", order: frameOrder(order) });
    } catch (thrown) {
      this.#failure ??= startFailure((thrown as Error).message);
      this.#killGroup();
    }
  }

  async kill(): Promise<void> {
    this.#silent = true;
    this.#running = undefined;
    this.#killGroup();
    await this.#exited;
  }

  #receive(message: HostReport): void {
    switch (message.kind) {
      case "ready":
        clearTimeout(this.#bootTimer);
        return;
      case "progress":
        this.#running?.events.onProgress(message.progress);
        return;
      case "ended":
        this.#attemptEnded(message);
        return;
      case "lost":
        this.#failure ??= message.failure;
        this.#killGroup();
    }
  }

  #attemptEnded(message: Extract<HostReport, { kind: "ended" }>): void {
    const running = this.#running;
    this.#running = undefined;
    clearInterval(this.#poll);
    const { outcome } = message;
    if (outcome.kind === "finished") running?.events.onFinished(outcome.result, outcome.vector);
    else running?.events.onFailed(outcome.failure, false);
  }

  #checkMemory(): void {
    const { pid } = this.#child;
    const bytes = pid === undefined ? undefined : residentBytes(pid);
    const max = this.#options.memory.residentBytesMax;
    if (bytes !== undefined && bytes > max) {
      this.#failure ??= {
        code: "E_TASK_MEMORY",
        message: `Cannot go on: the attempt's process has ${bytes} bytes of resident memory, more than ${max}; keep less in memory in the job's code`,
      };
      this.#killGroup();
    }
    // What is written past the patched streams has no attempt's log; it must not fill the disk either.
    if (fstatSync(this.#log).size > limits.logBytesMax) ftruncateSync(this.#log, 0);
  }

  #killGroup(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined) return;
    if (!killGroup(pid) && exitCode === null && signalCode === null) this.#child.kill("SIGKILL");
  }

  #ended(resolve: () => void, code: number | null | undefined, signal: NodeJS.Signals | null | undefined): void {
    clearTimeout(this.#bootTimer);
    clearInterval(this.#poll);
    const { pid } = this.#child;
    if (pid !== undefined) {
      // Children of user code share the group; the leader is gone, they are not.
      killGroup(pid);
      removePidFile(this.#options.directory, pid);
    }
    const running = this.#running;
    this.#running = undefined;
    const output = readTail(this.#log);
    closeSync(this.#log);
    // User code may have filled it: the worker's loop does not wait for that.
    void rm(this.#path, { recursive: true, force: true }).then(resolve, resolve);
    if (this.#silent) return;
    if (running === undefined) {
      this.#options.onGone();
      return;
    }
    const failure = this.#failure ?? exitFailure(code ?? null, signal ?? null, output);
    appendToLog(running.order.logPath, output);
    running.events.onFailed(failure, true);
  }
}

function spawnHost(options: ProcessHostOptions, path: string, log: number): ChildProcess {
  const main = options.modules.process;
  const heapMiB = Math.ceil(options.memory.heapBytes / 2 ** 20);
  // A signal must not open a debugger in a process that runs other people's code.
  const noDebugger = process.allowedNodeEnvironmentFlags.has("--disable-sigusr1") ? ["--disable-sigusr1"] : [];
  const flags = [
    `--max-old-space-size=${heapMiB}`,
    ...noDebugger,
    "--disable-warning=ExperimentalWarning",
    ...moduleFlags(main),
  ];
  let child: ChildProcess | undefined;
  try {
    child = spawn(process.execPath, [...flags, fileURLToPath(main)], {
      cwd: path,
      env: { ...options.environment, ...codeCacheVariables(), TMPDIR: path },
      stdio: ["ignore", log, log, "pipe", "pipe"],
      // A session and group of its own: signals of a terminal do not reach it, and it can be killed as a whole.
      detached: true,
      windowsHide: true,
    });
    if (child.pid !== undefined) writePidFile(options.directory, child.pid);
    return child;
  } catch (thrown) {
    // A process that no file names would outlive a crash of this worker.
    if (child?.pid !== undefined) killGroup(child.pid);
    closeSync(log);
    throw thrown;
  }
}

function exitFailure(code: number | null, signal: NodeJS.Signals | null, output: string): AttemptFailure {
  if (/JavaScript heap out of memory|Array buffer allocation failed|FATAL ERROR: .*out of memory/i.test(output)) {
    return {
      code: "E_TASK_MEMORY",
      message: "Cannot go on: the attempt's process ran out of memory; keep less in memory in the job's code",
    };
  }
  if (signal !== null) {
    return {
      code: "E_TASK_CRASHED",
      message: `Cannot go on: the attempt's process was ended by ${signal}; see the attempt's log`,
    };
  }
  return {
    code: "E_TASK_EXITED",
    message: `Cannot go on: the attempt's process ended by itself, exit code ${code ?? 0}; do not end the process from user code`,
  };
}

/** The failure of an attempt whose process could not be started: this worker's own trouble. */
export function startFailure(reason: string): AttemptFailure {
  return { code: "E_HOST_START", message: `Cannot start a task process: ${reason}; see the worker's log` };
}

function readTail(descriptor: number): string {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, hostLimits.crashTextBytesMax));
  const count = bytes.length === 0 ? 0 : readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString("utf8", 0, count);
}

/** Give an attempt's log what its process wrote past the streams, such as V8's last words. */
function appendToLog(path: string, output: string): void {
  if (output === "") return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, output.endsWith("\n") ? output : `${output}\n`, { mode: 0o600 });
  } catch {
    // The log is for people; the failure itself goes to the coordinator.
  }
}
