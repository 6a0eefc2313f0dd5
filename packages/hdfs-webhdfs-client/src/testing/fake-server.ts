// HTTP or HTTPS servers of the fake cluster, on free ports of loopback.
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** Certificate and key, as PEM. */
export interface FakeTls {
  readonly cert: string;
  readonly key: string;
}

/** A server that can be killed and started again on the same port. */
export class FakeServer {
  readonly #tls: FakeTls | undefined;
  readonly #listener: RequestListener;
  #server: Server | undefined;
  #port = 0;

  constructor(tls: FakeTls | undefined, listener: RequestListener) {
    this.#tls = tls;
    this.#listener = listener;
  }

  /** The port; kept over a restart. */
  get port(): number {
    return this.#port;
  }

  get scheme(): "http" | "https" {
    return this.#tls === undefined ? "http" : "https";
  }

  get dead(): boolean {
    return this.#server === undefined;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const server =
      this.#tls === undefined ? createServer(this.#listener) : createSecureServer(this.#tls, this.#listener);
    server.on("clientError", (_, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As SIGKILL: connections drop at once. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}
