// Who the caller is, in the query of each request or, with Kerberos, in its headers. Credentials go to the name service
// only; a redirect carries what the DataNode needs.
import type { Negotiation, ResolvedOptions, WebHdfsAuth } from "../client-options.ts";
import type { QueryValues } from "../address/encode-path.ts";
import type { ServerAddress } from "../address/server-address.ts";
import { hideTokens } from "../errors/hide-tokens.ts";
import { quote } from "../errors/quote.ts";
import { negotiateByKerberosPackage } from "./kerberos-package.ts";

/** Credentials of one client. */
export interface Authenticator {
  /** Parameters for the query of a request. */
  query(): Promise<QueryValues>;
  /** Headers for a request to a server: its cookie, if it gave one. */
  headers(server: ServerAddress): Readonly<Record<string, string>>;
  /**
   * Answer to a 401. @returns what to send once more, undefined if there are no such credentials.
   * @param challenge - `WWW-Authenticate` of the answer
   * @throws when the server asks for something else, or no ticket can be had
   */
  negotiate(server: ServerAddress, challenge: string | undefined): Promise<Challenged | undefined>;
  /** Keep the cookie of an answer, which spares the next negotiation. */
  noteCookies(server: ServerAddress, cookies: readonly string[] | undefined): void;
  /** The server called the token invalid. @returns whether a new one can be got. */
  renew(): boolean;
}

/** A 401 that can be answered. */
export interface Challenged {
  readonly headers: Readonly<Record<string, string>>;
  /** Hold the server to its proof: `WWW-Authenticate` of the answer that let us in. @throws when it is wrong or missing */
  check(proof: string | undefined): Promise<void>;
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
  const begin = auth.negotiate ?? negotiateByKerberosPackage;
  const cookies = new Map<ServerAddress, string>();
  return {
    query: async () => ({ doas: auth.doAs }),
    headers: (server) => {
      const cookie = cookies.get(server);
      return cookie === undefined ? nothing : { cookie };
    },
    negotiate: async (server, challenge) => {
      cookies.delete(server);
      if (!offersNegotiate(challenge))
        throw new Error(`it does not offer Negotiate but ${quote(hideTokens(challenge ?? "nothing"))}`);
      const name = service(server.host);
      const begun = await begin(name);
      const { token, verify }: Negotiation = typeof begun === "string" ? { token: begun } : begun;
      return {
        headers: { authorization: `Negotiate ${token}` },
        check: async (answer) => {
          try {
            await checkProof(answer, { name, verify, required: auth.requireServerProof === true });
          } catch (thrown) {
            cookies.delete(server);
            throw thrown;
          }
        },
      };
    },
    noteCookies: (server, values) => {
      const found = values?.find((value) => value.startsWith("hadoop.auth="))?.split(";", 1)[0];
      // An empty one ends a session.
      if (found === "hadoop.auth=") cookies.delete(server);
      else if (found !== undefined) cookies.set(server, found);
    },
    renew: () => false,
  };
}

/** Whether a challenge has the scheme Negotiate; Node joins several headers with commas. */
function offersNegotiate(challenge: string | undefined): boolean {
  return /(?:^|,)\s*negotiate\s*(?:,|$|\s)/iu.test(challenge ?? "");
}

interface ProofCheck {
  readonly name: string;
  readonly verify: Negotiation["verify"];
  readonly required: boolean;
}

async function checkProof(answer: string | undefined, { name, verify, required }: ProofCheck): Promise<void> {
  const proof = /(?:^|,)\s*negotiate\s+(?<token>[A-Za-z0-9+/]+=*)/iu.exec(answer ?? "")?.groups?.["token"];
  if (proof === undefined) {
    if (required) throw new Error(`it gives no proof that it is ${name}`);
    return;
  }
  try {
    await verify?.(proof);
  } catch (cause) {
    throw new Error(`its proof that it is ${name} is wrong, ${(cause as Error).message}`, { cause });
  }
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
