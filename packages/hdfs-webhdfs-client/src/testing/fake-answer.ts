// Requests read and answers written by all servers of the fake cluster.
import type { IncomingMessage, ServerResponse } from "node:http";
import { FakeException } from "./fake-exception.ts";

/** A request to `/webhdfs/v1/…`, decoded. */
export interface FakeUrl {
  /** Each segment decoded once, as the server does. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly operation: string;
}

const base = "/webhdfs/v1";

/** @returns undefined for an address outside of WebHDFS */
export function readFakeUrl(request: IncomingMessage): FakeUrl | undefined {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  if (rawPath !== base && !rawPath.startsWith(`${base}/`)) return undefined;
  const path = rawPath.slice(base.length).split("/").map(decodeURIComponent).join("/") || "/";
  return { path, query, operation: (query.get("op") ?? "").toUpperCase() };
}

/** Answer with JSON, or with nothing. */
export function sendJson(response: ServerResponse, status: number, json?: object): void {
  const body = json === undefined ? "" : JSON.stringify(json);
  const type = json === undefined ? "application/octet-stream" : "application/json";
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** Answer with a page, as servlet containers and proxies do. */
export function sendHtml(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `<html><head><title>Error ${status}</title></head><body><h2>HTTP ERROR ${status}</h2></body></html>\n`;
  response.writeHead(status, {
    "content-type": "text/html;charset=utf-8",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Answer with an exception; a bug of the fake is answered as Java's RuntimeException. */
export function sendFakeException(response: ServerResponse, error: unknown): void {
  if (error instanceof FakeException) sendJson(response, error.status, error.toJson());
  else
    sendJson(response, 500, {
      RemoteException: {
        exception: "RuntimeException",
        javaClassName: "java.lang.RuntimeException",
        message: String(error),
      },
    });
}
