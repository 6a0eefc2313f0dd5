// When each worker last had trouble of a kind that may cost it its lease. A worker that is given up without any has
// been given up wrongly: busy is not dead, and a late coordinator is no reason.

import type { Place } from "../network/links.ts";
import type { Simulation } from "../simulation.ts";
import { demand } from "../violation.ts";

/** How long trouble may still cost a lease: keepalive, a lease, a try to connect, messages under way. */
const aftermathMs = 9_000;

/** Times of trouble by place. */
export class TroubleLog {
  private readonly world: Simulation;
  private readonly lastMs = new Map<Place, number>();
  /** Whether a place has trouble at this moment. */
  ongoing: (place: Place) => boolean = () => false;
  private everywhereMs = Number.NEGATIVE_INFINITY;

  constructor(world: Simulation) {
    this.world = world;
  }

  /** A worker froze, died, was cut off, or lost its session. */
  note(place: Place): void {
    this.lastMs.set(place, this.world.nowMs);
  }

  /** The coordinator died or began: every worker has to find it again. */
  noteEverywhere(): void {
    this.everywhereMs = this.world.nowMs;
  }

  /** Demand that a worker which is given up had trouble. */
  checkLost(place: Place, what: string): void {
    if (this.ongoing(place)) return;
    const last = Math.max(this.everywhereMs, this.lastMs.get(place) ?? Number.NEGATIVE_INFINITY);
    const quietMs = this.world.nowMs - last;
    demand(
      quietMs <= aftermathMs,
      "I15",
      () => `${what} is given up with ${place}, which had no trouble for ${quietMs} ms`,
    );
  }
}
