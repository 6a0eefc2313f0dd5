// The worker's one listener: gives segments of its run files, and tails of attempt logs, to whoever has the MAC.
// It joins no request text to a path: names are parsed to integers and ids, and paths are built from those alone.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JobId } from "@millrace/core";
import type { BlockCodec } from "@millrace/data";
import { codingHeader } from "../coding/packed-block.ts";
import { parseSegmentOrders, parseSegmentsPath, type SegmentOrder } from "../segment-request.ts";
import { sameMac, segmentMac } from "../segment-mac.ts";
import { shuffleLimits } from "../shuffle-limits.ts";
import { readBody } from "./read-body.ts";
import { ResponseGate } from "./response-gate.ts";
import { isLogPath, sendLog } from "./send-log.ts";
import { sendSegments } from "./send-segments.ts";
import { refuse, type SegmentServerOptions, type ServerContext } from "./server-context.ts";

/** A server that listens. */
export interface SegmentServer {
  readonly port: number;
  /** Stop listening and cut all connections; resolves when none is left. */
  close(): Promise<void>;
}

/** Listen. Rejects with the system's error when the address cannot be had. */
export async function startSegmentServer(options: SegmentServerOptions): Promise<SegmentServer> {
  const limits = { ...shuffleLimits, ...options.limits };
  const context: ServerContext = { options, limits, gate: new ResponseGate(limits.responsesMax) };
  const server = createServer({ maxHeaderSize: limits.headBytesMax, keepAlive: true, noDelay: true });
  server.headersTimeout = limits.headTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  server.timeout = limits.progressMs;
  server.maxConnections = limits.connectionsMax;
  server.on("request", (request, response) => void answer(context, request, response));
  server.on("clientError", (_error, socket) => socket.destroy());
  // Whoever expects anything but segments and logs is at the wrong door.
  for (const event of ["upgrade", "connect"] as const) server.on(event, (_request, socket) => socket.destroy());
  await listen(server, options);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function answer(context: ServerContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on("error", () => response.destroy());
  try {
    const path = request.url ?? "";
    if (isLogPath(path)) return await sendLog(context, request, response);
    const job = parseSegmentsPath(path);
    if (job === undefined) return refuse(response, 404);
    if (request.method !== "POST") return refuse(response, 405);
    const body = await readBody(request, context.limits.requestBytesMax);
    if (body === undefined) return refuse(response, 413);
    const orders = parseSegmentOrders(job, body, context.limits.segmentsPerRequestMax);
    if (orders === undefined) return refuse(response, 400);
    if (!allowed(context, job, orders)) return refuse(response, 403);
    await sendSegments(context, orders, { response, codec: await codecFor(context, request) });
  } catch {
    // A response that has begun can only be cut: the other side must never take it for whole.
    response.destroy();
  }
}

/** The codec for this reader: none unless it asks for one that is here. */
async function codecFor({ options }: ServerContext, request: IncomingMessage): Promise<BlockCodec | undefined> {
  return request.headers[codingHeader] === "lz4" ? options.loadCodec?.() : undefined;
}

function allowed(context: ServerContext, job: JobId, orders: readonly SegmentOrder[]): boolean {
  const key = context.options.keyOf(job);
  if (key === undefined) return false;
  return orders.every(({ source, partition, mac }) => sameMac(mac, segmentMac(key, source, partition)));
}

function listen(server: Server, { host, port }: SegmentServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
