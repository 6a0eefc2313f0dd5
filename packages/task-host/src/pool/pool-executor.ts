// Shares hosts among attempts: a slot's worth of attempts at a time, each host for one job, a spare kept warm for each
// slot. Decides nothing about tasks; it ends what makes no progress and what it is told to stop.

import { appendFile, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { attemptKey, formatDuration, invariant, quote } from "@millrace/core";
import type { AttemptFailure, AttemptRef } from "@millrace/core";
import type { AttemptHandler, AttemptOrder, TaskExecutor } from "@millrace/ports";
import type { PlacedProgress } from "../attempt/attempt-meter.ts";
import type { CreateHost, Host } from "./host.ts";

/** Say how many hosts there are. */
export interface PoolOptions {
  /** Attempts at a time. */
  readonly slots: number;
  /** Hosts kept warm for jobs to come. */
  readonly spares: number;
  /** Hosts started at once; the spares when absent. */
  readonly warm?: number;
  readonly createHost: CreateHost;
}

interface PooledHost {
  readonly host: Host;
  /** The one job that it serves; undefined for a spare. */
  job: string | undefined;
  running: RunningAttempt | undefined;
  forgotten: boolean;
}

interface RunningAttempt {
  readonly order: AttemptOrder;
  readonly handler: AttemptHandler;
  readonly pooled: PooledHost;
  watchdog: NodeJS.Timeout | undefined;
  /** Where in the split it was when it last moved. */
  at: PlacedProgress["at"];
}

/** Make an executor over hosts. The first spares start at once. */
export class PoolExecutor implements TaskExecutor {
  readonly #options: PoolOptions;
  readonly #hosts = new Set<PooledHost>();
  readonly #running = new Map<string, RunningAttempt>();
  /** Ends that are under way: `close` waits for them. */
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#fillSpares(options.warm ?? options.spares);
  }

  start(order: AttemptOrder, handler: AttemptHandler): void {
    const key = attemptKey(order.attempt);
    invariant(!this.#closed && this.#running.size < this.#options.slots, `no slot is free for attempt ${key}`);
    invariant(!this.#running.has(key), `attempt ${key} runs already`);
    const pooled = this.#hostFor(order.attempt.job);
    const running: RunningAttempt = { order, handler, pooled, watchdog: undefined, at: undefined };
    pooled.running = running;
    this.#running.set(key, running);
    this.#watch(running);
    pooled.host.run(order, {
      onProgress: ({ at, ...progress }) => {
        running.at = at;
        this.#watch(running);
        handler.onProgress(progress);
      },
      onFinished: (result, vector) => {
        this.#release(running, false);
        handler.onFinished(result, vector);
      },
      onFailed: (failure, hostGone) => {
        this.#release(running, hostGone);
        this.#fail(running, failure, hostGone);
      },
    });
    this.#fillSpares();
  }

  stop(attempt: AttemptRef): void {
    const running = this.#running.get(attemptKey(attempt));
    if (running === undefined) return;
    this.#end(running, undefined);
  }

  forgetJob(job: string): void {
    for (const pooled of this.#hosts) {
      if (pooled.job !== job) continue;
      if (pooled.running === undefined) this.#drop(pooled);
      else pooled.forgotten = true;
    }
    this.#fillSpares();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const running of this.#running.values()) this.stop(running.order.attempt);
    for (const pooled of this.#hosts) this.#drop(pooled);
    while (this.#ending.size > 0) await Promise.all(this.#ending);
  }

  /** An idle host of the job, else a spare, else a new one. */
  #hostFor(job: string): PooledHost {
    const idle = [...this.#hosts].filter((pooled) => pooled.running === undefined);
    const chosen = idle.find((pooled) => pooled.job === job) ?? idle.find((pooled) => pooled.job === undefined);
    const pooled = chosen ?? this.#create();
    pooled.job = job;
    // Assigned hosts are bounded by the slots: the one idle for longest gives way, and its job takes a spare next time.
    const assigned = [...this.#hosts].filter((each) => each.job !== undefined);
    const surplus = assigned.length - this.#options.slots;
    const others = assigned.filter((each) => each.running === undefined && each !== pooled);
    for (const each of others.slice(0, Math.max(0, surplus))) this.#drop(each);
    // Sets keep the order of insertion: the one used last stands last.
    this.#hosts.delete(pooled);
    this.#hosts.add(pooled);
    return pooled;
  }

  #create(): PooledHost {
    const host = this.#options.createHost(() => {
      // Not replaced before the next attempt: where hosts cannot live, starting them at once would never end.
      this.#hosts.delete(pooled);
    });
    const pooled: PooledHost = { host, job: undefined, running: undefined, forgotten: false };
    this.#hosts.add(pooled);
    return pooled;
  }

  #fillSpares(count: number = this.#options.spares): void {
    if (this.#closed) return;
    let spares = [...this.#hosts].filter((pooled) => pooled.job === undefined).length;
    for (; spares < count; spares += 1) this.#create();
  }

  #watch(running: RunningAttempt): void {
    if (running.watchdog !== undefined) {
      running.watchdog.refresh();
      return;
    }
    const { taskTimeoutMs } = running.order.brief;
    // setTimeout counts in 32 bits; a longer time-out than 24 days is none.
    const delay = Math.min(taskTimeoutMs, 2 ** 31 - 1);
    running.watchdog = setTimeout(() => {
      this.#end(running, timeoutFailure(running));
    }, delay);
  }

  /** Take an attempt off its host, which goes on or is gone. */
  #release(running: RunningAttempt, hostGone: boolean): void {
    clearTimeout(running.watchdog);
    this.#running.delete(attemptKey(running.order.attempt));
    const { pooled } = running;
    pooled.running = undefined;
    if (hostGone) this.#hosts.delete(pooled);
    else if (pooled.forgotten) this.#drop(pooled);
    if (hostGone) this.#fillSpares();
  }

  /** Kill the host of an attempt, clean up after it, then tell. */
  #end(running: RunningAttempt, failure: AttemptFailure | undefined): void {
    this.#release(running, true);
    this.#track(
      running.pooled.host.kill().then(async () => {
        await removeScratch(running.order);
        if (failure === undefined) running.handler.onStopped();
        else await tellFailure(running, failure);
      }),
    );
  }

  #fail(running: RunningAttempt, failure: AttemptFailure, hostGone: boolean): void {
    if (hostGone) this.#track(removeScratch(running.order).then(async () => tellFailure(running, failure)));
    else running.handler.onFailed(failure);
  }

  #drop(pooled: PooledHost): void {
    this.#hosts.delete(pooled);
    this.#track(pooled.host.kill());
  }

  #track(ending: Promise<void>): void {
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }
}

/** Tell a failure that the host could not write into the attempt's log itself. */
async function tellFailure({ order, handler }: RunningAttempt, failure: AttemptFailure): Promise<void> {
  try {
    await mkdir(dirname(order.logPath), { recursive: true, mode: 0o700 });
    await appendFile(order.logPath, `${failure.code}: ${failure.message}\n`, { mode: 0o600 });
  } catch {
    // The log is for people; the failure itself goes to the coordinator.
  }
  handler.onFailed(failure);
}

function timeoutFailure({ order, at }: RunningAttempt): AttemptFailure {
  const { brief, work } = order;
  const part = at === undefined || work.kind === "reduce" ? undefined : work.split.parts[at.part];
  const place = part === undefined ? "" : `, the last at byte ${at?.offset} of ${quote(part.uri, 1_024)}`;
  return {
    code: "E_TASK_TIMEOUT",
    message: `Cannot go on: no record was read or written for ${formatDuration(brief.taskTimeoutMs)}${place}; look for an endless loop, or raise the task timeout`,
  };
}

async function removeScratch(order: AttemptOrder): Promise<void> {
  try {
    await rm(order.scratchPath, { recursive: true, force: true });
  } catch {
    // The worker sweeps its work directory when the job is forgotten.
  }
}
