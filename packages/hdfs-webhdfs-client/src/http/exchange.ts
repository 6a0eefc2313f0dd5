// One HTTP request and its answer over node:http(s), which neither follows redirects nor minds the `100 Continue` that
// DataNodes send unasked (undici and fetch drop the connection on it). Every wait here has a deadline.
import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { setImmediate } from "node:timers/promises";
import { checkServerIdentity } from "node:tls";
import { hostAndPort } from "../address/server-address.ts";
import type { WebHdfsClock } from "../clock.ts";
import type { ConnectionPool, SchemeAgents } from "./connection-pool.ts";
import { ExchangeFailure, type ExchangePhase, toExchangeFailure } from "./exchange-failure.ts";
import { createIdleTimer, type IdleTimer } from "./idle-timer.ts";

/** What every exchange of a client shares. */
export interface ExchangeTools {
  readonly pool: ConnectionPool;
  readonly clock: WebHdfsClock;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Where a request goes. */
export interface ExchangeTarget {
  readonly secure: boolean;
  /** Name for the Host header and the certificate. */
  readonly host: string;
  readonly port: number;
  /** Where to connect instead, by a host map. */
  readonly connectHost: string;
  readonly connectPort: number;
  /** Encoded already; sent as it is. */
  readonly pathAndQuery: string;
}

/** One request. */
export interface ExchangeSpec {
  readonly target: ExchangeTarget;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `upload`: the caller writes a body; announce its length in the headers, else it is chunked. */
  readonly body: "none" | "upload";
  /** Never on a kept connection: for what must not be sent twice. */
  readonly fresh: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Pieces of a body on their way out: a slow server is seen to take each, so that a large write is not called silence. */
const writeBytesMax = 1024 * 1024;

function open(tools: ExchangeTools, spec: ExchangeSpec): ClientRequest {
  const { target } = spec;
  const authority = hostAndPort(target);
  const agents = agentsFor(tools.pool, spec);
  return (target.secure ? https : http).request({
    ...(target.secure ? secureOptions(target) : {}),
    host: target.connectHost,
    port: target.connectPort,
    path: target.pathAndQuery,
    method: spec.method,
    headers: { host: authority, ...spec.headers },
    agent: target.secure ? agents.https : agents.http,
  });
}

function agentsFor(pool: ConnectionPool, { body, fresh }: ExchangeSpec): SchemeAgents {
  if (body === "upload") return pool.upload;
  return fresh ? pool.fresh : pool.kept;
}

/** A certificate is made out to the name in the redirect, not to the mapped address. */
function secureOptions(target: ExchangeTarget): https.RequestOptions {
  return {
    // An address is no server name (RFC 6066 §3).
    servername: isIP(target.host) === 0 ? target.host : "",
    checkServerIdentity: (_, certificate) => checkServerIdentity(target.host, certificate),
  };
}

/** A request under way. */
export class Exchange {
  readonly target: ExchangeTarget;
  readonly signal: AbortSignal | undefined;
  readonly tools: ExchangeTools;
  readonly timer: IdleTimer;
  readonly #request: ClientRequest;
  readonly #connected = Promise.withResolvers<void>();
  readonly #head = Promise.withResolvers<IncomingMessage>();
  #phase: ExchangePhase = "pool";
  #failure: unknown;
  #early: IncomingMessage | undefined;
  #onSettled: (() => void) | undefined;
  readonly #onAbort = (): void => this.#end(this.signal?.reason);

  constructor(tools: ExchangeTools, spec: ExchangeSpec) {
    this.tools = tools;
    this.target = spec.target;
    this.signal = spec.signal;
    this.timer = createIdleTimer(tools.clock);
    this.#connected.promise.catch(() => undefined);
    this.#head.promise.catch(() => undefined);
    this.#request = open(tools, spec);
    this.#watch(spec);
    this.#expire(tools.idleTimeoutMs, "no connection was free");
    if (spec.body === "none") this.#request.end();
  }

