// One compute thread as its I/O thread sees it: started warm, given one order at a time, watched, ended. Used by the
// child process of the process host and, directly, by the thread host.

import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort, Worker } from "node:worker_threads";
import type { AttemptFailure, SplitPart } from "@millrace/core";
import type { AttemptOrder, ServedBytes, Storage } from "@millrace/ports";
import { meterMotion, readMeter } from "../attempt/attempt-meter.ts";
import type { PlacedProgress } from "../attempt/attempt-meter.ts";
import type { AttemptOutcome } from "../attempt/run-attempt.ts";
import { isReadAsStored } from "../compute/find-codec.ts";
import type { ComputeMessage, RunMessage } from "../compute/io-messages.ts";
import { exitFailure } from "../failure/attempt-error.ts";
import { describeThrown } from "../failure/describe-thrown.ts";
import { hostLimits } from "../host-limits.ts";
import type { SlotMemory } from "../host-limits.ts";
import type { WorkerPlace } from "../worker-place.ts";
import { abandonRing } from "../ring/ring.ts";
import type { RingMemory } from "../ring/ring.ts";
import { PlacementCounters } from "./placement-counters.ts";
import { ReadAhead } from "./read-ahead.ts";
import { fetchFile, serveRequest } from "./serve-requests.ts";
import type { IoRequest } from "./serve-requests.ts";
import { startComputeThread, takeComputeThreadAhead, watchedHeapMiB } from "./compute-thread-start.ts";

/** What a compute host tells while it runs one attempt. Exactly one of the last two ends it. */
export interface ComputeEvents {
  onProgress(progress: PlacedProgress): void;
  onEnded(outcome: AttemptOutcome): void;
  /** The thread is gone, and with it the host: it takes no more orders. */
  onLost(failure: AttemptFailure): void;
}

/** What a compute host is made of. */
export interface ComputeHostOptions {
  /** URL of the compute thread's program, see `hostModules`. */
  readonly module: string;
  readonly storage: Storage;
  readonly place: WorkerPlace;
  readonly memory: SlotMemory;
  /**
   * Watch the thread's own memory from here, for a thread that nobody outside of the process watches. Without it the
   * heap limit is V8's alone: one large allocation beyond it ends the process, which a host process can afford.
   */
  readonly watchMemory: boolean;
  /** Environment variables of user code. */
  readonly environment: Readonly<Record<string, string>>;
  /** The thread has booted. */
  readonly onReady: () => void;
  /** The thread ended while no attempt ran. */
  readonly onIdleLoss: (failure: AttemptFailure) => void;
}

let tries = 0;

/** Own one compute thread. */
export class ComputeHost {
  readonly #options: ComputeHostOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #meter: Float64Array;
  #running: { readonly order: AttemptOrder; readonly events: ComputeEvents } | undefined;
  readonly #rings = new Set<RingMemory>();
  /** Of the attempt that runs: what a late request of an earlier one reads is that one's. */
  #placement: PlacementCounters;
  #readAhead: ReadAhead | undefined;
  #timers: NodeJS.Timeout[] = [];
  #failure: AttemptFailure | undefined;
  #terminated = false;

