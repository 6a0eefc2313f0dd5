// From the authority of a URI to the HTTP addresses of its NameNodes: a name service or an RPC address is looked up in
// Hadoop's configuration; an address that it does not know is tried at the ports that Hadoop's versions use.

import { MillraceError, quote } from "@millrace/core";
import type { HadoopConfiguration } from "./hadoop-configuration.ts";

/** Schemes of HDFS: by its own name, or by the address of its HTTP interface. */
export type HdfsScheme = "hdfs" | "webhdfs" | "swebhdfs";

/** Where a cluster is asked. */
export interface NameNodeAddresses {
  /** Base URLs, those of one name service; the client finds out which is active. */
  readonly nameNodes: readonly string[];
  /** How they were found, for messages. */
  readonly origin: string;
  /** Whether they are ports of one server, only one of which is right. */
  readonly guessed?: true;
}

/** Ports of a NameNode: Hadoop 3's first, then those of Hadoop 2. */
const httpPorts = [9870, 50_070] as const;
const httpsPorts = [9871, 50_470] as const;
/** Where `hdfs://host` means RPC: `HdfsClientConfigKeys.DFS_NAMENODE_RPC_PORT_DEFAULT`. */
const rpcPort = "8020";

/** Find the NameNodes of a URI. @throws {MillraceError} E_CONFIGURATION when the authority means nothing here. */
export function nameNodeAddresses(
  scheme: HdfsScheme,
  authority: string,
  configuration: HadoopConfiguration,
): NameNodeAddresses {
  if (authority === "") return defaultAddresses(scheme, configuration);
  return addressesBy({ scheme, authority }, { configuration, secure: isSecure(scheme, configuration) });
}

/**
 * Find every address at which the NameNodes of a URI may be asked, by HTTP and HTTPS: two URIs that share one name the
 * same cluster.
 * @throws {MillraceError} E_CONFIGURATION when the authority means nothing here.
 */
export function everyAddress(
  scheme: HdfsScheme,
  authority: string,
  configuration: HadoopConfiguration,
): readonly string[] {
  const found =
    authority === ""
      ? { scheme: defaultScheme(scheme, configuration), authority: defaultAuthority(configuration) }
      : { scheme, authority };
  const ways = found.scheme === "hdfs" ? [false, true] : [found.scheme === "swebhdfs"];
  return ways.flatMap((secure) =>
    addressesBy(found, { configuration, secure }).nameNodes.map((url) => url.toLowerCase()),
  );
}

function addressesBy(
  { scheme, authority }: { readonly scheme: HdfsScheme; readonly authority: string },
  { configuration, secure }: Lookup,
): NameNodeAddresses {
  const { host, port } = splitAuthority(scheme, authority);
  const service = port === undefined ? serviceAddresses(authority, { configuration, secure }) : undefined;
  if (service !== undefined) return service;
  if (scheme !== "hdfs" && port !== undefined) {
    return { nameNodes: [baseUrl(secure, authority)], origin: "from the URI" };
  }
  const configured = scheme === "hdfs" ? configuredAddress({ host, port }, { configuration, secure }) : undefined;
  if (configured !== undefined) return configured;
  const ports = secure ? httpsPorts : httpPorts;
  return {
    guessed: true,
    nameNodes: ports.map((each) => baseUrl(secure, `${host}:${each}`)),
    origin: `the default ports of Hadoop 3 and 2, as ${describe(configuration)} does not name it`,
  };
}

/**
 * Find the default file system's authority.
 * @throws {MillraceError} E_CONFIGURATION when there is none, or it is no HDFS.
 */
export function defaultAuthority(configuration: HadoopConfiguration): string {
  const found = configuration.get("fs.defaultFS");
  const match = /^(?:hdfs|s?webhdfs):\/\/([^/]+)/u.exec(found ?? "");
  if (match?.[1] !== undefined) return match[1];
  const reason = found === undefined ? "no fs.defaultFS is set" : `fs.defaultFS is ${quote(found)}`;
  throw unusable("a URI without an authority", `${reason} in ${describe(configuration)}`);
}

function defaultAddresses(scheme: HdfsScheme, configuration: HadoopConfiguration): NameNodeAddresses {
  return nameNodeAddresses(defaultScheme(scheme, configuration), defaultAuthority(configuration), configuration);
}

function defaultScheme(scheme: HdfsScheme, configuration: HadoopConfiguration): HdfsScheme {
  const found = /^([a-z]+):/u.exec(configuration.get("fs.defaultFS") ?? "")?.[1];
  return found === "webhdfs" || found === "swebhdfs" ? found : scheme;
}

interface Lookup {
  readonly configuration: HadoopConfiguration;
  readonly secure: boolean;
}

