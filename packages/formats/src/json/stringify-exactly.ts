// JSON text that says what the value said: what JSON.stringify would change without a word is refused.

import { MillraceError } from "@millrace/core";

/**
 * Write a value as JSON on one line. Lone surrogates become escapes, −0 becomes 0, undefined properties are left out.
 *
 * @throws {MillraceError} E_VALUE_INVALID for undefined, functions, bigint, cycles, NaN, infinities, maps, sets and bytes.
 */
export function stringifyExactly(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value) as string | undefined;
  } catch (thrown) {
    throw refused(thrown instanceof Error ? (thrown.message.split("\n", 1)[0] ?? "") : "its toJSON threw");
  }
  if (text === undefined) throw refused(`it is ${value === undefined ? "undefined" : `a ${typeof value}`}`);
  // NaN, infinities and holes become `null`, a Map or Set `{}`: only a text with one of them needs a closer look.
  if (text.includes("null") || text.includes("{}") || text.includes('{"0":')) checkDeeply(value);
  return text;
}

function checkDeeply(value: unknown): void {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refused(`it holds ${value}, which JSON would turn into null`);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if ("toJSON" in value && typeof value.toJSON === "function") return;
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
    throw refused(`it holds a ${value.constructor.name}, which has no JSON`);
  for (const item of Object.values(value) as readonly unknown[]) {
    if (Array.isArray(value) && (item === undefined || typeof item === "function" || typeof item === "symbol"))
      throw refused("an item of its arrays is undefined, which JSON would turn into null");
    checkDeeply(item);
  }
}

function refused(reason: string): MillraceError {
  return new MillraceError(
    "E_VALUE_INVALID",
    `Cannot write a record as JSON: ${reason}; emit a value that JSON can hold`,
  );
}
