// Text that came from elsewhere, made safe for a terminal: control characters, escapes, bidi marks and lone surrogates
// are shown as code points.

import { quote } from "@millrace/core";

/** Escape what could move a cursor, hide text or break a line. Tabs become blanks. */
export function escapeText(text: string): string {
  return text.replace(/\t/g, " ").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, showCodePoint);
}

/** As {@link escapeText}, but lines stay lines. */
export function escapeLines(text: string): string {
  return text
    .split("\n")
    .map((line) => escapeText(line))
    .join("\n");
}

/** Quote a text in which blanks, or nothing at all, would not be seen. */
export function shownText(text: string): string {
  return text === "" || /\s/.test(text) ? quote(text) : text;
}

function showCodePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
