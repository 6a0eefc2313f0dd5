// The HTTP listener: loopback alone, with limits that come before any work.

import type { Server } from "node:http";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { HostPort } from "@millrace/rpc";
import { listenError, printHostPort } from "@millrace/rpc";

/** A listener that runs. */
export interface RunningHttp {
  /** With the port that was taken. */
  readonly address: string;
  /** Drop all connections and free the port. */
  close(): Promise<void>;
}

const headerBytesMax = 16 * 1024;
const headersMs = 10_000;
const requestMs = 30_000;
const connectionsMax = 256;
/** A page asks every second or so; a connection is as good after a thousand requests as a new one. */
const requestsPerSocketMax = 1_000;

/** Serve an app. @param address loopback, checked by the caller. @throws {MillraceError} E_PORT_IN_USE. */
export async function listenHttp(app: Hono, address: HostPort): Promise<RunningHttp> {
  const listener = getRequestListener((request) => app.fetch(request));
  const server = createServer(
    { maxHeaderSize: headerBytesMax, headersTimeout: headersMs, requestTimeout: requestMs, insecureHTTPParser: false },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = connectionsMax;
  server.maxRequestsPerSocket = requestsPerSocketMax;
  const port = await bind(server, address);
  return {
    address: printHostPort({ host: address.host, port }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Event streams never end by themselves.
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bind(server: Server, address: HostPort): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(address, error)));
    server.listen({ host: address.host, port: address.port, exclusive: true }, () => {
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : address.port);
    });
  });
}
