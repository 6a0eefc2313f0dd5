// Real serialisation for tests: what a converter makes goes through protobuf bytes and back.

import { fromJSON } from "@grpc/proto-loader";
import type { MethodDefinition, ServiceDefinition } from "@grpc/proto-loader";
import { schema } from "../src/gen/schema.ts";

const protocol = fromJSON(schema as never, { longs: Number, enums: String, defaults: true, oneofs: true });

function method(service: string, name: string): MethodDefinition<object, object> {
  const methods = protocol[`millrace.v1.${service}`] as ServiceDefinition;
  const found = methods[name];
  if (found === undefined) throw new Error(`no method ${name}`);
  return found;
}

/** Send a request's message through bytes. */
export function throughRequest(
  service: string,
  name: string,
  value: object,
): { readonly raw: object; readonly bytes: number } {
  const { requestSerialize, requestDeserialize } = method(service, name);
  const bytes = requestSerialize(value);
  return { raw: requestDeserialize(bytes), bytes: bytes.length };
}

/** Send a response's message through bytes. */
export function throughResponse(
  service: string,
  name: string,
  value: object,
): { readonly raw: object; readonly bytes: number } {
  const { responseSerialize, responseDeserialize } = method(service, name);
  const bytes = responseSerialize(value);
  return { raw: responseDeserialize(bytes), bytes: bytes.length };
}
