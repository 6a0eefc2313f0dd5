// Where an attempt's input came from: whether its worker is near its split, and which hosts of a storage served its
// bytes. Counted where it is read, in the I/O thread, and put beside the counters of the result.

import {
  findHost,
  isSameHost,
  limits,
  mapsFar,
  mapsNear,
  mapsOnRack,
  servedBy,
  servedFar,
  servedNear,
} from "@millrace/core";
import type { Split } from "@millrace/core";
import type { AttemptOrder, ServedBytes } from "@millrace/ports";
import type { AttemptOutcome } from "../attempt/run-attempt.ts";
import type { WorkerPlace } from "../worker-place.ts";

/** An attempt reads from few hosts; one that changes host with every block of a huge file names the first ones. */
const hostsMax = 64;

/** Count for one attempt. Bytes are those over the wire: what was read ahead and given up counts. */
export class PlacementCounters {
  readonly #place: WorkerPlace;
  readonly #bytesByHost = new Map<string, number>();
  #near = 0;
  #far = 0;

  /** @param place - where the attempt's worker is */
  constructor(place: WorkerPlace) {
    this.#place = place;
  }

  add({ host, bytes }: ServedBytes): void {
    if (isSameHost(host, this.#place.host)) this.#near += bytes;
    else this.#far += bytes;
    const known = this.#bytesByHost.get(host);
    if (known === undefined && this.#bytesByHost.size >= hostsMax) return;
    this.#bytesByHost.set(host, (known ?? 0) + bytes);
  }

  /** Put the counters beside those of a result; a failed attempt counts nothing. */
  addTo(outcome: AttemptOutcome, work: AttemptOrder["work"]): AttemptOutcome {
    if (outcome.kind !== "finished") return outcome;
    const placed = work.kind === "map" ? mapCounter(work.split, this.#place) : undefined;
    const counted: (readonly [name: string, value: number])[] = [
      ...(placed === undefined ? [] : [[placed, 1] as const]),
      [servedNear, this.#near],
      [servedFar, this.#far],
      ...[...this.#bytesByHost].map(([host, bytes]) => [counterOf(host), bytes] as const),
    ];
    const added = counted.filter(([, value]) => value !== 0);
    if (added.length === 0) return outcome;
    const all = [...Object.entries(outcome.result.counters), ...added].sort(([a], [b]) => (a < b ? -1 : 1));
    return { ...outcome, result: { ...outcome.result, counters: Object.fromEntries(all) } };
  }
}

/** @returns undefined for a split whose hosts nobody knows: there is no near and far. */
function mapCounter({ hosts, racks = [] }: Split, { host, rack }: WorkerPlace): string | undefined {
  if (hosts.length === 0) return undefined;
  if (findHost(host, hosts) !== undefined) return mapsNear;
  return racks.includes(rack) ? mapsOnRack : mapsFar;
}

function counterOf(host: string): string {
  return `${servedBy}${host}`.slice(0, limits.counterNameCharactersMax);
}
