// gRPC servers and clients with deadlines, keepalive, limits and authorization.
export { httpAccess, roles, rpcAccess } from "./auth/authorization-table.ts";
export type { Access, Role } from "./auth/authorization-table.ts";
export { createTokenGate } from "./auth/token-gate.ts";
export type { RoleTokens, TokenGate } from "./auth/token-gate.ts";
export { isLoopback, listenError, parseHostPort, printHostPort, requireLoopback } from "./listen-address.ts";
export type { HostPort } from "./listen-address.ts";
export { startServer } from "./server/start-server.ts";
export type { RunningServer, ServedServices, ServerOptions } from "./server/start-server.ts";
