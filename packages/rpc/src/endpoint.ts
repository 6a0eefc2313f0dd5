// What a command needs before it speaks to anyone: addresses and the endpoint file. Loads nothing of gRPC.
export { readEndpointFile, removeEndpointFile, writeEndpointFile } from "./endpoint-file.ts";
export type { Endpoint } from "./endpoint-file.ts";
export { isLoopback, listenError, parseHostPort, printHostPort, requireLoopback } from "./listen-address.ts";
export type { HostPort } from "./listen-address.ts";
