// What the client has learnt about DataNodes: which data-transfer address belongs to which HTTP address, and which failed
// lately. `excludedatanodes` wants `ip` or `ip:xferPort`; host names and HTTP ports in it are ignored by the server
// without a word, and a dead DataNode is given out for half of the reads until it is declared dead (10.5 minutes).
import { isIP } from "node:net";
import type { LocatedBlocks } from "../model/block-location.ts";

/** DataNodes of one cluster, as one client knows them. */
export interface DataNodeTable {
  /** Learn addresses from block locations. */
  learn(located: LocatedBlocks): void;
  /** The name of a DataNode in `excludedatanodes`, by the address in a redirect; undefined if not learnt. */
  excludeName(host: string, port: number): string | undefined;
  /** Keep a DataNode out of redirects for a while. A bare IP is left out once it was found to exclude too many. */
  suspect(excludeName: string): void;
  /** DataNodes to keep out now, sorted. */
  suspects(): readonly string[];
  /** Forget all suspicions: with them, no DataNode was left. @returns whether there were any */
  forgive(): boolean;
}

/** Learnt addresses; a cluster of more DataNodes begins anew. 20,000 × about 60 bytes. */
const addressCountMax = 20_000;

/** Names in one query: 100 × 21 characters stay well below the 8 KiB that servers take. */
const suspectCountMax = 100;

/** @param suspectMs how long a DataNode that failed is kept out */
export function createDataNodeTable(nowMs: () => number, suspectMs: number): DataNodeTable {
  const names = new Map<string, string>();
  const until = new Map<string, number>();
  let ipsAreShared = false;
  const note = (key: string, name: string): void => {
    if (names.size >= addressCountMax && !names.has(key)) names.clear();
    names.set(key, name);
  };
  return {
    learn(located) {
      for (const node of located.blocks.flatMap((block) => block.dataNodes)) {
        const name = `${node.ip}:${node.xferPort}`;
        for (const port of [node.infoPort, node.secureInfoPort].filter((port) => port !== 0)) {
          note(`${node.host}:${port}`, name);
          note(`${node.ip}:${port}`, name);
        }
      }
    },
    excludeName: (host, port) => names.get(`${host}:${port}`),
    suspect(excludeName) {
      if (ipsAreShared && isIP(excludeName) !== 0) return;
      // The server splits at the first colon and answers 400 to what follows it in an IPv6 address (seen: 3.4.2).
      if (excludeName.split(":").length > 2) return;
      until.delete(excludeName);
      until.set(excludeName, nowMs() + suspectMs);
      const [oldest] = until.keys();
      if (until.size > suspectCountMax && oldest !== undefined) until.delete(oldest);
    },
    suspects() {
      const now = nowMs();
      for (const [name, end] of until) if (end <= now) until.delete(name);
      return [...until.keys()].sort((left, right) => (left < right ? -1 : 1));
    },
    forgive() {
      // All on one machine, as in tests: an IP means all of them.
      if ([...until.keys()].some((name) => isIP(name) !== 0)) ipsAreShared = true;
      const some = until.size > 0;
      until.clear();
      return some;
    },
  };
}
