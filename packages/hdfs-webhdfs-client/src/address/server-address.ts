// Addresses: of name nodes as people write them, of redirects as servers send them.
import type { HostMap } from "../client-options.ts";
import type { ExchangeTarget } from "../http/exchange.ts";

/** One name node, HttpFS server or gateway. */
export interface ServerAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Path before the file's path: `/webhdfs/v1`, at gateways with more before it. */
  readonly basePath: string;
  /** `host:port`, for messages. */
  readonly label: string;
}

/** Write `host:port`, an IPv6 address in brackets. */
export function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Ports since Hadoop 3. */
const defaultPorts = { http: 9870, https: 9871 } as const;

const urlPattern = /^(https?):\/\/(\[[^\]]+\]|[^:/?#@[\]]+)(?::(\d{1,5}))?(\/[^#]*|\?[^#]*)?(?:#.*)?$/iu;

function splitUrl(url: string) {
  const match = urlPattern.exec(url);
  if (match === null) return undefined;
  const [, scheme = "", host = "", port, rest = ""] = match;
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  if (port !== undefined && (Number(port) === 0 || Number(port) > 65_535)) return undefined;
  return {
    secure: scheme.toLowerCase() === "https",
    host: bare,
    port: port === undefined ? undefined : Number(port),
    rest,
  };
}

/**
 * Read the address of a name node: `http://nn1:9870`, `https://knox:8443/gateway/default`, `http://nn1:9870/webhdfs/v1`.
 * Without a port it is Hadoop 3's: 9870, with https 9871.
 * @throws {TypeError} for what is no such address
 */
export function parseServerAddress(text: string): ServerAddress {
  const url = splitUrl(text);
  if (url === undefined || url.rest.includes("?")) {
    throw new TypeError(`Cannot use "${text}" as a name node's address; write it as "http://host:9870"`);
  }
  const port = url.port ?? (url.secure ? defaultPorts.https : defaultPorts.http);
  const path = url.rest.replace(/\/+$/u, "");
  const basePath = path.endsWith("/webhdfs/v1") ? path : `${path}/webhdfs/v1`;
  return { secure: url.secure, host: url.host, port, basePath, label: hostAndPort({ host: url.host, port }) };
}

/**
 * Read a redirect; path and query stay as they came. A relative one stays at `from`.
 * @returns undefined for what is no redirect to http or https
 */
export function parseLocation(location: string, from: ServerAddress, hostMap: HostMap): ExchangeTarget | undefined {
  if (!/^[\u0021-\u007e]+$/u.test(location)) return undefined;
  if (location.startsWith("/") && !location.startsWith("//")) return targetOf(from, location);
  const url = splitUrl(location);
  if (url === undefined) return undefined;
  const port = url.port ?? (url.secure ? 443 : 80);
  const pathAndQuery = url.rest.startsWith("/") ? url.rest : `/${url.rest}`;
  return { ...mapHost({ secure: url.secure, host: url.host, port }, hostMap), pathAndQuery };
}

/** The target of a path at a name node. */
export function targetOf(server: ServerAddress, pathAndQuery: string): ExchangeTarget {
  const { secure, host, port } = server;
  return { secure, host, port, connectHost: host, connectPort: port, pathAndQuery };
}

function mapHost(
  server: { readonly secure: boolean; readonly host: string; readonly port: number },
  hostMap: HostMap,
): Omit<ExchangeTarget, "pathAndQuery"> {
  const { host, port } = server;
  const mapped = typeof hostMap === "function" ? hostMap(host, port) : namedIn(hostMap, server);
  if (mapped === undefined) return { ...server, connectHost: host, connectPort: port };
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/u.exec(mapped);
  if (match === null) throw new TypeError(`Cannot map host "${host}" to "${mapped}"; write "host" or "host:port"`);
  const connectHost = (match[1] ?? "").replace(/^\[|\]$/gu, "");
  return { ...server, connectHost, connectPort: match[2] === undefined ? port : Number(match[2]) };
}

function namedIn(
  hostMap: Readonly<Record<string, string>>,
  server: { readonly host: string; readonly port: number },
): string | undefined {
  const names = [hostAndPort(server), hostAndPort(server).replace(/:\d+$/u, ""), server.host];
  const name = names.find((each) => Object.hasOwn(hostMap, each));
  return name === undefined ? undefined : hostMap[name];
}
