// Tokens and what they open. A gate keeps digests alone; every comparison takes the same time whatever is sent.

import { createHash, timingSafeEqual } from "node:crypto";
import { MillraceError } from "@millrace/core";
import type { Access, Role } from "./authorization-table.ts";
import { roles } from "./authorization-table.ts";

/** The secret of each role: 64 hexadecimal digits, 256 random bits. */
export type RoleTokens = Readonly<Record<Role, string>>;

/** Decides whether a call may go on. */
export interface TokenGate {
  /**
   * Check an `authorization` value against a row of the table.
   * @throws {MillraceError} E_AUTH without a good token, E_FORBIDDEN for one of another role.
   */
  check(authorization: string | undefined, access: Access, what: string): void;
}

/** Longest value that is looked at; a bearer token has 71 characters. */
const authorizationCharactersMax = 512;

/** Make a gate for a set of tokens. */
export function createTokenGate(tokens: RoleTokens): TokenGate {
  const digests = roles.map((role) => ({ role, digest: digestOf(tokens[role]) }));
  return {
    check(authorization, access, what) {
      if (access === "public") return;
      const role = roleOf(digests, authorization);
      if (role === undefined) {
        const reason = authorization === undefined ? "no token was sent" : "the token is not one of this coordinator";
        throw new MillraceError(
          "E_AUTH",
          `Cannot call "${what}": ${reason}; use the token of the coordinator's endpoint file`,
        );
      }
      if (!access.includes(role)) {
        throw new MillraceError(
          "E_FORBIDDEN",
          `Cannot call "${what}": the token's role is "${role}"; use a token of role "${access.join('" or "')}"`,
          { details: { role } },
        );
      }
    },
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function roleOf(
  digests: readonly { readonly role: Role; readonly digest: Buffer }[],
  authorization: string | undefined,
): Role | undefined {
  const bearer = /^bearer ([\x21-\x7e]+)$/i.exec((authorization ?? "").slice(0, authorizationCharactersMax));
  const given = digestOf(bearer?.[1] ?? "");
  let found: Role | undefined;
  // All are compared, so that the time does not tell which one came near.
  for (const { role, digest } of digests) if (timingSafeEqual(digest, given) && bearer !== null) found = role;
  return found;
}
