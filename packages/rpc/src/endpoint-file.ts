// The endpoint file: where a coordinator listens and which tokens open it, for commands and workers of the same user.
// It is written whole, readable by its user alone, and taken away when the coordinator ends.

import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { MillraceError, isFullDisk, quote } from "@millrace/core";
import { makeDirectoryTreeSync } from "@millrace/ports";

/** What the file says. Tokens have 64 hexadecimal digits. */
export interface Endpoint {
  /** `host:port` of gRPC. */
  readonly address: string;
  /** `host:port` of the page and API. */
  readonly httpAddress: string;
  /** Token of role `client`: submits, kills, reads. */
  readonly token: string;
  /** Token of role `worker`. */
  readonly workerToken: string;
  /** Token of role `read`, for the page. */
  readonly readToken: string;
  /** Process of the coordinator. */
  readonly pid: number;
}

/**
 * Read an endpoint file.
 * @throws {MillraceError} E_UNREACHABLE when there is none, E_CONFIGURATION when it is not one or others may read it.
 */
export function readEndpointFile(path: string): Endpoint {
  let text: string;
  let mode: number;
  try {
    ({ mode } = statSync(path));
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new MillraceError(
      "E_UNREACHABLE",
      `Cannot find a coordinator: no endpoint file ${quote(path)}; start one with \`millrace cluster up\`, or set MILLRACE_ENDPOINT_FILE to the file of one that runs, such as endpoint.json in the --dir of a cluster`,
      { cause },
    );
  }
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    const found = (mode & 0o777).toString(8);
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot use endpoint file ${quote(path)}: other users may read its tokens, mode ${found}; run chmod 600 on it, and start the coordinator again`,
    );
  }
  return parseEndpoint(text, path);
}

function parseEndpoint(text: string, path: string): Endpoint {
  const value = parseJson(text);
  const textOf = (name: keyof Endpoint, shape: RegExp): string => {
    const field = value?.[name];
    if (typeof field !== "string" || !shape.test(field)) throw malformed(path, name);
    return field;
  };
  const token = /^[0-9a-f]{64}$/;
  const address = /^[^\s]{3,255}$/;
  const pid = value?.["pid"];
  if (typeof pid !== "number") throw malformed(path, "pid");
  return {
    address: textOf("address", address),
    httpAddress: textOf("httpAddress", address),
    token: textOf("token", token),
    workerToken: textOf("workerToken", token),
    readToken: textOf("readToken", token),
    pid,
  };
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function malformed(path: string, field: string): MillraceError {
  return new MillraceError(
    "E_CONFIGURATION",
    `Cannot use endpoint file ${quote(path)}: its field "${field}" is missing or not valid; start the coordinator again`,
    { details: { field } },
  );
}

/**
 * Write an endpoint file, whole or not at all. Its directory is made when it is not there.
 * @throws {MillraceError} E_NO_SPACE when the disk is full, E_CONFIGURATION when it cannot be written.
 */
export function writeEndpointFile(path: string, endpoint: Endpoint): void {
  try {
    makeDirectoryTreeSync(dirname(path), 0o700);
    const temporary = `${path}.${process.pid}.new`;
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(endpoint, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (cause) {
    const full = isFullDisk(cause);
    const reason = full ? "the disk is full" : cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError(
      full ? "E_NO_SPACE" : "E_CONFIGURATION",
      `Cannot write the endpoint file ${quote(path)}: ${reason}; ${full ? "free space on it, or give" : "give"} --endpoint-file or MILLRACE_ENDPOINT_FILE with a path that can be written`,
      { cause },
    );
  }
}

/** Take an endpoint file away when it is still the one that was written. Never throws. */
export function removeEndpointFile(path: string, endpoint: Endpoint): void {
  try {
    const found = readEndpointFile(path);
    if (found.pid === endpoint.pid && found.address === endpoint.address) rmSync(path, { force: true });
  } catch {
    // Gone already, or another's.
  }
}
