// Where the coordinator is and which token opens it: from the endpoint file that a coordinator writes for its user.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, quote } from "@millrace/core";
import { readEndpointFile } from "@millrace/rpc/endpoint";
import type { Endpoint } from "@millrace/rpc/endpoint";
import { clusterPaths, defaultClusterDirectory } from "../cluster/cluster-paths.ts";
import type { ConfigValue } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";

/** Give the path of the endpoint file that a coordinator of this user writes, unless `MILLRACE_ENDPOINT_FILE` names another. */
export function ownEndpointPath(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["MILLRACE_ENDPOINT_FILE"] ?? join(stateHome(environment), "endpoint.json");
}

/** Give the path of the endpoint file to ask: this user's, or that of the cluster that `cluster up` started without `--dir`. */
export function endpointPath(environment: Readonly<Record<string, string | undefined>>): string {
  const own = ownEndpointPath(environment);
  if (environment["MILLRACE_ENDPOINT_FILE"] !== undefined || existsSync(own)) return own;
  const ofCluster = clusterPaths(defaultClusterDirectory(environment)).endpointFile;
  return existsSync(ofCluster) ? ofCluster : own;
}

/** Read an endpoint file. @throws {MillraceError} E_UNREACHABLE when there is none. */
export function readEndpoint(path: string): Endpoint {
  return readEndpointFile(path);
}

/** Where to connect, and what to show. */
export type Access = Pick<Endpoint, "address" | "token">;

/** Whose token is wanted. */
export type AccessRole = "client" | "worker";

/** What a command knows of its coordinator beside the address. */
export interface AccessSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What {@link takeToken} gave. */
  readonly token: string | undefined;
  /** The file that a flag names: a flag goes before variables and files, so that it counts alone. */
  readonly endpointFile?: string | undefined;
}

/**
 * Take `MILLRACE_TOKEN` out of the environment, so that no child sees it; whoever needs it again keeps what this returns.
 * @throws {MillraceError} E_AUTH when it cannot be a token; the text does not repeat it.
 */
export function takeToken(environment: Record<string, string | undefined>): string | undefined {
  const token = environment["MILLRACE_TOKEN"];
  delete environment["MILLRACE_TOKEN"];
  if (token === undefined || /^[\x21-\x7e]{1,256}$/.test(token)) return token;
  throw new MillraceError(
    "E_AUTH",
    `Cannot use MILLRACE_TOKEN: it has ${token.length} characters or some that no token has; set it to the 64 digits of a token`,
  );
}

/**
 * Find the coordinator: a token of the environment goes with the address, else the endpoint file has both. A worker asks
 * before each session, as a coordinator that was started again may listen elsewhere.
 * @throws {MillraceError} E_UNREACHABLE, E_AUTH.
 */
export function findAccess(role: AccessRole, address: ConfigValue, sources: AccessSources): Access {
  const { environment, token, endpointFile } = sources;
  if (token !== undefined && endpointFile === undefined) return { address: address.value, token };
  const path = endpointFile ?? endpointPath(environment);
  const endpoint = readEndpoint(path);
  const asked = endpointFile === undefined ? address.origin !== "default" : address.origin === "flag";
  if (!asked || address.value === endpoint.address) {
    return { address: endpoint.address, token: role === "client" ? endpoint.token : endpoint.workerToken };
  }
  throw new MillraceError(
    "E_AUTH",
    `Cannot call the coordinator on ${quote(address.value)}: the endpoint file ${quote(path)} is of ${quote(endpoint.address)}; set MILLRACE_TOKEN, or MILLRACE_ENDPOINT_FILE to the file of that coordinator`,
  );
}

/** Give the address of the page; on a terminal with the reading token in its fragment, which no server or log ever sees. */
export function pageAddress({ httpAddress, readToken }: Endpoint): string {
  return `http://${httpAddress}/${process.stderr.isTTY ? `#token=${readToken}` : ""}`;
}
