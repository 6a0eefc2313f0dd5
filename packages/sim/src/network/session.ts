// One stream between a worker and the coordinator, as TCP gives it: each direction is in order and whole until a cut,
// and a cut loses what was under way. A link that is cut holds messages back; held too long, keepalive ends the stream.
// Each side learns of the end by itself, at its own time.

import type { ProcessLife } from "../process-life.ts";
import type { Simulation } from "../simulation.ts";
import type { Links, Place } from "./links.ts";

/** How long a side waits for any sign of the other before it gives the stream up: two leases, as in the real network. */
export const keepaliveMs = 4_000;

/** One end of a stream. */
export interface SessionEnd<Message> {
  readonly place: Place;
  readonly process: ProcessLife;
  readonly life: number;
  readonly onMessage: (message: Message) => void;
  readonly onClosed: () => void;
}

interface Direction<Message> {
  readonly from: Place;
  readonly to: SessionEnd<Message>;
  /** Sent and not yet delivered, in order. */
  readonly underWay: { message: Message; arrivesAtMs: number }[];
  lastArrivalMs: number;
  closedAtReceiver: boolean;
}

/** Both directions of one stream. */
export class Session<Up, Down> {
  private readonly world: Simulation;
  private readonly links: Links;
  private readonly up: Direction<Up>;
  private readonly down: Direction<Down>;
  private broken = false;
  /** Told of each upward message that was delivered or lost, so that it may come again late. */
  onUpward: ((message: Up) => void) | undefined;

  constructor(world: Simulation, links: Links, worker: SessionEnd<Down>, coordinator: SessionEnd<Up>) {
    this.world = world;
    this.links = links;
    this.up = { from: worker.place, to: coordinator, underWay: [], lastArrivalMs: 0, closedAtReceiver: false };
    this.down = { from: coordinator.place, to: worker, underWay: [], lastArrivalMs: 0, closedAtReceiver: false };
  }

  sendUp(message: Up): void {
    this.onUpward?.(message);
    this.send(this.up, message);
  }

  sendDown(message: Down): void {
    this.send(this.down, message);
  }

  /** Cut the stream: what is under way is lost, and both ends learn it when word reaches them. */
  cut(): void {
    if (this.broken) return;
    this.broken = true;
    this.tellClosed(this.up);
    this.tellClosed(this.down);
  }

  /** Look at the links and processes again: deliver what was held, or give up what was held too long. */
  refresh(): void {
    if (this.broken) return;
    this.deliverDue(this.up);
    this.deliverDue(this.down);
    const silentMs = Math.max(
      this.links.cutMs(this.up.from, this.down.from),
      this.links.cutMs(this.down.from, this.up.from),
      this.up.to.process.frozenMs,
      this.down.to.process.frozenMs,
    );
    if (silentMs >= keepaliveMs) this.cut();
    else if (this.silent) this.world.after(keepaliveMs - silentMs, () => this.refresh());
  }

  get open(): boolean {
    return !this.broken;
  }

  get workerPlace(): Place {
    return this.up.from;
  }

  /** Whether the coordinator has been told that the stream ended. */
  get closedAtCoordinator(): boolean {
    return this.up.closedAtReceiver;
  }

  /** Whether one side hears nothing of the other at the moment. */
  private get silent(): boolean {
    const { up, down, links } = this;
    return (
      up.to.process.frozen ||
      down.to.process.frozen ||
      !links.open(up.from, down.from) ||
      !links.open(down.from, up.from)
    );
  }

  private send<Message>(direction: Direction<Message>, message: Message): void {
    if (this.broken) return;
    const arrivesAtMs = Math.max(
      direction.lastArrivalMs,
      this.world.nowMs + this.links.delayMs(direction.from, direction.to.place),
    );
    direction.lastArrivalMs = arrivesAtMs;
    direction.underWay.push({ message, arrivesAtMs });
    this.world.at(arrivesAtMs, () => this.deliverDue(direction));
  }

  private deliverDue<Message>(direction: Direction<Message>): void {
    if (!this.links.open(direction.from, direction.to.place)) return;
    const { to, underWay } = direction;
    while (!this.broken && !direction.closedAtReceiver) {
      const first = underWay[0];
      if (first === undefined || first.arrivesAtMs > this.world.nowMs) return;
      underWay.shift();
      to.process.deliver(to.life, () => {
        if (!direction.closedAtReceiver) to.onMessage(first.message);
      });
    }
  }

  /** A reset reaches a side when its link is open; else keepalive tells it. */
  private tellClosed<Message>(direction: Direction<Message>): void {
    const { from, to } = direction;
    direction.underWay.length = 0;
    const open = this.links.open(from, to.place);
    const delayMs = open ? this.links.delayMs(from, to.place) : keepaliveMs;
    this.world.after(delayMs, () => {
      to.process.deliver(to.life, () => {
        if (direction.closedAtReceiver) return;
        direction.closedAtReceiver = true;
        to.onClosed();
      });
    });
  }
}
