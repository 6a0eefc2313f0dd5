// Connections to servers. Name services answer many small questions on one kept connection; DataNodes close theirs after
// each file. What is asked and read is bounded for each server; an upload holds its connection for as long as its caller
// writes, so that the caller bounds those.
import http from "node:http";
import https from "node:https";
import type { ResolvedOptions } from "../client-options.ts";

/** Agents for both schemes. */
export interface SchemeAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** Agents by what a connection is for; each client has its own. */
export interface ConnectionPool {
  readonly kept: SchemeAgents;
  /** Bounded too, but each request has a connection of its own. */
  readonly fresh: SchemeAgents;
  /** Each has a connection of its own, at once: one that waited for another to end would wait for the caller. */
  readonly upload: SchemeAgents;
  close(): void;
}

/**
 * Unused connections end after 20 s: Hadoop's servers and most proxies drop idle ones after 30 to 60 s, and a request on
 * a connection that is just being dropped is lost.
 */
const idleSocketMs = 20_000;

/** Unused connections kept for one server. */
const freeSocketCountMax = 8;

/** Make the pool of a client. */
export function createConnectionPool({
  socketCountMax,
  tls,
}: Pick<ResolvedOptions, "socketCountMax" | "tls">): ConnectionPool {
  const agents = (options: http.AgentOptions): SchemeAgents => ({
    http: new http.Agent(options),
    https: new https.Agent({ ...options, ...tls }),
  });
  const kept = agents({
    keepAlive: true,
    maxSockets: socketCountMax,
    maxFreeSockets: freeSocketCountMax,
    timeout: idleSocketMs,
    scheduling: "lifo",
  });
  const fresh = agents({ keepAlive: false, maxSockets: socketCountMax });
  const upload = agents({ keepAlive: false });
  return {
    kept,
    fresh,
    upload,
    close: () => {
      for (const each of [kept, fresh, upload]) {
        each.http.destroy();
        each.https.destroy();
      }
    },
  };
}
