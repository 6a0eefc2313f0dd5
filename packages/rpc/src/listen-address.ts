// Addresses of listeners: loopback alone, checked before any socket is opened. Without certificates and a token nothing
// that listens elsewhere is safe, however the network is said to be.

import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { MillraceError, quote } from "@millrace/core";

/** Where something listens or connects. */
export interface HostPort {
  readonly host: string;
  /** 0 to 65535; 0 asks for any free one. */
  readonly port: number;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Parse `host:port` or `[v6]:port`. @throws {MillraceError} E_CONFIGURATION. */
export function parseHostPort(text: string): HostPort {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot use address ${quote(text)}: not HOST:PORT; write for example 127.0.0.1:7450`,
    );
  }
  return { host, port };
}

/** Print an address as {@link parseHostPort} reads it. */
export function printHostPort({ host, port }: HostPort): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Make sure that every address that a listener's name stands for is loopback.
 * @returns the address to bind: a number, so that it cannot come to mean something else.
 * @throws {MillraceError} E_UNSAFE_LISTEN, or E_CONFIGURATION for a name that means nothing.
 */
export async function requireLoopback(text: string): Promise<HostPort> {
  const { host, port } = parseHostPort(text);
  const addresses = isIP(host) === 0 ? await resolve(host, text) : [host];
  const outside = addresses.find((address) => !isLoopback(address));
  const [first] = addresses;
  if (outside !== undefined || first === undefined) {
    throw new MillraceError(
      "E_UNSAFE_LISTEN",
      `Cannot listen on ${quote(text)}: ${outside ?? host} is not loopback, and there are no certificates; listen on 127.0.0.1:${port}`,
    );
  }
  return { host: first, port };
}

/** Tell whether an address is one of this machine's loopback. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? "ipv4" : "ipv6");
}

async function resolve(host: string, text: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot listen on ${quote(text)}: no such host; write for example 127.0.0.1:7450`,
      { cause },
    );
  }
}

/** The error of a bind that failed. */
export function listenError(address: HostPort, cause: unknown): MillraceError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/EADDRINUSE|address already in use/i.test(text)) {
    return new MillraceError(
      "E_PORT_IN_USE",
      `Cannot listen on ${quote(printHostPort(address))}: another process listens there; choose another port, or stop that process`,
      { cause },
    );
  }
  return new MillraceError(
    "E_CONFIGURATION",
    `Cannot listen on ${quote(printHostPort(address))}: ${text}; choose another address`,
    { cause },
  );
}
