// The one error of expected failures. Match on `code`, never on class or text.

import type { ErrorCode } from "./error-table.ts";

/** What an error knows beside its text: plain data, shown by `-o json`. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** Signal an expected, handled, tested failure. The text follows `Cannot <act> "<what>": <reason>, <value>; <what to do>`. */
export class MillraceError extends Error {
  override readonly name = "MillraceError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Tell whether something thrown is a {@link MillraceError}, also one of another copy of this module. */
export function isMillraceError(thrown: unknown): thrown is MillraceError {
  return thrown instanceof Error && thrown.name === "MillraceError" && "code" in thrown;
}

/** Quote a value for a message: control characters, bidi marks and quotes escaped, cut at `max` characters. */
export function quote(value: string, max = 200): string {
  const cut = value.length > max ? `${value.slice(0, max)}…` : value;
  return `"${cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"\\]/gu, (character) => escapeCharacter(character))}"`;
}

/** Make somebody's sentence fit to stand in a message as it is: as {@link quote} does, but with its quotes left, and none around. */
export function unquoted(value: string, max = 800): string {
  const cut = value.length > max ? `${value.slice(0, max)}…` : value;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => escapeCharacter(character));
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
