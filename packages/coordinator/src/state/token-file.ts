// The coordinator's tokens: drawn once for a state directory, so that workers and pages find their way back after a
// restart. The file is its user's alone.

import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, quote } from "@millrace/core";
import type { Randomness } from "@millrace/ports";
import type { RoleTokens } from "@millrace/rpc";
import { roles } from "@millrace/rpc";

/** Random bits of a token, in bytes. */
const tokenBytes = 32;

/**
 * Read the tokens of a state directory, or draw them. The caller holds the directory's lock.
 * @throws {MillraceError} E_STATE_DAMAGED when the file is there and is none.
 */
export function openTokens(stateDirectory: string, randomness: Randomness): RoleTokens {
  const path = join(stateDirectory, "tokens.json");
  const known = readTokens(path);
  if (known !== undefined) return known;
  const draw = (): string => Buffer.from(randomness.bytes(tokenBytes)).toString("hex");
  const tokens: RoleTokens = { client: draw(), worker: draw(), read: draw() };
  writeFileSync(`${path}.new`, `${JSON.stringify(tokens)}\n`, { mode: 0o600, flush: true });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
  return tokens;
}

function readTokens(path: string): RoleTokens | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
  // A crash before the first rename leaves no file; one that was written whole is never empty.
  const parsed = parse(text);
  if (parsed === undefined || roles.some((role) => !/^[0-9a-f]{64}$/.test(String(parsed[role])))) {
    throw new MillraceError(
      "E_STATE_DAMAGED",
      `Cannot read the tokens ${quote(path)}: not three tokens; delete the file, and restart the workers`,
    );
  }
  return parsed as RoleTokens;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
