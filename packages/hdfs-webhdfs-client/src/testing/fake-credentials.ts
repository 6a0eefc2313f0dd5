// Who a request of the fake cluster is from: `user.name`, a delegation token, or a pretended SPNEGO.
import type { IncomingMessage } from "node:http";
import { FakeException } from "./fake-exception.ts";

/** Tokens and sessions of a fake cluster. */
export class FakeCredentials {
  /** `kerberos`: without a token, cookie or `Negotiate USER` there is a 401. */
  readonly kind: "simple" | "kerberos";
  readonly #tokens = new Map<string, string>();
  readonly #cookies = new Map<string, string>();
  readonly #staticUser: string;
  #next = 1;

  constructor(kind: "simple" | "kerberos", staticUser: string) {
    this.kind = kind;
    this.#staticUser = staticUser;
  }

  /**
   * @returns the user, and a cookie to be set after SPNEGO; undefined for 401
   * @throws {FakeException} for a refused token or user name
   */
  identify(
    request: IncomingMessage,
    query: URLSearchParams,
  ): { readonly user: string; readonly cookie?: string } | undefined {
    const token = query.get("delegation");
    if (token !== null) return { user: this.#byToken(token) };
    if (this.kind === "simple") {
      const name = query.get("user.name") ?? this.#staticUser;
      if (!/^[A-Za-z_][\w.-]*\$?$/u.test(name))
        throw new FakeException("IllegalArgumentException", `Invalid value: "${name}" does not belong to the domain`);
      return { user: query.get("doas") ?? name };
    }
    const cookie = /hadoop\.auth=(?<value>[^;]+)/u.exec(request.headers.cookie ?? "")?.groups?.["value"];
    const known = cookie === undefined ? undefined : this.#cookies.get(cookie);
    if (known !== undefined) return { user: query.get("doas") ?? known };
    const spnego = /^Negotiate (?<base64>.+)$/u.exec(request.headers.authorization ?? "")?.groups?.["base64"];
    if (spnego === undefined) return undefined;
    const user = Buffer.from(spnego, "base64").toString("utf8");
    const fresh = `u=${user}&t=kerberos&s=${this.#next++}`;
    this.#cookies.set(fresh, user);
    return { user: query.get("doas") ?? user, cookie: `hadoop.auth=${fresh}; HttpOnly` };
  }

  /** @returns the URL string of a new token */
  issue(user: string): string {
    const token = `token-${user}-${this.#next++}`;
    this.#tokens.set(token, user);
    return token;
  }

  /** @throws {FakeException} for a token that is none */
  check(token: string): void {
    this.#byToken(token);
  }

  cancel(token: string): void {
    this.check(token);
    this.#tokens.delete(token);
  }

  /** End all sessions: cookies are known no more. */
  expireCookies(): void {
    this.#cookies.clear();
  }

  #byToken(token: string): string {
    const user = this.#tokens.get(token);
    if (user !== undefined) return user;
    const message =
      "Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: token can't be found in cache";
    throw new FakeException("SecurityException", message);
  }
}
