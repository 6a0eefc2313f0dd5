// Who a request of the fake cluster is from: `user.name`, a delegation token, or a pretended SPNEGO, whose token is the
// user's name in base64 and whose proof is `server:` and that name.
import type { IncomingMessage } from "node:http";
import { FakeException } from "./fake-exception.ts";
import { FakeTokens } from "./fake-tokens.ts";

/** Whom a request is from, and what its answer carries for that. */
export interface FakeIdentity {
  readonly user: string;
  /** Headers of the answer: after SPNEGO the session's cookie and the server's proof. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Session {
  readonly user: string;
  readonly endsMs: number;
}

/** Tokens and sessions of a fake cluster. */
export class FakeCredentials {
  /** `kerberos`: without a token, cookie or `Negotiate USER` there is a 401. */
  readonly kind: "simple" | "kerberos";
  readonly tokens: FakeTokens;
  /** How long a cookie serves, ms; Hadoop's default is ten hours. */
  sessionMs = 36_000_000;
  /** `WWW-Authenticate` of a 401; undefined sends none. */
  challenge: string | undefined = "Negotiate";
  /** What the server proves after SPNEGO. */
  proof: "right" | "wrong" | "none" = "right";
  /** A ticket for another realm, or a clock that is wrong: SPNEGO is answered by 401 again, or by 403. */
  refuseTickets: 401 | 403 | undefined = undefined;
  readonly #sessions = new Map<string, Session>();
  readonly #staticUser: string;
  readonly #nowMs: () => number;
  #next = 1;

  constructor(kind: "simple" | "kerberos", staticUser: string, nowMs: () => number) {
    this.kind = kind;
    this.#staticUser = staticUser;
    this.#nowMs = nowMs;
    this.tokens = new FakeTokens(nowMs);
  }

  /**
   * @returns undefined for 401
   * @throws {FakeException} for a refused token or user name
   */
  identify(request: IncomingMessage, query: URLSearchParams): FakeIdentity | undefined {
    const token = query.get("delegation");
    if (token !== null) return { user: this.tokens.ownerOf(token), headers: {} };
    if (this.kind === "simple") {
      const name = query.get("user.name") ?? this.#staticUser;
      if (!/^[A-Za-z_][\w.-]*\$?$/u.test(name))
        throw new FakeException("IllegalArgumentException", `Invalid value: "${name}" does not belong to the domain`);
      return { user: query.get("doas") ?? name, headers: {} };
    }
    const known = this.#session(request.headers.cookie);
    if (known !== undefined) return { user: query.get("doas") ?? known, headers: {} };
    const spnego = /^Negotiate (?<base64>.+)$/u.exec(request.headers.authorization ?? "")?.groups?.["base64"];
    if (spnego === undefined || this.refuseTickets !== undefined) return undefined;
    const user = Buffer.from(spnego, "base64").toString("utf8");
    return { user: query.get("doas") ?? user, headers: this.#welcome(user) };
  }

  /** Headers of a 401: the challenge, and the end of a session that is over. */
  refusal(): Readonly<Record<string, string>> {
    return {
      ...(this.challenge === undefined ? {} : { "www-authenticate": this.challenge }),
      "set-cookie": "hadoop.auth=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT; HttpOnly",
    };
  }

  /** End all sessions: cookies are known no more. */
  expireCookies(): void {
    this.#sessions.clear();
  }

  /** Cookies have quotes around what they hold, as Hadoop's. */
  #session(cookies: string | undefined): string | undefined {
    const value = /hadoop\.auth="(?<value>[^"]+)"/u.exec(cookies ?? "")?.groups?.["value"];
    const session = this.#sessions.get(value ?? "");
    return session !== undefined && session.endsMs > this.#nowMs() ? session.user : undefined;
  }

  #welcome(user: string): Readonly<Record<string, string>> {
    const endsMs = this.#nowMs() + this.sessionMs;
    const value = `u=${user}&p=${user}@EXAMPLE.COM&t=kerberos&e=${endsMs}&s=${this.#next++}`;
    this.#sessions.set(value, { user, endsMs });
    const proof = Buffer.from(`server:${this.proof === "right" ? user : "impostor"}`).toString("base64");
    return {
      "set-cookie": `hadoop.auth="${value}"; Path=/; HttpOnly`,
      ...(this.proof === "none" ? {} : { "www-authenticate": `Negotiate ${proof}` }),
    };
  }
}
