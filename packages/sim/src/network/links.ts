// Who can reach whom. Each directed pair of places has delays of its own and can be cut, in one direction or both.

import type { Simulation } from "../simulation.ts";

/** Name of a place on the network: a worker's id, or `coordinator`. */
export type Place = string;

/** The state of all directed links. */
export class Links {
  private readonly world: Simulation;
  private readonly cutSince = new Map<string, number>();
  private readonly listeners: ((from: Place, to: Place) => void)[] = [];

  constructor(world: Simulation) {
    this.world = world;
  }

  /** Draw the delay of the next message, in ms: at most five means, so that delay alone ends no lease. */
  delayMs(from: Place, to: Place): number {
    const meanMs = this.world.options.linkDelayMs;
    return Math.min(this.world.stream("net", from, to).delayMs(meanMs), 5 * meanMs);
  }

  open(from: Place, to: Place): boolean {
    return !this.cutSince.has(`${from}>${to}`);
  }

  /** How long a link has been cut, in ms; 0 when it is open. */
  cutMs(from: Place, to: Place): number {
    const since = this.cutSince.get(`${from}>${to}`);
    return since === undefined ? 0 : this.world.nowMs - since;
  }

  cut(from: Place, to: Place): void {
    if (this.open(from, to)) this.cutSince.set(`${from}>${to}`, this.world.nowMs);
    for (const listener of this.listeners) listener(from, to);
  }

  heal(from: Place, to: Place): void {
    this.cutSince.delete(`${from}>${to}`);
    for (const listener of this.listeners) listener(from, to);
  }

  healAll(): void {
    for (const name of this.cutSince.keys()) {
      const [from, to] = name.split(">") as [Place, Place];
      this.heal(from, to);
    }
  }

  /** Be told when a link changes. */
  onChange(listener: (from: Place, to: Place) => void): void {
    this.listeners.push(listener);
  }
}
