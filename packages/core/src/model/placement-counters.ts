// Counters that say where work and bytes went, and nothing of the result: they differ between two runs of one job, so
// the manifest of an output leaves them out.

/** Maps of splits whose hosts storage told: on such a host, on its rack, elsewhere. */
export const mapsNear = "millrace.maps.node-local";
export const mapsOnRack = "millrace.maps.rack-local";
export const mapsFar = "millrace.maps.other";

/** Bytes of input that came over the network: from the host that the worker runs on, from others. */
export const servedNear = "millrace.served.node-local.bytes";
export const servedFar = "millrace.served.other.bytes";
/** Before a host's name: bytes that it served. */
export const servedBy = "millrace.served.by.";
/** What hosts served that have no counter of their own, as there are many. */
export const servedByOthers = `${servedBy}others`;

/** Bytes of segments that reducers brought from other workers, and what of the wire these took: fewer where they came packed. */
export const gatheredBytes = "millrace.gathered.bytes";
export const gatheredWireBytes = "millrace.gathered.wire.bytes";

/** Tell whether a counter says where, not what. */
export function isPlacementCounter(name: string): boolean {
  return ["millrace.maps.", "millrace.served.", "millrace.gathered."].some((prefix) => name.startsWith(prefix));
}
