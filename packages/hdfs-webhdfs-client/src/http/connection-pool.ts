// Kept connections, bounded for each server. Name services answer many small questions on one connection; DataNodes
// close theirs after each file, so for them the pool is only a bound.
import http from "node:http";
import https from "node:https";
import type { ResolvedOptions } from "../client-options.ts";

/** Agents for both schemes; each client has its own. */
export interface ConnectionPool {
  readonly http: http.Agent;
  readonly https: https.Agent;
  /** Bounded too, but each request has a connection of its own. */
  readonly freshHttp: http.Agent;
  readonly freshHttps: https.Agent;
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
export function createConnectionPool(options: Pick<ResolvedOptions, "socketCountMax" | "tls">): ConnectionPool {
  const shared = {
    keepAlive: true,
    maxSockets: options.socketCountMax,
    maxFreeSockets: freeSocketCountMax,
    timeout: idleSocketMs,
    scheduling: "lifo",
  } as const;
  const plain = new http.Agent(shared);
  const secure = new https.Agent({ ...shared, ...options.tls });
  const freshHttp = new http.Agent({ keepAlive: false, maxSockets: options.socketCountMax });
  const freshHttps = new https.Agent({ keepAlive: false, maxSockets: options.socketCountMax, ...options.tls });
  return {
    http: plain,
    https: secure,
    freshHttp,
    freshHttps,
    close: () => {
      for (const agent of [plain, secure, freshHttp, freshHttps]) agent.destroy();
    },
  };
}
