// The parts of a request line as a log has it: `GET /path HTTP/1.1`, between `begin` and `end` of a line of the log.

import { unescapeLogText } from "./unescape-log-text.ts";

/** The method, or an empty text when the client sent no request line. */
export function methodOf(line: string, begin: number, end: number): string {
  const methodEnd = line.indexOf(" ", begin);
  return methodEnd < 0 || methodEnd >= end ? "" : unescapeLogText(line.slice(begin, methodEnd));
}

/** The path with its query; all that the client sent when that is no request line; empty for `-`. */
export function pathOf(line: string, begin: number, end: number): string {
  const methodEnd = line.indexOf(" ", begin);
  if (methodEnd < 0 || methodEnd >= end) {
    const all = line.slice(begin, end);
    return all === "-" ? "" : unescapeLogText(all);
  }
  return unescapeLogText(line.slice(methodEnd + 1, protocolBegin(line, methodEnd, end) - 1));
}

/** Such as `HTTP/1.1`; null when the client named none, as with HTTP/0.9. */
export function protocolOf(line: string, begin: number, end: number): string | null {
  const methodEnd = line.indexOf(" ", begin);
  if (methodEnd < 0 || methodEnd >= end) return null;
  const at = protocolBegin(line, methodEnd, end);
  return at > end ? null : unescapeLogText(line.slice(at, end));
}

/** Begin of the protocol, or `end + 1`: paths may hold blanks, so it is the last word, and only when it looks like one. */
function protocolBegin(line: string, methodEnd: number, end: number): number {
  const last = line.lastIndexOf(" ", end - 1);
  return last > methodEnd && line.startsWith("HTTP/", last + 1) ? last + 1 : end + 1;
}
