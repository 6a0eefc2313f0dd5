// Sessions between workers and the coordinator: connecting takes a round trip and may fail; streams are cut by faults;
// what was said in a closed session may come again, late and out of order.

import type { CoordinatorMessage, SessionId, WorkerMessage } from "@millrace/core";
import type { ProcessLife } from "../process-life.ts";
import type { Simulation } from "../simulation.ts";
import type { Links, Place } from "./links.ts";
import { Session } from "./session.ts";

/** The coordinator's listener. */
export interface ControlListener {
  readonly process: ProcessLife;
  onOpened(session: SessionId, send: (message: CoordinatorMessage) => void, close: () => void): void;
  onMessage(session: SessionId, message: WorkerMessage): void;
  onClosed(session: SessionId): void;
}

/** The worker's side of a new session. */
export interface ControlCaller {
  readonly place: Place;
  readonly process: ProcessLife;
  onMessage(message: CoordinatorMessage): void;
  onClosed(): void;
}

/** What a worker holds of its session. */
export interface ControlSession {
  send(message: WorkerMessage): void;
  close(): void;
}

/** How long a worker waits for a connection: well below a lease of 2 s, so that a coordinator that goes on is found in time. */
const connectTimeoutMs = 800;

/** All sessions of a run. */
export class ControlNetwork {
  private readonly world: Simulation;
  private readonly links: Links;
  private readonly open = new Set<Session<WorkerMessage, CoordinatorMessage>>();
  private nextSession = 1;
  listener: ControlListener | undefined;
  /** Told when a session of a place ends. */
  onTrouble: ((place: Place) => void) | undefined;

  constructor(world: Simulation, links: Links) {
    this.world = world;
    this.links = links;
    links.onChange(() => this.refresh());
  }

  /** Open a session for a worker; exactly one of the callbacks is called, in the worker's present life. */
  connect(caller: ControlCaller, onOpen: (session: ControlSession) => void, onFailed: () => void): void {
    const life = caller.process.life;
    const tell = (act: () => void): void => caller.process.deliver(life, act);
    const forthMs = this.links.delayMs(caller.place, "coordinator");
    this.world.after(forthMs, () => {
      const { listener } = this;
      const reachable = this.links.open(caller.place, "coordinator") && this.links.open("coordinator", caller.place);
      if (!reachable || listener?.process.frozen === true)
        return this.world.after(connectTimeoutMs, () => tell(onFailed));
      if (listener === undefined || !listener.process.up || caller.process.life !== life || !caller.process.up)
        return tell(onFailed);
      const session = this.establish(caller, listener);
      this.world.after(this.links.delayMs("coordinator", caller.place), () => {
        tell(() => onOpen({ send: (message) => session.sendUp(message), close: () => session.cut() }));
      });
    });
  }

  /** Cut every session of a place, as a reset on the way does. */
  reset(which: (place: Place) => boolean): void {
    for (const session of this.open) {
      if (!which(session.workerPlace)) continue;
      this.onTrouble?.(session.workerPlace);
      session.cut();
    }
    this.prune();
  }

  /** Look at all sessions again after a link or process changed. */
  refresh(): void {
    this.prune();
    for (const session of this.open) session.refresh();
  }

  private establish(caller: ControlCaller, listener: ControlListener): Session<WorkerMessage, CoordinatorMessage> {
    const id = this.nextSession++ as SessionId;
    const coordinatorLife = listener.process.life;
    const session = new Session<WorkerMessage, CoordinatorMessage>(
      this.world,
      this.links,
      {
        place: caller.place,
        process: caller.process,
        life: caller.process.life,
        onMessage: (message) => caller.onMessage(message),
        onClosed: () => {
          this.onTrouble?.(caller.place);
          caller.onClosed();
        },
      },
      {
        place: "coordinator",
        process: listener.process,
        life: coordinatorLife,
        onMessage: (message) => listener.onMessage(id, message),
        onClosed: () => {
          this.onTrouble?.(caller.place);
          listener.onClosed(id);
        },
      },
    );
    session.onUpward = (message) =>
      this.maybeRepeat(session, message, () =>
        listener.process.deliver(coordinatorLife, () => listener.onMessage(id, message)),
      );
    this.open.add(session);
    listener.onOpened(
      id,
      (message) => session.sendDown(message),
      () => session.cut(),
    );
    return session;
  }

  /** Now and then keep a message and let it come again once its session has closed. */
  private maybeRepeat(
    session: Session<WorkerMessage, CoordinatorMessage>,
    message: WorkerMessage,
    again: () => void,
  ): void {
    // A registration opens what it belongs to, so a driver gives none of a closed session.
    if (message.kind === "register") return;
    const stream = this.world.stream("stale");
    if (!stream.chance(this.world.options.stale)) return;
    const delayMs = stream.delayMs(2_000);
    this.world.after(delayMs, () => {
      if (!session.closedAtCoordinator) return;
      again();
    });
  }

  private prune(): void {
    for (const session of this.open) if (!session.open) this.open.delete(session);
  }
}
