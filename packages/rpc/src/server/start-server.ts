// A gRPC server with the project's defaults: loopback, limits before work, a guard before every method, health and
// reflection. It serves the services that it is given; which those are is chosen by the caller.

import { createServer } from "node:net";
import type { AddressInfo, Server as NetServer } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { invariant, limits } from "@millrace/core";
import { rpcAccess } from "../auth/authorization-table.ts";
import type { TokenGate } from "../auth/token-gate.ts";
import type { HostPort } from "../listen-address.ts";
import { listenError, printHostPort, requireLoopback } from "../listen-address.ts";
import type { ServiceName } from "../protocol.ts";
import { methodOf, protocol, sameBytes, serviceOf } from "../protocol.ts";
import { guardCalls } from "./guard-calls.ts";

/** Handlers by service. */
export interface ServedServices {
  readonly JobService?: UntypedServiceImplementation;
  readonly WorkerService?: UntypedServiceImplementation;
}

/** What a server is made of. */
export interface ServerOptions {
  /** `host:port`, loopback only; port 0 takes a free one. */
  readonly listen: string;
  readonly gate: TokenGate;
  readonly services: ServedServices;
  /** Connections at a time; further ones are closed at once. 1,000 when absent. */
  readonly connectionsMax?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** With the port that was taken. */
  readonly address: string;
  /** Refuse new calls, end open ones, close. Resolves when the port is free. */
  close(): Promise<void>;
}

/** Each worker and each command has one: hundreds of workers, and room for those who look on. */
const connectionsMaxDefault = 1_000;
/** Streams of one connection: a worker needs two, a page's poller a few. */
const concurrentStreamsMax = 100;
/** Ping a silent connection, and give it up unless it answers: a cut-off client must not hold memory. */
const keepaliveMs = 10_000;
const keepaliveTimeoutMs = 10_000;
/** Time for open calls to end when the server closes. */
const drainMs = 500;

/** Options of every server. */
export const serverLimits = {
  "grpc.max_receive_message_length": limits.messageBytesMax,
  "grpc.max_send_message_length": limits.messageBytesMax,
  "grpc.max_concurrent_streams": concurrentStreamsMax,
  "grpc.keepalive_time_ms": keepaliveMs,
  "grpc.keepalive_timeout_ms": keepaliveTimeoutMs,
  // Identity: small messages gain nothing, and a compressed bomb is nothing to expand.
  "grpc.default_compression_algorithm": 0,
} as const;

/**
 * Start a server.
 * @throws {MillraceError} E_UNSAFE_LISTEN, E_PORT_IN_USE or E_CONFIGURATION; no socket was opened, or it is closed again.
 */
export async function startServer({
  listen: asked,
  gate,
  services,
  connectionsMax = connectionsMaxDefault,
}: ServerOptions): Promise<RunningServer> {
  const address = await requireLoopback(asked);
  // Loaded here, since both read files and build types as they load: a client has no use for that.
  const [{ ReflectionService }, { HealthImplementation }] = await Promise.all([
    import("@grpc/reflection"),
    import("grpc-health-check"),
  ]);
  const server = new Server({ ...serverLimits, interceptors: [guardCalls(gate)] });
  const served: string[] = [];
  const add = (definition: ServiceDefinition, handlers: UntypedServiceImplementation): void => {
    requireRows(definition);
    server.addService(definition, handlers);
  };
  for (const [name, handlers] of Object.entries(services)) {
    add(servedDefinition(name as ServiceName), handlers);
    served.push(`millrace.v1.${name}`);
  }
  const health = new HealthImplementation(
    Object.fromEntries(["", ...served].map((name) => [name, "SERVING" as const])),
  );
  const adding = { addService: add } as unknown as Server;
  health.addToServer(adding);
  new ReflectionService(protocol, { services: served }).addToServer(adding);
  const listener = await listen(server, address, connectionsMax);
  const port = (listener.address() as AddressInfo).port;
  return {
    address: printHostPort({ host: address.host, port }),
    close: async () => {
      const free = new Promise<void>((resolve) => listener.close(() => resolve()));
      await closeServer(server, () => health.setStatus("", "NOT_SERVING"));
      await free;
    },
  };
}

/** What is served: sessions send bytes that are serialised already. */
function servedDefinition(name: ServiceName): ServiceDefinition {
  const definition = serviceOf(name);
  if (name !== "WorkerService") return definition;
  return { ...definition, Session: { ...methodOf(name, "Session"), responseSerialize: sameBytes } };
}

function requireRows(definition: ServiceDefinition): void {
  for (const { path } of Object.values(definition)) {
    invariant(Object.hasOwn(rpcAccess, path), `method ${path} has no row in the authorization table`);
  }
}

/** Accept connections for a server, which by itself would take any number. */
async function listen(server: Server, address: HostPort, connectionsMax: number): Promise<NetServer> {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (socket) => injector.injectConnection(socket));
  listener.maxConnections = connectionsMax;
  return new Promise((resolve, reject) => {
    listener.once("error", (error) => reject(listenError(address, error)));
    listener.listen({ host: address.host, port: address.port, exclusive: true }, () => resolve(listener));
  });
}

async function closeServer(server: Server, announce: () => void): Promise<void> {
  announce();
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), drainMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
