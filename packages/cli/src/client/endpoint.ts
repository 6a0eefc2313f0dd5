// Where the coordinator is and which token opens it: from the endpoint file that a coordinator writes for its user.

import { join } from "node:path";
import { MillraceError, quote } from "@millrace/core";
import { readEndpointFile } from "@millrace/rpc/endpoint";
import type { Endpoint } from "@millrace/rpc/endpoint";
import type { ConfigValue } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";

/** Give the path of the endpoint file: `MILLRACE_ENDPOINT_FILE`, else the one of this user's state. */
export function endpointPath(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["MILLRACE_ENDPOINT_FILE"] ?? join(stateHome(environment), "endpoint.json");
}

/** Read an endpoint file. @throws {MillraceError} E_UNREACHABLE when there is none. */
export function readEndpoint(path: string): Endpoint {
  return readEndpointFile(path);
}

/** Where to connect, and what to show. */
export type Access = Pick<Endpoint, "address" | "token">;

/** Whose token is wanted. */
export type AccessRole = "client" | "worker";

/**
 * Find the coordinator: the endpoint file, unless `MILLRACE_TOKEN` goes with an address; the variable is taken out of
 * the environment at once, so that no child sees it.
 * @throws {MillraceError} E_UNREACHABLE, E_AUTH.
 */
export function findAccess(
  role: AccessRole,
  address: ConfigValue,
  environment: Record<string, string | undefined>,
): Access {
  const token = environment["MILLRACE_TOKEN"];
  delete environment["MILLRACE_TOKEN"];
  if (token !== undefined) return { address: address.value, token };
  const path = endpointPath(environment);
  const endpoint = readEndpoint(path);
  if (address.origin === "default" || address.value === endpoint.address) {
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
