// A shuffle service in a thread of its own, as the main thread sees it.

import { Worker } from "node:worker_threads";
import type { AttemptRef } from "@millrace/core";
import type { SegmentOutcome, SegmentRequest } from "@millrace/ports";
import type { ShuffleService, ShuffleServiceOptions } from "./shuffle-service.ts";
import type { ShuffleOrder, ShuffleReport } from "./thread-messages.ts";

/** Longest that a thread may take to end by itself. */
const closeTimeoutMs = 3_000;

/**
 * Serve and gather in a thread. Rejects with an error that has the system's `code` when the address cannot be had.
 * @param onLost called when the thread ends unasked: the worker cannot go on.
 */
export async function startShuffleThread(
  options: ShuffleServiceOptions,
  onLost: (reason: Error) => void,
): Promise<ShuffleService> {
  const source = import.meta.url.endsWith(".ts");
  const thread = new Worker(new URL(`./shuffle-thread-main.${source ? "ts" : "js"}`, import.meta.url), {
    workerData: options,
    name: "shuffle",
    execArgv: source ? ["--conditions=millrace-source"] : [],
    env: { MILLRACE_FAILPOINTS: process.env["MILLRACE_FAILPOINTS"] ?? "" },
    stdin: false,
  });
  const port = await new Promise<number>((resolve, reject) => {
    thread.once("error", reject);
    thread.once("message", (report: ShuffleReport) => {
      if (report.kind === "listening") return resolve(report.port);
      if (report.kind === "refused") reject(Object.assign(new Error(report.message), { code: report.code }));
    });
  });
  return new ShuffleThread(thread, port, onLost).service;
}

class ShuffleThread {
  readonly service: ShuffleService;
  readonly #thread: Worker;
  /** Resolves when the thread is gone, asked or not. */
  readonly #ended: Promise<void>;
  readonly #fetches = new Map<number, (outcome: SegmentOutcome) => void>();
  readonly #checks = new Map<number, (intact: boolean) => void>();
  #orders = 0;
  #closing = false;

  constructor(thread: Worker, port: number, onLost: (reason: Error) => void) {
    this.#thread = thread;
    thread.removeAllListeners("error");
    thread.on("error", (error) => onLost(error));
    this.#ended = new Promise((resolve) => {
      thread.on("exit", () => {
        resolve();
        this.#settleAll();
        if (!this.#closing) onLost(new Error("The shuffle thread ended"));
      });
    });
    thread.on("message", (report: ShuffleReport) => this.#take(report));
    this.service = {
      port,
      source: { fetch: (request, signal) => this.#fetch(request, signal), close: () => this.#close() },
      openJob: (job, key) => this.#post({ kind: "open-job", job, key }),
      closeJob: (job) => this.#post({ kind: "close-job", job }),
      verifyRun: (attempt) => this.#verify(attempt),
      close: () => this.#close(),
    };
  }

  #post(order: ShuffleOrder): void {
    this.#thread.postMessage(order);
  }

  #fetch(request: SegmentRequest, signal: AbortSignal): Promise<SegmentOutcome> {
    const order = this.#nextOrder();
    const cancel = (): void => this.#post({ kind: "cancel", order });
    return new Promise((resolve) => {
      this.#fetches.set(order, (outcome) => {
        signal.removeEventListener("abort", cancel);
        resolve(outcome);
      });
      this.#post({ kind: "fetch", order, request });
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel, { once: true });
    });
  }

  #verify(source: AttemptRef): Promise<boolean> {
    const order = this.#nextOrder();
    return new Promise((resolve) => {
      this.#checks.set(order, resolve);
      this.#post({ kind: "verify", order, source });
    });
  }

  #nextOrder(): number {
    this.#orders += 1;
    return this.#orders;
  }

  #take(report: ShuffleReport): void {
    if (report.kind === "outcome") {
      this.#fetches.get(report.order)?.(report.outcome);
      this.#fetches.delete(report.order);
    } else if (report.kind === "verified") {
      this.#checks.get(report.order)?.(report.intact);
      this.#checks.delete(report.order);
    }
  }

  /** Nobody answers any more: what was asked ends as not had. */
  #settleAll(): void {
    for (const settle of this.#fetches.values())
      settle({ kind: "failed", reason: "unreachable", message: "The shuffle thread ended" });
    for (const settle of this.#checks.values()) settle(false);
    this.#fetches.clear();
    this.#checks.clear();
  }

  async #close(): Promise<void> {
    if (this.#closing) return this.#ended;
    this.#closing = true;
    this.#post({ kind: "close" });
    const timer = setTimeout(() => void this.#thread.terminate(), closeTimeoutMs);
    await this.#ended;
    clearTimeout(timer);
  }
}
