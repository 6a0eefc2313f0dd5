// The last stop of every failure: one clear line on stderr (or JSON on stdout) and the exit code of the error table.

import { errorEntry, isMillraceError, InvariantError } from "@millrace/core";
import type { Terminal } from "./output/terminal.ts";
import { escapeLines } from "./output/escape-text.ts";

/** Print a failure and give its exit code. @param json print `{ error: … }` on stdout besides. */
export function reportError(thrown: unknown, terminal: Terminal, json: boolean): number {
  const { code, message, exit } = describe(thrown);
  terminal.error(`${terminal.style("red", "error")} ${escapeLines(message)} [${code}]`);
  if (json) terminal.data(`${JSON.stringify({ error: { code, message, exit } })}\n`);
  return exit;
}

function describe(thrown: unknown): { readonly code: string; readonly message: string; readonly exit: number } {
  if (isMillraceError(thrown))
    return { code: thrown.code, message: thrown.message, exit: errorEntry(thrown.code).exit };
  if (thrown instanceof InvariantError) return { code: "E_INTERNAL", message: thrown.stack ?? thrown.message, exit: 1 };
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return {
    code: "E_INTERNAL",
    message: `Cannot go on: unexpected failure; report it with this text: ${message}`,
    exit: 1,
  };
}
