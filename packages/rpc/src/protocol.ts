// The protocol as grpc-js wants it: service definitions from the schema in packages/wire.

import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import type { PackageDefinition } from "@grpc/proto-loader";
import { invariant } from "@millrace/core";
import { schema } from "@millrace/wire";

// Its own lines on stderr repeat what our errors say.
setLogVerbosity(logVerbosity.NONE);

/** Services of the schema. */
export type ServiceName = "JobService" | "WorkerService";

/** How proto-loader hands messages out; the converters of packages/wire expect exactly this. */
export const protocol: PackageDefinition = fromJSON(schema as Parameters<typeof fromJSON>[0], {
  // A 64-bit value that is no safe integer stays none as a number, so that converters can refuse it.
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

/** Look up a service. Messages are plain objects. */
export function serviceOf(name: ServiceName): ServiceDefinition {
  const found = protocol[`millrace.v1.${name}`];
  invariant(found !== undefined && !("format" in found), `the schema has no service ${name}`);
  return found;
}

/** Look up a method. Messages are plain objects. */
export function methodOf(service: ServiceName, name: string): MethodDefinition<object, object> {
  const method = serviceOf(service)[name];
  invariant(method !== undefined, `the schema has no method ${service}.${name}`);
  return method as MethodDefinition<object, object>;
}

/** Pass bytes that are serialised already: the queues of sessions count bytes, so messages are serialised before they wait. */
export function sameBytes(bytes: Buffer): Buffer {
  return bytes;
}
