// The protocol as grpc-js wants it: service definitions and clients' constructors, from the schema in packages/wire.

import type { Client, ClientDuplexStream, MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import type { PackageDefinition } from "@grpc/proto-loader";
import { invariant } from "@millrace/core";
import { schema } from "@millrace/wire";

/** How proto-loader hands messages out; the converters of packages/wire expect exactly this. */
export const protocol: PackageDefinition = fromJSON(schema as Parameters<typeof fromJSON>[0], {
  // A 64-bit value that is no safe integer stays none as a number, so that converters can refuse it.
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

/** Look up a service. */
export function serviceOf(name: "JobService" | "WorkerService"): ServiceDefinition {
  const found = protocol[`millrace.v1.${name}`];
  invariant(found !== undefined && !("format" in found), `the schema has no service ${name}`);
  return found as unknown as ServiceDefinition;
}

/** One method with messages as plain objects. */
export function methodOf(service: "JobService" | "WorkerService", name: string): MethodDefinition<object, object> {
  const method = serviceOf(service)[name];
  invariant(method !== undefined, `the schema has no method ${service}.${name}`);
  return method as MethodDefinition<object, object>;
}

/** A session stream whose outgoing side takes serialised messages, so that its queue is counted in bytes. */
export type RawDuplex = ClientDuplexStream<Buffer, object>;

/** Open the session stream of a client with {@link RawDuplex}'s outgoing side. */
export function openRawSession(client: Client, options: Parameters<Client["makeBidiStreamRequest"]>[3]): RawDuplex {
  const { path, responseDeserialize } = methodOf("WorkerService", "Session");
  const same = (bytes: Buffer): Buffer => bytes;
  return client.makeBidiStreamRequest<Buffer, object>(path, same, responseDeserialize, options ?? {});
}
