// What every call passes before its handler: size of metadata, a deadline, a token of a role that the table lists.
// It stands before all services alike, health and reflection too, and what has no row is denied.

import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from "@grpc/grpc-js";
import type { Metadata, ServerInterceptor } from "@grpc/grpc-js";
import { MillraceError, limits } from "@millrace/core";
import { rpcAccess, rpcWithoutDeadline } from "../auth/authorization-table.ts";
import type { TokenGate } from "../auth/token-gate.ts";
import { statusOf } from "../error-status.ts";

/** Make the interceptor of a server. */
export function guardCalls(gate: TokenGate): ServerInterceptor {
  return (method, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        try {
          checkCall(gate, method.path, { metadata, deadline: call.getDeadline() });
        } catch (thrown) {
          guarded.sendStatus(statusOf(thrown));
          return;
        }
        next(metadata);
      })
      .build();
    const responder = new ResponderBuilder().withStart((next) => next(listener)).build();
    const guarded = new ServerInterceptingCall(call, responder);
    return guarded;
  };
}

interface CallHead {
  readonly metadata: Metadata;
  readonly deadline: Date | number;
}

function checkCall(gate: TokenGate, path: string, { metadata, deadline }: CallHead): void {
  const bytes = metadataBytes(metadata);
  if (bytes > limits.metadataBytesMax) {
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot call "${path}": ${bytes} bytes of metadata; send at most ${limits.metadataBytesMax}`,
    );
  }
  const access = Object.hasOwn(rpcAccess, path) ? rpcAccess[path] : undefined;
  const values = metadata.get("authorization");
  const authorization = values.length === 1 && typeof values[0] === "string" ? values[0] : undefined;
  gate.check(authorization, access ?? [], path);
  if (deadline === Number.POSITIVE_INFINITY && !rpcWithoutDeadline.has(path)) {
    throw new MillraceError("E_MESSAGE", `Cannot call "${path}": the call has no deadline; set one`, {
      details: { field: "deadline" },
    });
  }
}

/** Bytes of names and values as sent, without what HTTP/2 adds. */
function metadataBytes(metadata: Metadata): number {
  let bytes = 0;
  for (const [name, values] of Object.entries(metadata.toHttp2Headers())) {
    for (const value of [values].flat()) bytes += name.length + String(value).length;
  }
  return bytes;
}
