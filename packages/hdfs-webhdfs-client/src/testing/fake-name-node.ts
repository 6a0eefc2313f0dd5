// A name node of the fake cluster, or an HttpFS server before it: identity, state, then the operation.
import type { IncomingMessage, ServerResponse } from "node:http";
import { type FakeUrl, readFakeUrl, sendFakeException, sendHtml, sendJson } from "./fake-answer.ts";
import type { FakeCredentials } from "./fake-credentials.ts";
import { FakeException } from "./fake-exception.ts";
import { FakeServer, type FakeTls } from "./fake-server.ts";
import { type FakeWorld, runFakeOperation, unknownOperation } from "./fake-operations.ts";
import { receiveFile, sendChecksum, sendFile } from "./fake-transfer.ts";
import type { FakeTransferWorld } from "./fake-transfer.ts";
import { strikes } from "./fake-traps.ts";
import type { FakeDataNode } from "./fake-data-nodes.ts";

/** What a name node says it is. */
export type FakeNameNodeState = "active" | "standby" | "starting" | "safe-mode";

/** One request that came, for tests to look at. */
export interface FakeLogEntry {
  /** `nn1`, `nn2`, `httpfs`. */
  readonly server: string;
  readonly method: string;
  readonly operation: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
}

/** What name nodes see of the cluster. */
export interface FakeNameNodeWorld extends FakeWorld, FakeTransferWorld {
  readonly credentials: FakeCredentials;
  readonly log: FakeLogEntry[];
  /** @throws {FakeException} when no DataNode is left */
  chooseDataNode(url: FakeUrl, user: string): FakeDataNode;
}

/** Operations whose second step is at a DataNode. */
const twoStep = new Set(["PUT CREATE", "POST APPEND", "GET OPEN", "GET GETFILECHECKSUM"]);

/** A name node, or an HttpFS server. */
export class FakeNameNode {
  readonly name: string;
  state: FakeNameNodeState;
  readonly #world: FakeNameNodeWorld;
  readonly #gateway: boolean;
  readonly #server: FakeServer;

  constructor(
    world: FakeNameNodeWorld,
    name: string,
    kind: { readonly state: FakeNameNodeState; readonly gateway: boolean; readonly tls: FakeTls | undefined },
  ) {
    this.#world = world;
    this.name = name;
    this.state = kind.state;
    this.#gateway = kind.gateway;
    this.#server = new FakeServer(kind.tls, (request, response) => this.#handle(request, response));
  }

  get address(): string {
    return `${this.#server.scheme}://127.0.0.1:${this.#server.port}`;
  }

  get dead(): boolean {
    return this.#server.dead;
  }

  /** Start, on the port that it had before. */
  async start(): Promise<void> {
    await this.#server.start();
  }

