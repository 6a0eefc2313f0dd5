// The escapes that servers write in logs, back to what was sent.

const named: ReadonlyMap<string, number> = new Map([
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
  ["b", 0x08],
  ["v", 0x0b],
  ["f", 0x0c],
  ["a", 0x07],
  ["e", 0x1b],
]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Undo the escapes of a log field: `\xHH` is one byte (several make one UTF-8 character; what is no UTF-8 becomes
 * U+FFFD), `\n` and its like a control character, `\"` and `\\` the character itself. Other backslashes stay.
 *
 * @see Apache HTTP Server, mod_log_config, "Format Notes"; nginx, log_format, `escape=default`.
 */
export function unescapeLogText(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      const point = text.codePointAt(at) ?? 0;
      bytes.push(...(point < 0x80 ? [point] : new TextEncoder().encode(String.fromCodePoint(point))));
      if (point > 0xffff) at++;
      continue;
    }
    const next = text[at + 1] ?? "";
    const hex = next === "x" ? /^[0-9a-fA-F]{2}/u.exec(text.slice(at + 2, at + 4)) : null;
    if (hex !== null) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 3;
    } else if (next === "\\" || next === '"') {
      bytes.push(next.charCodeAt(0));
      at += 1;
    } else {
      const control = named.get(next);
      bytes.push(control ?? 0x5c);
      if (control !== undefined) at += 1;
    }
  }
  return decoder.decode(Uint8Array.from(bytes));
}
