// The one table of who may do what: every RPC and every HTTP route of the coordinator. A server refuses to start with a
// method or route that has no row, and a test calls each of them with no token, a wrong one and one of each other role.

/** What a token lets its bearer do: submit and kill (`client`), serve as a worker, or only look. */
export type Role = "client" | "worker" | "read";

/** All roles. */
export const roles = ["client", "worker", "read"] as const satisfies readonly Role[];

/** Who may call: bearers of a token with one of these roles, or anyone. */
export type Access = readonly Role[] | "public";

const clients = ["client"] as const;
const workers = ["worker"] as const;
const readers = ["client", "read"] as const;
const anyRole = ["client", "worker", "read"] as const;

/** Rows of gRPC methods, by path. */
export const rpcAccess: Readonly<Record<string, Access>> = {
  "/millrace.v1.JobService/Submit": clients,
  "/millrace.v1.JobService/Kill": clients,
  "/millrace.v1.JobService/Get": readers,
  "/millrace.v1.JobService/List": readers,
  "/millrace.v1.JobService/Watch": readers,
  "/millrace.v1.JobService/Counters": readers,
  "/millrace.v1.JobService/Events": readers,
  "/millrace.v1.JobService/Tasks": readers,
  "/millrace.v1.JobService/Logs": readers,
  "/millrace.v1.JobService/Workers": readers,
  "/millrace.v1.WorkerService/Session": workers,
  "/millrace.v1.WorkerService/FetchBundle": workers,
  "/grpc.health.v1.Health/Check": anyRole,
  "/grpc.health.v1.Health/List": anyRole,
  "/grpc.health.v1.Health/Watch": anyRole,
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": readers,
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": readers,
};

/** Rows of HTTP routes, by the route's pattern. All are GET; public ones hold nothing of any job. */
export const httpAccess: Readonly<Record<string, Access>> = {
  // The page itself is empty: what it shows it asks for, with the token.
  "/": "public",
  "/page.js": "public",
  "/page.css": "public",
  // One word each, for probes that cannot send a header.
  "/healthz": "public",
  "/readyz": "public",
  "/metrics": readers,
  "/api/v1/cluster": readers,
  "/api/v1/workers": readers,
  "/api/v1/jobs": readers,
  "/api/v1/jobs/:job": readers,
  "/api/v1/jobs/:job/stages": readers,
  "/api/v1/jobs/:job/tasks": readers,
  "/api/v1/jobs/:job/attempts/:attempt": readers,
  "/api/v1/jobs/:job/attempts/:attempt/log": readers,
  "/api/v1/jobs/:job/counters": readers,
  "/api/v1/jobs/:job/partitions": readers,
  "/api/v1/jobs/:job/events": readers,
};

/** Methods of which each call must have a deadline: all but long streams, which are held by keepalive and idle limits. */
export const rpcWithoutDeadline: ReadonlySet<string> = new Set([
  "/millrace.v1.JobService/Watch",
  "/millrace.v1.JobService/Events",
  "/millrace.v1.WorkerService/Session",
  "/grpc.health.v1.Health/Watch",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
]);
