// DataNodes of the fake cluster: HTTP servers that send `100 Continue` unasked before they read a body, as Hadoop's do
// (undici and fetch drop the connection on it), and that can be killed, paused and declared dead.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readFakeUrl, sendFakeException, sendHtml, sendJson } from "./fake-answer.ts";
import { FakeException } from "./fake-exception.ts";
import type { FakeFile } from "./fake-inode.ts";
import { FakeServer, type FakeTls } from "./fake-server.ts";
import { type FakeTransferWorld, receiveFile, sendChecksum, sendFile } from "./fake-transfer.ts";
import type { FakeCredentials } from "./fake-credentials.ts";

/** Where a DataNode says it is. */
export interface FakePlace {
  readonly host: string;
  readonly rack: string;
  readonly tls: FakeTls | undefined;
}

/** One DataNode. */
export class FakeDataNode {
  readonly index: number;
  readonly host: string;
  readonly rack: string;
  /** Only a name: nothing speaks the data-transfer protocol here. */
  readonly xferPort: number;
  /** Declared dead: no more in redirects. A DataNode that was killed stays in them until then. */
  declaredDead = false;
  /** What its `/jmx` page calls its data directory; without one there is no such page. Nothing is written there. */
  dataDirectory: string | undefined;
  readonly #server: FakeServer;
  #paused = false;
  #held: (() => void)[] = [];
  readonly #world: FakeTransferWorld;
  readonly #credentials: FakeCredentials;

  constructor(world: FakeTransferWorld, credentials: FakeCredentials, index: number, place: FakePlace) {
    this.#world = world;
    this.#credentials = credentials;
    this.index = index;
    this.host = place.host;
    this.rack = place.rack;
    this.xferPort = 9866 + index;
    this.#server = new FakeServer(place.tls, (request, response) => this.#handle(request, response));
  }

  get ip(): string {
    return "127.0.0.1";
  }

  get infoPort(): number {
    return this.#server.port;
  }

  /** `http` or `https`. */
  get scheme(): string {
    return this.#server.scheme;
  }

  get dead(): boolean {
    return this.#server.dead;
  }

  /** Start, on the port that it had before. */
  async start(): Promise<void> {
    await this.#server.start();
    this.declaredDead = false;
  }

  /** As SIGKILL: connections drop, files stay open. */
  async kill(): Promise<void> {
    await this.#server.kill();
  }

  /** As SIGSTOP: connections are taken, nothing is answered. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const go of this.#held.splice(0)) go();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#paused) {
      this.#held.push(() => this.#answer(request, response));
      return;
    }
    this.#answer(request, response);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = readFakeUrl(request);
    if (this.dataDirectory !== undefined && request.url?.startsWith("/jmx") === true) {
      sendJson(response, 200, { beans: [{ VolumeInfo: JSON.stringify({ [this.dataDirectory]: { numBlocks: 1 } }) }] });
      return;
    }
    if (url === undefined) {
      sendHtml(response, 404);
      return;
    }
    try {
      // A DataNode believes the user of the redirect, or its token.
      const user = this.#credentials.identify(request, url.query)?.user;
      if (user === undefined) throw new FakeException("SecurityException", "no delegation token in the redirect");
      const location = `hdfs://fake${encodeURI(url.path)}`;
      const transfer = {
        url,
        user,
        request,
        response,
        location,
        isDead: () => this.dead,
        worded: (error: unknown) => error,
      };
      if (request.method === "PUT" || request.method === "POST") {
        response.writeContinue();
        receiveFile(this.#world, transfer);
      } else if (url.operation === "GETFILECHECKSUM") {
        sendChecksum(this.#world, transfer);
      } else {
        sendFile(this.#world, transfer);
      }
    } catch (error) {
      sendFakeException(response, error);
    }
  }
}

/** DataNodes that hold the block at an offset, for `replication` of them: the same for each run. */
export function replicasOf(nodes: readonly FakeDataNode[], file: FakeFile, block: number): readonly FakeDataNode[] {
  const count = Math.min(file.replication, nodes.length);
  return Array.from({ length: count }, (_, index) => nodes[(file.id + block + index) % nodes.length]).filter(
    (node) => node !== undefined,
  );
}
