// The shuffle's exchanges between workers, and the coordinator's knocking at a shuffle port: one request, one answer,
// with everything that can happen on the way.

import type { ComplaintReason } from "@millrace/core";
import type { Simulation } from "../simulation.ts";
import type { Links, Place } from "./links.ts";

/** How an answer to a segment request looks before it is verified. */
export type ServedSegment = { readonly kind: "bytes"; readonly bytes: Uint8Array } | { readonly kind: "missing" };

/** A worker's shuffle server. */
export interface ShuffleServer {
  readonly place: Place;
  /** `host:port` of its present life. */
  readonly address: string;
  readonly up: boolean;
  readonly frozen: boolean;
  serve(
    source: { readonly job: string; readonly stage: number; readonly task: number; readonly attempt: number },
    partition: number,
  ): ServedSegment;
}

/** What a fetch got: bytes still to be verified, or why not. */
export type FetchAnswer =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly reason: ComplaintReason };

const fetchTimeoutMs = 1_500;

/** Where shuffle servers are found by address. */
export class FetchNetwork {
  private readonly world: Simulation;
  private readonly links: Links;
  private readonly servers: ShuffleServer[] = [];

  constructor(world: Simulation, links: Links) {
    this.world = world;
    this.links = links;
  }

  add(server: ShuffleServer): void {
    this.servers.push(server);
  }

  /** Ask for one segment; `answer` is called once. */
  fetch(
    request: {
      readonly from: Place;
      readonly address: string;
      readonly source: Parameters<ShuffleServer["serve"]>[0];
      readonly partition: number;
    },
    answer: (answer: FetchAnswer) => void,
  ): void {
    const { world } = this;
    const place = placeOf(request.address);
    world.after(this.links.delayMs(request.from, place), () => {
      const server = this.servers.find((candidate) => candidate.address === request.address);
      const connected = this.links.open(request.from, place) && this.links.open(place, request.from);
      if (!connected || server?.frozen === true)
        return world.after(fetchTimeoutMs, () => answer({ kind: "failed", reason: "unreachable" }));
      if (server?.up !== true) return answer({ kind: "failed", reason: "unreachable" });
      const served = server.serve(request.source, request.partition);
      world.after(this.links.delayMs(place, request.from), () => answer(this.disturb(served)));
    });
  }

  /** Knock at a worker's port from the coordinator. */
  probe(address: string, answer: (answer: "alive" | "refused" | "unknown") => void): void {
    const place = placeOf(address);
    const { world } = this;
    world.after(this.links.delayMs("coordinator", place), () => {
      if (!this.links.open("coordinator", place) || !this.links.open(place, "coordinator"))
        return world.after(500, () => answer("unknown"));
      const server = this.servers.find((candidate) => candidate.address === address && candidate.up);
      world.after(this.links.delayMs(place, "coordinator"), () => answer(server === undefined ? "refused" : "alive"));
    });
  }

  private disturb(served: ServedSegment): FetchAnswer {
    if (served.kind === "missing") return { kind: "failed", reason: "missing" };
    const { world } = this;
    const stream = world.stream("fetch");
    if (world.healed || served.bytes.length === 0) return served;
    if (stream.chance(world.options.fetchCut))
      return { kind: "bytes", bytes: served.bytes.slice(0, stream.integer(0, served.bytes.length - 1)) };
    if (stream.chance(world.options.fetchFlip)) {
      const bytes = served.bytes.slice();
      const at = stream.integer(0, bytes.length - 1);
      bytes[at] = (bytes[at] as number) ^ (1 << stream.integer(0, 7));
      return { kind: "bytes", bytes };
    }
    return served;
  }
}

/** Worker's id in an address (`w-0:7001`). */
export function placeOf(address: string): Place {
  return address.slice(0, address.indexOf(":"));
}