/** NameNodes of a name service, with HA or without; undefined when the configuration has none of the name. */
function serviceAddresses(service: string, lookup: Lookup): NameNodeAddresses | undefined {
  const { configuration } = lookup;
  const nodes = list(configuration.get(`dfs.ha.namenodes.${service}`));
  const services = list(configuration.get("dfs.nameservices"));
  if (nodes.length === 0 && !services.includes(service)) return undefined;
  const suffixes = nodes.length === 0 ? [`.${service}`] : nodes.map((node) => `.${service}.${node}`);
  const nameNodes = suffixes.flatMap((suffix) => nodeAddress(suffix, lookup) ?? []);
  if (nameNodes.length > 0) return { nameNodes, origin: `from ${describe(configuration)}` };
  throw unusable(
    quote(service),
    `${describe(configuration)} names the service, but sets neither ${httpKey(lookup)}${suffixes[0] ?? ""} nor dfs.namenode.rpc-address${suffixes[0] ?? ""}`,
  );
}

/** HTTP address of one NameNode of the configuration: its own property, else the default port of its RPC host. */
function nodeAddress(suffix: string, lookup: Lookup): string | undefined {
  const { configuration, secure } = lookup;
  const rpc = configuration.get(`dfs.namenode.rpc-address${suffix}`);
  const http = configuration.get(`${httpKey(lookup)}${suffix}`);
  const rpcHost = rpc === undefined ? undefined : hostOf(rpc);
  if (http !== undefined) return baseUrl(secure, reachable(http, rpcHost));
  return rpcHost === undefined ? undefined : baseUrl(secure, `${rpcHost}:${(secure ? httpsPorts : httpPorts)[0]}`);
}

/** The HTTP address that the configuration gives the NameNode with an RPC address. */
function configuredAddress(
  { host, port }: { readonly host: string; readonly port: string | undefined },
  lookup: Lookup,
): NameNodeAddresses | undefined {
  const { configuration } = lookup;
  const origin = `from ${describe(configuration)}`;
  const wanted = `${host}:${port ?? rpcPort}`;
  const prefix = "dfs.namenode.rpc-address";
  for (const name of configuration.names) {
    if (!name.startsWith(prefix) || withPort(configuration.get(name)) !== wanted) continue;
    const found = nodeAddress(name.slice(prefix.length), lookup);
    if (found !== undefined) return { nameNodes: [found], origin };
  }
  // A cluster of one NameNode says its RPC address by the default file system alone.
  const http = configuration.get(httpKey(lookup));
  const own = /^hdfs:\/\/([^/]+)/u.exec(configuration.get("fs.defaultFS") ?? "")?.[1];
  if (http === undefined || withPort(own) !== wanted) return undefined;
  return { nameNodes: [baseUrl(lookup.secure, reachable(http, host))], origin };
}

/** An address that a server binds to (0.0.0.0) is no address to connect to: its host is the RPC address's. */
function reachable(address: string, rpcHost: string | undefined): string {
  return address.replace(/^(?:0\.0\.0\.0|\[::\]|)(?=:\d+$)/u, rpcHost ?? "localhost");
}

function isSecure(scheme: HdfsScheme, configuration: HadoopConfiguration): boolean {
  return scheme === "swebhdfs" || (scheme === "hdfs" && configuration.get("dfs.http.policy") === "HTTPS_ONLY");
}

function httpKey({ secure }: Lookup): string {
  return secure ? "dfs.namenode.https-address" : "dfs.namenode.http-address";
}

function baseUrl(secure: boolean, address: string): string {
  return `${secure ? "https" : "http"}://${address}`;
}

function withPort(address: string | undefined): string | undefined {
  return address === undefined || /:\d+$/u.test(address) ? address : `${address}:${rpcPort}`;
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/u, "");
}

function splitAuthority(
  scheme: HdfsScheme,
  authority: string,
): { readonly host: string; readonly port: string | undefined } {
  const match = /^(\[[0-9a-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/iu.exec(authority);
  if (match?.[1] === undefined || Number(match[2] ?? 1) > 65_535 || Number(match[2] ?? 1) === 0)
    throw unusable(quote(`${scheme}://${authority}`, 1_024), "it is no name service and no host:port");
  return { host: match[1], port: match[2] };
}

function list(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/u).filter((item) => item !== "");
}

function describe({ directory }: HadoopConfiguration): string {
  return directory === undefined ? "Hadoop's configuration (there is none)" : `the configuration ${quote(directory)}`;
}

function unusable(what: string, reason: string): MillraceError {
  return new MillraceError(
    "E_CONFIGURATION",
    `Cannot find the NameNode of ${what}: ${reason}; set HADOOP_CONF_DIR to the cluster's configuration, or write webhdfs://host:port/path`,
  );
}
