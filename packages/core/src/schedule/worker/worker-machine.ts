// What a worker decides: a synchronous, total transition function over its events. It allocates nothing: slots and
// places are the coordinator's. An order that cannot be obeyed is counted and answered, never a crash.

import { assertNever } from "../../errors/invariant.ts";
import { attemptKey } from "../../model/ids.ts";
import type { CoordinatorMessage, HeldSegments, WorkerDescription } from "../../model/session-messages.ts";
import type { WorkerEffect, WorkerEvent } from "../../model/worker-machine-io.ts";
import {
  acknowledge,
  endAttempt,
  failGather,
  finishAttempt,
  launchGather,
  launchMap,
  launchReduce,
  launchSample,
  progressAttempt,
  stopAttempt,
} from "./attempt-table.ts";
import { forgetJob } from "./forget-job.ts";
import { losePlaces, segmentFailed, segmentFetched, startFetches, takePlaces } from "./gather-table.ts";
import { holdRun, releaseRun, runVerified, verifyRun } from "./held-runs.ts";
import { takeBrief, takeRanges } from "./job-table.ts";
import { askWake, expire } from "./worker-deadlines.ts";
import { defaultWorkerLimits, type WorkerLimits } from "./worker-limits.ts";
import { connected, disconnected, registered } from "./worker-session.ts";
import {
  countStale,
  createWorkerState,
  type WorkerCounters,
  type WorkerState,
  type WorkerTurn,
} from "./worker-state.ts";

/** Decide for one worker process: `step` takes what happened and gives what to do, in order. */
export class WorkerMachine {
  readonly #state: WorkerState;
  readonly #limits: WorkerLimits;

  /** @param limits bounds and waits to use instead of the engine's own. */
  constructor(limits: Partial<WorkerLimits> = {}) {
    this.#limits = { ...defaultWorkerLimits, ...limits };
    this.#state = createWorkerState(this.#limits);
  }

  /**
   * Take one event. Same events, same effects.
   * @param atMs monotonic time of the event, never less than at the step before.
   * @returns effects in the order to perform them; the caller owns the array.
   */
  step(atMs: number, event: WorkerEvent): WorkerEffect[] {
    const turn: WorkerTurn = { state: this.#state, limits: this.#limits, atMs, effects: [] };
    take(turn, event);
    startFetches(turn);
    askWake(turn);
    return turn.effects;
  }

  /** What happened so far, for metrics and tests. */
  get counters(): Readonly<WorkerCounters> {
    return this.#state.counters;
  }

  /** What is here now, for metrics, tests and the simulator's checkers. */
  get summary(): WorkerSummary {
    const { attempts, gathers, held, jobs, fetches, slotsTaken, session } = this.#state;
    return {
      session: session.kind,
      attempts: attempts.size,
      slotsTaken,
      gathers: gathers.size,
      held: held.size,
      jobs: jobs.size,
      fetches: fetches.running,
    };
  }
}

/** How much a worker has. */
export interface WorkerSummary {
  readonly session: WorkerState["session"]["kind"];
  /** Attempts launched and not yet acknowledged. */
  readonly attempts: number;
  /** Slots of running and stopping attempts. */
  readonly slotsTaken: number;
  readonly gathers: number;
  readonly held: number;
  readonly jobs: number;
  /** Fetches in flight. */
  readonly fetches: number;
}

function take(turn: WorkerTurn, event: WorkerEvent): void {
  switch (event.kind) {
    case "started":
      return started(turn, event.description, event.held);
    case "connected":
      return connected(turn);
    case "disconnected":
      return disconnected(turn);
    case "message":
      return takeMessage(turn, event.message);
    case "fetched":
      return segmentFetched(turn, event.reader, event);
    case "fetch-failed":
      return fetchEndedBadly(turn, event);
    case "attempt-progress":
      return progressAttempt(turn, event.progress);
    case "attempt-finished":
      return finishAttempt(turn, event.result, event.vector);
    case "attempt-failed":
      return endAttempt(turn, event.attempt, event.failure);
    case "attempt-stopped":
      return endAttempt(turn, event.attempt);
    case "run-verified":
      return runVerified(turn, event.source, event.intact);
    case "disk-measured":
      turn.state.freeDiskBytes = event.freeDiskBytes;
      return;
    case "tick":
      return expire(turn);
    default:
      return assertNever(event, "worker event");
  }
}

function takeMessage(turn: WorkerTurn, message: CoordinatorMessage): void {
  if (message.kind === "registered") return registered(turn, message);
  if (message.kind === "refused") {
    turn.effects.push({ kind: "exit", code: message.code, message: message.message });
    return;
  }
  // Before the registration is answered a coordinator has nothing to order.
  if (turn.state.session.kind !== "registered") return countStale(turn);
  takeOrder(turn, message);
}

function takeOrder(turn: WorkerTurn, order: Exclude<CoordinatorMessage, { kind: "registered" | "refused" }>): void {
  switch (order.kind) {
    case "brief":
      return takeBrief(turn, order.brief);
    case "launch-map":
      return launchMap(turn, order.attempt, order.split);
    case "launch-sample":
      return launchSample(turn, order.attempt, order);
    case "ranges":
      return takeRanges(turn, order);
    case "gather":
      return launchGather(turn, order.attempt, order.maps);
    case "places":
      return takePlaces(turn, order.attempt, order.places);
    case "places-lost":
      return losePlaces(turn, order.attempt, order.tasks);
    case "launch-reduce":
      return launchReduce(turn, order.attempt);
    case "kill":
      return stopAttempt(turn, order.attempt, {
        code: "E_KILLED",
        message: `Stopped attempt "${attemptKey(order.attempt)}": ${order.reason}`,
      });
    case "acknowledge":
      return acknowledge(turn, order.attempt);
    case "verify":
      return verifyRun(turn, order.source);
    case "release":
      return releaseRun(turn, order.attempt);
    case "forget-job":
      return forgetJob(turn, order.job);
    default:
      return assertNever(order, "order");
  }
}

function started(turn: WorkerTurn, description: WorkerDescription, held: readonly HeldSegments[]): void {
  if (turn.state.description !== undefined) return countStale(turn);
  turn.state.description = description;
  turn.state.freeDiskBytes = description.freeDiskBytes;
  turn.state.aloneSinceMs = turn.atMs;
  for (const run of held) holdRun(turn, run);
}

/** A reader whose own disk fails cannot go on here: it ends, and no map is blamed. */
function fetchEndedBadly(turn: WorkerTurn, event: Extract<WorkerEvent, { kind: "fetch-failed" }>): void {
  const gather = turn.state.gathers.get(attemptKey(event.reader));
  const item = gather?.plan.items.get(event.task);
  if (gather === undefined || item?.kind !== "fetching" || item.place.attempt !== event.attempt)
    return countStale(turn);
  if (event.local === undefined) return segmentFailed(turn, gather, event);
  failGather(turn, event.reader, event.local);
}
