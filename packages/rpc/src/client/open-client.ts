// A connection to a coordinator as a client or worker makes it: keepalive, a deadline on every call, and errors of ours.

import { Client, Metadata, credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import type { MillraceError } from "@millrace/core";
import { isMillraceError, limits } from "@millrace/core";
import type { ServiceName } from "../protocol.ts";
import { methodOf } from "../protocol.ts";
import { errorOf, unreachable } from "../error-status.ts";

/** Where a coordinator is, and the token to show. */
export interface ClientOptions {
  /** `host:port`. */
  readonly address: string;
  readonly token: string;
  /** Ping a silent connection so often, and give it up when no answer comes in three times that. */
  readonly keepaliveMs?: number;
}

/** Wait for a connection at most so long: keepalive does not cover connecting. */
export const connectMs = 5_000;
const keepaliveMsDefault = 5_000;
/** First and longest wait between two tries to connect: a coordinator is back within seconds of a restart. */
const reconnectMsMin = 50;
const reconnectMsMax = 1_000;

/** One channel with its token. */
export interface OpenClient {
  readonly address: string;
  readonly client: Client;
  /** Fresh metadata with the token. */
  metadata(): Metadata;
  /** Call a unary method. @throws {MillraceError}. */
  unary(service: ServiceName, name: string, request: object, timeoutMs: number): Promise<object>;
  /** Turn what a call threw into an error of ours. */
  errorOf(thrown: unknown): MillraceError;
  /** Wait until the channel is connected. @throws {MillraceError} E_UNREACHABLE after {@link connectMs}. */
  ready(): Promise<void>;
  close(): void;
}

/** Open a channel. Nothing is connected before the first call. */
export function openClient({ address, token, keepaliveMs = keepaliveMsDefault }: ClientOptions): OpenClient {
  const client = new Client(address, credentials.createInsecure(), {
    "grpc.keepalive_time_ms": keepaliveMs,
    "grpc.keepalive_timeout_ms": 3 * keepaliveMs,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": reconnectMsMin,
    "grpc.min_reconnect_backoff_ms": reconnectMsMin,
    "grpc.max_reconnect_backoff_ms": reconnectMsMax,
    "grpc.max_receive_message_length": limits.messageBytesMax,
  });
  const metadata = (): Metadata => {
    const head = new Metadata();
    head.set("authorization", `Bearer ${token}`);
    return head;
  };
  return {
    address,
    client,
    metadata,
    errorOf: (thrown) => clientError(thrown, address),
    close: () => client.close(),
    unary: async (service, name, request, timeoutMs) => {
      const { path, requestSerialize, responseDeserialize } = methodOf(service, name);
      return new Promise((resolve, reject) => {
        const options = { deadline: Date.now() + timeoutMs };
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata(),
          options,
          (error, reply) => {
            if (error === null && reply !== undefined) resolve(reply);
            else reject(clientError(error, address));
          },
        );
      });
    },
    ready: async () =>
      new Promise((resolve, reject) => {
        client.waitForReady(Date.now() + connectMs, (error) => {
          if (error === undefined) resolve();
          else reject(unreachable(address, `no connection within ${connectMs} ms`));
        });
      }),
  };
}

function clientError(thrown: unknown, address: string): MillraceError {
  if (isMillraceError(thrown)) return thrown;
  if (thrown instanceof Error && "code" in thrown && "metadata" in thrown)
    return errorOf(thrown as ServiceError, address);
  return unreachable(address, thrown instanceof Error ? thrown.message : String(thrown));
}