  /** Resolves when a connection stands, before anything of an upload is sent. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** An answer that came before the body of an upload had ended: a refusal. */
  get early(): IncomingMessage | undefined {
    return this.#early;
  }

  /** Wait for the answer's head; the body of the request has ended. */
  async head(): Promise<IncomingMessage> {
    return await this.#head.promise;
  }

  /** Send a piece of an upload; returns at once when the server has answered early. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#connected.promise;
    for (let at = 0; at < bytes.length; at += writeBytesMax) {
      // A refusal may wait to be read on a connection that is closed already; a write there would lose it.
      await setImmediate();
      if (this.#early !== undefined) return;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#request.write(bytes.subarray(at, at + writeBytesMax))) continue;
      await this.#drained();
    }
    if (this.#failure !== undefined && this.#early === undefined) throw this.#failure;
  }

  /** End an upload and wait for the answer. */
  async finish(): Promise<IncomingMessage> {
    await this.#connected.promise;
    await setImmediate();
    if (this.#early === undefined && this.#failure === undefined) {
      this.#phase = "reply";
      this.#expire(this.tools.idleTimeoutMs, "no answer");
      this.#request.end();
    }
    return await this.#head.promise;
  }

  /** Drop the connection. */
  destroy(): void {
    this.release();
    this.#request.destroy();
  }

  /** The answer is read: the connection may serve another request, which this one's signal must not end. */
  release(): void {
    this.timer.disarm();
    this.signal?.removeEventListener("abort", this.#onAbort);
  }

  async #drained(): Promise<void> {
    this.#expire(this.tools.idleTimeoutMs, "the server takes no more bytes");
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onSettled = resolve;
    this.#request.once("drain", resolve);
    await promise;
    this.#request.off("drain", resolve);
    this.#onSettled = undefined;
    this.timer.disarm();
  }

  #expire(ms: number, what: string): void {
    this.timer.arm(ms, () => {
      const failure = new ExchangeFailure(this.#phase, "TIMEOUT", { message: `${what} within ${ms} ms` });
      this.#end(failure);
    });
  }

  /** Fail, once; what has succeeded before stays so. */
  #settle(failure: unknown): void {
    this.timer.disarm();
    this.#failure ??= failure;
    this.#connected.reject(this.#failure);
    this.#head.reject(this.#failure);
    this.#onSettled?.();
  }

  #end(failure: unknown): void {
    this.#settle(failure);
    // Without an error: the socket may have nobody left who listens for one.
    this.#request.destroy();
  }

  #watch(spec: ExchangeSpec): void {
    this.#request.once("socket", (socket) => {
      if (!socket.connecting) {
        this.#onConnected(spec);
        return;
      }
      this.#phase = "connect";
      this.#expire(this.tools.connectTimeoutMs, "no connection");
      socket.once(this.target.secure ? "secureConnect" : "connect", () => this.#onConnected(spec));
    });
    this.#request.once("response", (response) => {
      this.timer.disarm();
      if (spec.body === "upload" && this.#phase === "request") this.#early = response;
      this.#phase = "body";
      // What fails between two reads is told by the next.
      response.on("error", () => undefined);
      this.#head.resolve(response);
      this.#onSettled?.();
    });
    this.#request.on("error", (error) => {
      this.#settle(toExchangeFailure(error, this.#phase, this.#request.reusedSocket));
    });
    this.#request.once("close", () => {
      this.signal?.removeEventListener("abort", this.#onAbort);
      this.#settle(new ExchangeFailure(this.#phase, "ECONNRESET", { message: "connection closed" }));
    });
    this.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (this.signal?.aborted === true) this.#onAbort();
  }

  #onConnected(spec: ExchangeSpec): void {
    this.timer.disarm();
    if (spec.body === "upload") {
      this.#phase = "request";
      this.#request.flushHeaders();
    } else {
      this.#phase = "reply";
      this.#expire(this.tools.idleTimeoutMs, "no answer");
    }
    this.#connected.resolve();
  }
}
