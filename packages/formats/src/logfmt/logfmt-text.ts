// The text of logfmt values: what quotes and escapes stand for, and back.

const escaped = /(?:\\x[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[\\"/bfnrtav]/gu;

const named: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["a", "\u0007"],
  ["v", "\v"],
]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const quoteMark = 0x22;

/**
 * The text of a value: `true` for a bare key, which has its end before its begin; without escapes when it stands in
 * quotes.
 */
export function logfmtText(line: string, begin: number, end: number): string {
  if (end < begin) return "true";
  const text = line.slice(begin, end);
  const quoted = begin > 0 && line.charCodeAt(begin - 1) === quoteMark;
  return quoted && text.includes("\\") ? unescapeLogfmt(text) : text;
}

/**
 * Undo the escapes of JSON and of Go: `\n`, `\"`, `\u00e4`, `\U0001f600`, and `\xHH`, which is one byte of UTF-8. Other
 * backslashes stay; half of a surrogate pair becomes U+FFFD.
 *
 * @see RFC 8259, section 7; Go, strconv.Quote.
 */
function unescapeLogfmt(text: string): string {
  return text.replace(escaped, unescapeOne).toWellFormed();
}

function unescapeOne(escape: string): string {
  const kind = escape.charAt(1);
  if (kind === "u") return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  if (kind === "U") {
    const point = Number.parseInt(escape.slice(2), 16);
    return point > 0x10_ffff ? "\uFFFD" : String.fromCodePoint(point);
  }
  if (kind !== "x") return named.get(kind) ?? kind;
  return decoder.decode(Uint8Array.from(escape.split("\\x").slice(1), (digits) => Number.parseInt(digits, 16)));
}

/** What a value without quotes cannot hold: blanks and control characters, `=`, a quote; backslashes only for plainness. */
// eslint-disable-next-line no-control-regex
const special = /[\u0000-\u0020="\\\u007F]/u;
// eslint-disable-next-line no-control-regex
const mustEscape = /[\u0000-\u001F"\\\u007F]/gu;

/** Write a text so that it is read back as it is: in quotes when it is empty or holds what else would end it. */
export function quoteLogfmt(text: string): string {
  if (text !== "" && !special.test(text)) return text;
  return `"${text.replace(mustEscape, escapeOne)}"`;
}

function escapeOne(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
