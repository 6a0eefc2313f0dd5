// The compute thread of a host: waits for an order, runs the attempt synchronously, tells how it ended. It lives as long
// as its host serves one job; user code of several attempts shares its globals.

import { rmSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { MillraceError, attemptName } from "@millrace/core";
import type { AttemptUsage } from "@millrace/core";
import type { KernelMemory } from "@millrace/data";
import { armFailpoints, failpoint } from "@millrace/ports";
import type { AttemptLoop } from "../attempt/left-work.ts";
import { runAttempt } from "../attempt/run-attempt.ts";
import type { AttemptOutcome } from "../attempt/run-attempt.ts";
import { attemptFailure, exitFailure } from "../failure/attempt-error.ts";
import { hideCodeCache, keepCompiled } from "../io/code-cache.ts";
import { AttemptLog } from "./attempt-log.ts";
import { captureOutput, printTo } from "./capture-output.ts";
import type { ComputeData, ComputeMessage, RunMessage } from "./io-messages.ts";
import { bundleStack, loadAhead, loadBundle } from "./load-bundle.ts";
import type { BundleFile, LoadedJob } from "./load-bundle.ts";
import { createNodeAttemptIo } from "./node-attempt-io.ts";
import { createSlotMemory } from "./slot-memory.ts";

const { meter, port, keepsCompiled, slotBytes } = workerData as ComputeData;

const exit = process.exit.bind(process);
let stray: ((thrown: unknown, of?: string) => void) | undefined;
/** What failed between two attempts: the next one of this host fails for it, or else nobody would. */
let late: { readonly thrown: unknown; readonly of: string } | undefined;
let lastAttempt = "the job's import";
let memory: KernelMemory | undefined;
/** Whether an attempt came: from then on there may be user code in this thread. */
let ordered = false;
/** The next module of kernels that is compiled ahead. */
let opening: NodeJS.Immediate | undefined;
let loaded: { readonly path: string; readonly job: LoadedJob } | undefined;

hideCodeCache();
armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
captureOutput();
process.exit = (code): never => {
  post({ kind: "exiting", failure: exitFailure(code ?? 0, new Error("exit"), loaded?.job.stack) });
  return exit(code);
};
// Registered before user code is: what nobody catches fails the attempt that runs, at its place; between attempts it
// is kept for the next.
process.on("uncaughtException", onStray);
port.on("message", (message: RunMessage) => {
  ordered = true;
  // Or it would be taken for work that the attempt has left.
  clearImmediate(opening);
  run(message).catch((thrown: unknown) => {
    // The runner turns all failures into outcomes: what comes here is a bug, and this host is not to be trusted.
    post({ kind: "ended", outcome: { kind: "failed", failure: attemptFailure(thrown, {}, undefined) } });
    exit(1);
  });
});
post({ kind: "ready" });
void loadAhead().then(() => {
  if (keepsCompiled && !ordered) keepCompiled();
  openKernelsAhead();
});
// The first look at the clock loads a module of Node's, 3 ms.
performance.now();

/** This thread's loop: its port to the I/O thread alone keeps it going. */
const loop: AttemptLoop = {
  ownCount: 1,
  whenIdle: (onIdle) => {
    const stop = (): void => {
      process.off("beforeExit", idle);
      port.ref();
    };
    const idle = (): void => {
      // First, or the thread ends.
      stop();
      onIdle();
    };
    process.on("beforeExit", idle);
    port.unref();
    return stop;
  },
};

function post(message: ComputeMessage): void {
  port.postMessage(message);
}

function onStray(thrown: unknown): void {
  if (stray === undefined) late ??= { thrown, of: lastAttempt };
  else stray(thrown);
}

async function run(message: RunMessage): Promise<void> {
  const { order } = message;
  const log = new AttemptLog(order.logPath);
  printTo(log);
  const outcome = await runOrder(message);
  failpoint("host.beforeReport");
  // The failure stands in the log as well: there a person looks first.
  if (outcome.kind === "failed") log.write(`${outcome.failure.code}: ${outcome.failure.message}\n`);
  stray = undefined;
  lastAttempt = `attempt ${attemptName(order.attempt)} or one before it`;
  printTo(undefined);
  log.close();
  rmSync(order.scratchPath, { recursive: true, force: true });
  post({ kind: "ended", outcome });
}

async function runOrder(message: RunMessage): Promise<AttemptOutcome> {
  const { order } = message;
  let job: LoadedJob;
  const bundle = { path: order.bundlePath, sha256: order.brief.bundleSha256 };
  try {
    job = await jobOf(bundle);
  } catch (thrown) {
    return { kind: "failed", failure: attemptFailure(thrown, { running: "import" }, bundleStack(bundle)) };
  }
  post({ kind: "loaded" });
  const input = {
    order,
    program: job.program,
    io: createNodeAttemptIo(message, meter, post),
    meter,
    memory: slotMemory(),
    tryName: message.tryName,
    stack: job.stack,
    loop,
    onLate: onStray,
    onStart: (tell: (thrown: unknown, of?: string) => void) => {
      stray = tell;
      if (late !== undefined) tell(late.thrown, late.of);
      late = undefined;
    },
  };
  return runAttempt(input, createUsage());
}

/** The slot's memory, made once at its full size: untouched pages cost nothing. */
function slotMemory(): KernelMemory {
  memory ??= createSlotMemory(slotBytes - (slotBytes % 8));
  return memory;
}

/** Compile kernels while no order has come, module by module: an order waits for one at most. Never throws. */
function openKernelsAhead(): void {
  try {
    if (!ordered && slotMemory().openNext()) opening = setImmediate(openKernelsAhead);
  } catch {
    // No address space for it now: an attempt asks again, and is told.
  }
}

async function jobOf(bundle: BundleFile): Promise<LoadedJob> {
  const { path } = bundle;
  if (loaded !== undefined && loaded.path !== path) {
    throw new MillraceError(
      "E_INTERNAL",
      "Cannot load a second job into a host: it has one already; report this bug of Millrace",
    );
  }
  loaded ??= { path, job: await loadBundle(bundle) };
  return loaded.job;
}

function createUsage(): () => AttemptUsage {
  const startMs = performance.now();
  const startCpu = threadCpuMs();
  return () => ({
    durationMs: Math.round(performance.now() - startMs),
    cpuMs: Math.round(threadCpuMs() - startCpu),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  });
}

/** CPU of this thread; of the whole process on a Node that cannot tell. */
function threadCpuMs(): number {
  const usage = typeof process.threadCpuUsage === "function" ? process.threadCpuUsage() : process.cpuUsage();
  return (usage.user + usage.system) / 1_000;
}
