// Delegation tokens of the fake cluster: who may renew one, when it ends, and what a NameNode says of one that is none.
import { FakeException } from "./fake-exception.ts";

/** One token. */
export interface FakeToken {
  readonly owner: string;
  readonly renewer: string;
  /** Not beyond this, however often it is renewed. */
  readonly lastMs: number;
  /** Ends here unless renewed. */
  endsMs: number;
}

/** How long tokens live; Hadoop's defaults are a day and a week. Change them while the cluster runs. */
export interface FakeTokenLives {
  renewMs: number;
  longestMs: number;
}

const dayMs = 86_400_000;

/** Tokens of a fake cluster. */
export class FakeTokens {
  readonly lives: FakeTokenLives = { renewMs: dayMs, longestMs: 7 * dayMs };
  readonly #nowMs: () => number;
  readonly #tokens = new Map<string, FakeToken>();
  #next = 1;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Tokens that were issued by GETDELEGATIONTOKEN and neither cancelled nor forgotten. */
  get issued(): readonly FakeToken[] {
    return [...this.#tokens.values()].filter(({ renewer }) => renewer !== "");
  }

  /** @returns the URL string of a new token; one without a renewer is a redirect's own */
  issue(owner: string, renewer: string): string {
    const token = `token-${owner}-${this.#next++}`;
    const lastMs = this.#nowMs() + this.lives.longestMs;
    this.#tokens.set(token, { owner, renewer, lastMs, endsMs: Math.min(lastMs, this.#nowMs() + this.lives.renewMs) });
    return token;
  }

  /** @returns its owner @throws {FakeException} for a token that is none, or no more */
  ownerOf(token: string): string {
    const known = this.#tokens.get(token);
    if (known === undefined) throw new FakeException("SecurityException", refusal("can't be found in cache"));
    if (known.endsMs < this.#nowMs()) throw new FakeException("SecurityException", refusal("is expired"));
    return known.owner;
  }

  /** @returns when it ends now, ms since 1970 @throws {FakeException} */
  renew(token: string, user: string): number {
    const known = this.#managed(token, "Renewal request for unknown token");
    if (known.renewer !== user) {
      const message = `${user} tries to renew a token (token for ${known.owner}) with non-matching renewer ${known.renewer}`;
      throw new FakeException("AccessControlException", message);
    }
    if (known.endsMs < this.#nowMs())
      throw new FakeException("InvalidToken", `${user} tries to renew an expired token`);
    known.endsMs = Math.min(known.lastMs, this.#nowMs() + this.lives.renewMs);
    return known.endsMs;
  }

  /** @throws {FakeException} */
  cancel(token: string, user: string): void {
    const known = this.#managed(token, "Token not found");
    if (known.renewer !== user && known.owner !== user)
      throw new FakeException("AccessControlException", `${user} is not authorized to cancel the token`);
    this.#tokens.delete(token);
  }

  /** Forget all, as a NameNode whose secrets were made anew. */
  forget(): void {
    this.#tokens.clear();
  }

  #managed(token: string, otherwise: string): FakeToken {
    const known = this.#tokens.get(token);
    if (known === undefined) throw new FakeException("InvalidToken", `${otherwise} (token for nobody)`);
    return known;
  }
}

function refusal(what: string): string {
  return `Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: Token ${what}`;
}
