// Regular expressions of the language: RE2's, by re2js. Its time is linear in the text, so that no log line can hang a
// task, and its answers are those of Prometheus, Loki and Go.

import { createRequire } from "node:module";
import { MillraceError, quote } from "@millrace/core";
import type { RE2JS } from "re2js";

/** Loads re2js with the first pattern: few jobs have one, and it is 270 kB, a quarter of what a task host takes to start. */
const requireNow = createRequire(import.meta.url);

/**
 * Make the test whether a text matches `pattern` somewhere.
 *
 * @throws {MillraceError} E_JOB_INVALID with the part of the pattern that RE2 refuses and where it stands.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const re2 = requireNow("re2js") as { readonly RE2JS: typeof RE2JS };
  let compiled: RE2JS;
  try {
    compiled = re2.RE2JS.compile(pattern);
  } catch (thrown) {
    throw refused(pattern, thrown);
  }
  return (text) => compiled.test(text);
}

function refused(pattern: string, thrown: unknown): MillraceError {
  const { error, input } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as {
    readonly error?: unknown;
    readonly input?: unknown;
  };
  const reason = typeof error === "string" ? error : "RE2 does not know it";
  return new MillraceError(
    "E_JOB_INVALID",
    `Cannot use the pattern ${quote(pattern)}: ${reason}${placeOf(pattern, input)}; write it in RE2's syntax, which has no look-around and no back-references`,
    { cause: thrown },
  );
}

function placeOf(pattern: string, part: unknown): string {
  if (typeof part !== "string" || part === "" || part === pattern) return "";
  const at = pattern.indexOf(part);
  return at < 0 ? `, ${quote(part)}` : `, ${quote(part)} at character ${at + 1}`;
}
