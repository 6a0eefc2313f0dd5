// gRPC servers and clients with deadlines, keepalive, limits and authorization.
export { httpAccess, roles, rpcAccess } from "./auth/authorization-table.ts";
export type { Access, Role } from "./auth/authorization-table.ts";
export { createTokenGate } from "./auth/token-gate.ts";
export type { RoleTokens, TokenGate } from "./auth/token-gate.ts";
export { isLoopback, listenError, parseHostPort, printHostPort, requireLoopback } from "./listen-address.ts";
export type { HostPort } from "./listen-address.ts";
export { startServer } from "./server/start-server.ts";
export type { RunningServer, ServedServices, ServerOptions } from "./server/start-server.ts";
export type { JobBackend, TaskQuery } from "./jobs/job-backend.ts";
export { createJobService } from "./jobs/job-service.ts";
export { createWorkerService } from "./session/worker-service.ts";
export type { WorkerServiceOptions } from "./session/worker-service.ts";
export { createControlChannel } from "./session/control-channel.ts";
export type { RemoteControlChannel } from "./session/control-channel.ts";
export { createJobClient } from "./client/job-client.ts";
export type { RemoteJobClient } from "./client/job-client.ts";
export type { ClientOptions } from "./client/open-client.ts";