  /** As SIGKILL. */
  async kill(): Promise<void> {
    await this.#server.kill();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { traps, log } = this.#world;
    const url = readFakeUrl(request);
    if (url === undefined) {
      sendHtml(response, 404);
      return;
    }
    const { method = "GET", headers } = request;
    const query = Object.fromEntries(url.query);
    log.push({ server: this.name, method, operation: url.operation, path: url.path, query, headers });
    if (traps.silentClose) response.once("finish", () => request.socket.end());
    try {
      this.#answer(request, response, url);
    } catch (thrown) {
      const error = this.#gateway ? asHttpFs(thrown) : thrown;
      if (traps.errorBody === "json") sendFakeException(response, error);
      else if (traps.errorBody === "html") sendHtml(response, error instanceof FakeException ? error.status : 500);
      else sendJson(response, error instanceof FakeException ? error.status : 500);
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse, url: FakeUrl): void {
    const { traps, credentials } = this.#world;
    const { method = "GET" } = request;
    const { operation, query } = url;
    if (!traps.caseSensitive) lowerNames(query);
    if (traps.ignoreStartAfter) query.delete("startafter");
    if (traps.csrf && method !== "GET" && request.headers["x-xsrf-header"] === undefined) {
      sendHtml(response, 400);
      return;
    }
    if (
      method !== "GET" &&
      method !== "DELETE" &&
      query.get("data") !== "true" &&
      request.headers["content-length"] === undefined
    ) {
      sendHtml(response, 411);
      return;
    }
    const identity = credentials.identify(request, query);
    if (identity === undefined) {
      const refused = request.headers.authorization === undefined ? undefined : credentials.refuseTickets;
      sendHtml(response, refused ?? 401, refused === 403 ? {} : credentials.refusal());
      return;
    }
    for (const [name, value] of Object.entries(identity.headers)) response.setHeader(name, value);
    if (traps.unknownOperations.has(operation)) throw unknownOperation(method, operation);
    if (this.#gateway) forHttpFs(url);
    this.#checkState(method, operation);
    const { user } = identity;
    if (twoStep.has(`${method} ${operation}`)) {
      this.#twoStep(request, response, { url, user });
      return;
    }
    const json = this.#token(request, url, user) ?? {
      value: runFakeOperation(this.#world, method, operation, { ...url, user }),
    };
    if (strikes(traps.lostReply)) request.socket.destroy();
    else sendJson(response, 200, json.value);
  }

  #checkState(method: string, operation: string): void {
    if (this.#gateway) {
      if (method !== "GET") this.#world.checkWritable();
      return;
    }
    if (this.state === "starting") throw new FakeException("RetriableException", "Namenode is in startup mode");
    // CREATE is redirected by a standby too; its DataNode finds the active one.
    if (this.state === "standby" && operation !== "CREATE") {
      const kind = method === "GET" ? "READ" : "WRITE";
      const message = `Operation category ${kind} is not supported in state standby. Visit https://s.apache.org/sbnn-error`;
      if (!this.#world.traps.nestedStandby) throw new FakeException("StandbyException", message);
      throw new FakeException(
        "SecurityException",
        `Failed to obtain user group information: org.apache.hadoop.ipc.StandbyException: ${message}`,
      );
    }
    if (this.state === "safe-mode" && method !== "GET" && operation !== "CREATE") {
      throw new FakeException("SafeModeException", `Cannot ${operation.toLowerCase()}. Name node is in safe mode.`);
    }
  }

  #twoStep(
    request: IncomingMessage,
    response: ServerResponse,
    call: { readonly url: FakeUrl; readonly user: string },
  ): void {
    const { traps, credentials, tree } = this.#world;
    const { url, user } = call;
    const { operation, path, query } = url;
    const location = `${this.address}${request.url ?? ""}`;
    const transfer = {
      url,
      user,
      request,
      response,
      location,
      isDead: () => this.dead,
      worded: this.#gateway ? asHttpFs : (error: unknown) => error,
    };
    if (this.#gateway || traps.noRedirect) {
      const upload = operation === "CREATE" || operation === "APPEND";
      if (operation === "OPEN") sendFile(this.#world, transfer);
      else if (!upload) sendChecksum(this.#world, transfer);
      else if (query.get("data") !== "true" && !traps.noRedirect) {
        redirect(response, `${location}&data=true`);
      } else if (query.get("data") === "true" && request.headers["content-type"] !== "application/octet-stream") {
        sendJson(response, 400);
      } else receiveFile(this.#world, transfer);
      return;
    }
    tree.segments(path);
    if (operation === "APPEND") tree.file(path, user);
    const node = this.#world.chooseDataNode(url, user);
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const next = new URLSearchParams(query);
    next.delete("excludedatanodes");
    next.delete("doas");
    if (credentials.kind === "kerberos" && !next.has("delegation"))
      next.set("delegation", credentials.tokens.issue(user, ""));
    else if (!next.has("delegation")) next.set("user.name", user);
    next.set("namenoderpcaddress", "fake");
    redirect(
      response,
      `${traps.redirectScheme ?? node.scheme}://${traps.redirectHost ?? node.host}:${node.infoPort}/webhdfs/v1${encoded}?${next.toString()}`,
    );
  }

  #token(request: IncomingMessage, url: FakeUrl, user: string): { readonly value: object | undefined } | undefined {
    const { credentials } = this.#world;
    const { operation, query } = url;
    if (!operation.endsWith("DELEGATIONTOKEN")) return undefined;
    if (credentials.kind === "simple") return { value: { Token: null } };
    if (query.has("delegation"))
      throw new FakeException("IllegalArgumentException", "delegation parameter is not null.");
    const { tokens } = credentials;
    if (request.method === "GET")
      return { value: { Token: { urlString: tokens.issue(user, query.get("renewer") ?? user) } } };
    const token = query.get("token") ?? "";
    if (operation === "RENEWDELEGATIONTOKEN") return { value: { long: tokens.renew(token, user) } };
    tokens.cancel(token, user);
    return { value: undefined };
  }
}

/** Names of parameters in lower case, as Hadoop's ParamFilter made them before 3.5. */
function lowerNames(query: URLSearchParams): void {
  const odd = [...query].filter(([name]) => name !== name.toLowerCase());
  for (const [name, value] of odd) {
    query.delete(name);
    query.append(name.toLowerCase(), value);
  }
}

/** What HttpFS 3.4.2 lacks or leaves unheeded. */
function forHttpFs({ operation, query }: FakeUrl): void {
  if (operation === "SETQUOTA") {
    const message = `java.lang.IllegalArgumentException: No enum constant org.apache.hadoop.fs.http.client.HttpFSFileSystem.Operation.${operation}`;
    throw new FakeException("QueryParamException", message);
  }
  if (operation === "RENAME") query.delete("renameoptions");
  if (operation === "LISTSTATUS_BATCH") query.delete("startafter");
}

/** HttpFS answers 500 to exceptions for which a NameNode has a status of their own. */
function asHttpFs(error: unknown): unknown {
  if (!(error instanceof FakeException)) return error;
  const known = ["FileNotFoundException", "IOException", "FileAlreadyExistsException"];
  return known.includes(error.exception) ? error : error.withStatus(500);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(307, { location, "content-length": 0, "content-type": "application/octet-stream" });
  response.end();
}