  constructor(options: ComputeHostOptions) {
    this.#options = options;
    this.#placement = new PlacementCounters(options.place);
    const { module, environment, memory, watchMemory } = options;
    const { slotBytes } = memory;
    const start = { module, environment, heapMiB: heapMiB(options), slotBytes, keepsCompiled: !watchMemory };
    const { worker, port, meter } = takeComputeThreadAhead(start) ?? startComputeThread(start);
    this.#worker = worker;
    worker.stdout.resume();
    worker.stderr.resume();
    this.#port = port;
    this.#meter = meter;
    this.#worker.on("error", (thrown) => {
      this.#failure ??= threadFailure(thrown);
    });
    this.#worker.on("exit", (code) => {
      // Its last words may still be on their way.
      for (let last = receiveMessageOnPort(port); last !== undefined; last = receiveMessageOnPort(port))
        this.#receive(last.message as ComputeMessage);
      this.#lost(this.#failure ?? exitFailure(code));
    });
    port.on("message", (message: ComputeMessage) => {
      this.#receive(message);
    });
  }

  /** Run an attempt. The host has no other. */
  run(order: AttemptOrder, events: ComputeEvents): void {
    this.#running = { order, events };
    this.#placement = new PlacementCounters(this.#options.place);
    // What the attempt before has counted is none of this one's progress.
    this.#meter.fill(0);
    const { storage } = this.#options;
    const parts = order.work.kind === "reduce" ? [] : order.work.split.parts;
    this.#readAhead = order.work.kind === "map" ? this.#aheadOf(order, parts) : undefined;
    const message: RunMessage = {
      kind: "run",
      order,
      inputPaths: parts.map(({ codec, uri }) =>
        codec === "detect" || isReadAsStored(codec) ? localPath(storage, uri) : undefined,
      ),
      outputPath: localPath(storage, order.outputUri),
      tryName: `${process.pid.toString(36)}${Date.now().toString(36)}${(tries++).toString(36)}`,
    };
    this.#watchImport();
    this.#watchProgress();
    if (this.#options.watchMemory) this.#watchMemory();
    this.#port.postMessage(message);
  }

  /** End the thread at once, whatever it does. Resolves when it is gone; no event follows. */
  async terminate(): Promise<void> {
    this.#terminated = true;
    this.#running = undefined;
    this.#stopTimers();
    await this.#worker.terminate();
    this.#abandonRings();
    this.#port.close();
  }

  #receive(message: ComputeMessage): void {
    switch (message.kind) {
      case "ready":
        this.#options.onReady();
        return;
      case "loaded":
        this.#imported = true;
        return;
      case "ended":
        this.#ended(message.outcome);
        return;
      case "exiting":
        this.#failure ??= message.failure;
        return;
      case "read-input":
      case "check-input":
      case "write-output":
        this.#serve(message);
    }
  }

  #serve(request: IoRequest): void {
    const rings = request.kind === "write-output" ? [request.ring, request.reply] : [request.ring];
    for (const ring of rings) this.#rings.add(ring);
    const { storage } = this.#options;
    const placement = this.#placement;
    const onServed = (piece: ServedBytes): void => {
      placement.add(piece);
    };
    void serveRequest({ storage, onServed, readAhead: this.#readAhead }, request).finally(() => {
      for (const ring of rings) this.#rings.delete(ring);
    });
  }

  /** Files that the compute thread opens by their paths are never asked for, and so never read ahead. */
  #aheadOf({ brief: { inputGrowth } }: AttemptOrder, parts: readonly SplitPart[]): ReadAhead {
    const { storage } = this.#options;
    const placement = this.#placement;
    const onServed = (piece: ServedBytes): void => {
      placement.add(piece);
    };
    return new ReadAhead(
      parts.map((part) => ({ part, inputGrowth })),
      async (planned) => fetchFile({ storage, onServed }, planned),
    );
  }

  /** Nobody is at the other side of these any more: what serves them ends. */
  #abandonRings(): void {
    for (const ring of this.#rings) abandonRing(ring);
  }

  #imported = false;

  #watchImport(): void {
    if (this.#imported) return;
    const timer = setTimeout(() => {
      if (this.#imported || this.#running === undefined) return;
      this.#failure = {
        code: "E_USER_CODE",
        message: `Cannot import the job: it did not end within ${hostLimits.importDeadlineMs} ms; do the work in setup or map, not at the top of the file`,
      };
      void this.#worker.terminate();
    }, hostLimits.importDeadlineMs);
    this.#timers.push(timer);
  }

  #watchProgress(): void {
    let seen = 0;
    const timer = setInterval(() => {
      const motion = meterMotion(this.#meter);
      if (motion === seen || this.#running === undefined) return;
      seen = motion;
      this.#running.events.onProgress(readMeter(this.#meter, this.#running.order.attempt));
    }, hostLimits.progressMs);
    this.#timers.push(timer);
  }

  #watchMemory(): void {
    let asked = false;
    const timer = setInterval(() => {
      if (asked) return;
      asked = true;
      void this.#worker.getHeapStatistics().then(
        (heap) => {
          asked = false;
          this.#checkHeap(heap);
        },
        // The thread ended while it was asked: its exit tells.
        () => undefined,
      );
    }, hostLimits.memoryPollMs);
    this.#timers.push(timer);
  }

  #checkHeap(heap: { readonly used_heap_size: number; readonly external_memory: number }): void {
    const { heapBytes, residentBytesMax } = this.#options.memory;
    const { used_heap_size: used, external_memory: external } = heap;
    if (this.#running === undefined || (used <= heapBytes && used + external <= residentBytesMax)) return;
    this.#failure ??= memoryFailure(`its thread holds ${used} bytes of heap and ${external} of buffers`);
    void this.#worker.terminate();
  }

  #ended(outcome: AttemptOutcome): void {
    const running = this.#running;
    this.#running = undefined;
    this.#stopTimers();
    running?.events.onEnded(this.#placement.addTo(outcome, running.order.work));
  }

  #lost(failure: AttemptFailure): void {
    const running = this.#running;
    this.#running = undefined;
    this.#stopTimers();
    this.#abandonRings();
    this.#port.close();
    if (this.#terminated) return;
    if (running === undefined) this.#options.onIdleLoss(failure);
    else running.events.onLost(failure);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }
}

/** A URI that no storage serves has no path: who opens it is told so. */
function localPath(storage: Storage, uri: string): string | undefined {
  try {
    return storage.localPath(uri);
  } catch {
    return undefined;
  }
}

function memoryFailure(reason: string): AttemptFailure {
  return { code: "E_TASK_MEMORY", message: `Cannot go on: ${reason}; keep less in memory in the job's code` };
}

function heapMiB({ memory, watchMemory }: ComputeHostOptions): number {
  return watchMemory ? watchedHeapMiB(memory.heapBytes) : Math.ceil(memory.heapBytes / 2 ** 20);
}

function threadFailure(thrown: unknown): AttemptFailure {
  if ((thrown as { code?: unknown } | null)?.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return memoryFailure("the JavaScript heap of the attempt is full");
  }
  const { message, frames } = describeThrown(thrown);
  const text = `Cannot go on: user code failed outside of a call by the engine: ${message}; leave no promise or timer behind`;
  return {
    code: "E_USER_CODE",
    message: [text, ...frames.slice(0, 5).map((frame) => `    ${frame}`)].join("\n").slice(0, 8_000).toWellFormed(),
  };
}
