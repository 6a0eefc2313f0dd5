// Structured data of RFC 5424: `[exampleSDID@32473 iut="3" eventSource="App\"lication"][origin ip="192.0.2.1"]`.

import { closingQuote } from "../columns/is-escaped.ts";

const quoteMark = 0x22;
const openBracket = "[";
const closeBracket = 0x5d;

/**
 * End of the structured data that begins at `at`, or -1 when it does not close.
 *
 * @see RFC 5424, section 6.3.
 */
export function endOfStructuredData(line: string, at: number): number {
  let end = at;
  while (line.startsWith(openBracket, end)) {
    end = endOfElement(line, end + 1);
    if (end < 0) return -1;
  }
  return end === at ? -1 : end;
}

/** Behind the `]` that ends an element: one outside quotes; -1 when there is none, or nothing before it. */
function endOfElement(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit === closeBracket) return at > from ? at + 1 : -1;
    if (unit !== quoteMark) continue;
    at = closingQuote(line, at + 1);
    if (at < 0) return -1;
  }
  return -1;
}

const escaped = /\\(["\\\]])/gu;

/**
 * The value of a parameter of an element, without escapes; null when the data between `begin` and `end` has none. Of
 * several of one name it is the first.
 */
export function structuredValue(
  data: { readonly line: string; readonly begin: number; readonly end: number },
  id: string,
  name: string,
): string | null {
  const { line, begin, end } = data;
  for (let at = begin; at < end;) {
    const after = endOfElement(line, at + 1);
    if (after < 0) return null;
    if (line.startsWith(id, at + 1) && /[ \]]/u.test(line.charAt(at + 1 + id.length))) {
      const value = valueInElement(line.slice(at + 1 + id.length, after - 1), name);
      if (value !== null) return value;
    }
    at = after;
  }
  return null;
}

/** The value of a parameter among ` name="value" name="value"`. */
function valueInElement(parameters: string, name: string): string | null {
  for (let at = 0; at < parameters.length;) {
    const equals = parameters.indexOf('="', at);
    if (equals < 0) return null;
    const close = closingQuote(parameters, equals + 2);
    // Quotes that pair up in another way: a text in quotes that ends in `=`.
    if (close < 0) return null;
    if (parameters.slice(at, equals).trimStart() === name) {
      return parameters.slice(equals + 2, close).replace(escaped, "$1");
    }
    at = close + 1;
  }
  return null;
}
