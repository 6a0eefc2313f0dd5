// Who the caller is, in the query of each request or, with Kerberos, in its headers. Credentials go to the name service
// only; a redirect carries what the DataNode needs.
import type { ResolvedOptions, WebHdfsAuth } from "../client-options.ts";
import type { QueryValues } from "../address/encode-path.ts";
import type { ServerAddress } from "../address/server-address.ts";
import { negotiateByKerberosPackage } from "./kerberos-package.ts";

/** Credentials of one client. */
export interface Authenticator {
  /** Parameters for the query of a request. */
  query(): Promise<QueryValues>;
  /** Headers for a request to a server: its cookie, if it gave one. */
  headers(server: ServerAddress): Readonly<Record<string, string>>;
  /** Answer to `401 Negotiate`. @returns headers to send once more, undefined if there are no such credentials. */
  negotiate(server: ServerAddress): Promise<Readonly<Record<string, string>> | undefined>;
  /** Keep the cookie of an answer, which spares the next negotiation. */
  noteCookies(server: ServerAddress, cookies: readonly string[] | undefined): void;
  /** The server called the token invalid. @returns whether a new one can be got. */
  renew(): boolean;
}

const nothing: Readonly<Record<string, string>> = {};

function simple(auth: Extract<WebHdfsAuth, { kind: "simple" }>): Authenticator {
  const query = { "user.name": auth.user, doas: auth.doAs };
  return {
    query: async () => query,
    headers: () => nothing,
    negotiate: async () => undefined,
    noteCookies: () => undefined,
    renew: () => false,
  };
}

function byToken(auth: Extract<WebHdfsAuth, { kind: "token" }>): Authenticator {
  const { token } = auth;
  let current: Promise<string> | undefined;
  const get = (): Promise<string> => {
    if (typeof token === "string") return Promise.resolve(token);
    current ??= token();
    // A failed fetch is not kept, so that the next call asks again.
    current.catch(() => {
      current = undefined;
    });
    return current;
  };
  return {
    ...simple({ kind: "simple" }),
    query: async () => ({ delegation: await get() }),
    renew: () => {
      current = undefined;
      return typeof token === "function";
    },
  };
}

function kerberos(auth: Extract<WebHdfsAuth, { kind: "kerberos" }>): Authenticator {
  const service = auth.service ?? ((host: string) => `HTTP@${host}`);
  const negotiate = auth.negotiate ?? negotiateByKerberosPackage;
  const cookies = new Map<ServerAddress, string>();
  return {
    query: async () => ({ doas: auth.doAs }),
    headers: (server) => {
      const cookie = cookies.get(server);
      return cookie === undefined ? nothing : { cookie };
    },
    negotiate: async (server) => {
      cookies.delete(server);
      return { authorization: `Negotiate ${await negotiate(service(server.host))}` };
    },
    noteCookies: (server, values) => {
      const found = values?.find((value) => value.startsWith("hadoop.auth="))?.split(";", 1)[0];
      if (found !== undefined && found !== "hadoop.auth=") cookies.set(server, found);
    },
    renew: () => false,
  };
}

/** Make the credentials of a client. */
export function createAuthenticator(options: Pick<ResolvedOptions, "auth">): Authenticator {
  const { auth } = options;
  switch (auth.kind) {
    case "simple":
      return simple(auth);
    case "token":
      return byToken(auth);
    case "kerberos":
      return kerberos(auth);
  }
}
